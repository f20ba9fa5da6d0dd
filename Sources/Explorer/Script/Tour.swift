internal import Drawing

/// A walk through screens with something to read at each: a script by steps.
struct Tour: Sendable {
  var script: Script
  /// The step that is shown, from 0.
  var step: Int

  var count: Int { script.steps.count }

  /// The lines of the step.
  var lines: Range<Int> {
    let starts = script.steps + [script.lines.count]
    return starts[step]..<starts[step + 1]
  }

  var title: String {
    if case .step(let title) = script.lines[lines.lowerBound].instruction { title } else { "" }
  }

  /// The words in the title of the panel that it speaks of; nil where it names none.
  var target: String? {
    script.lines[lines].lazy.compactMap { if case .point(let title) = $0.instruction { title } else { nil } }
      .first
  }

  var text: String {
    script.lines[lines].compactMap { if case .say(let text) = $0.instruction { text } else { nil } }
      .joined(separator: "\n")
  }
}

/// What a tour says, below the screen that it is about.
struct Narration: Drawable, Sendable {
  var title: String
  var text: String
  /// The keys that go on, at length and shorter; the first that has room is shown.
  var notes: [String]

  /// Lines that it takes of a terminal of this size, its frame included; at most two fifths of it.
  func rows(_ size: Size, _ glyphs: Appearance.GlyphSet) -> Int {
    let lines = Text.wrapped(text, to: max(1, size.columns - 4), glyphs).count
    return size.rows < 16 ? min(lines + 1, size.rows / 3) : min(lines + 2, size.rows * 2 / 5)
  }

  func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds)
    let note = Frame.note(
      notes, beside: title, columns: canvas.size.columns, canvas.appearance.glyphs)
    let inside = canvas.frame(title, note: note, isActive: true, in: canvas.bounds)
    canvas.paragraph(text, in: inside.inset(left: 1))
  }
}

extension Workspace {
  /// How the terminal is divided now.
  var layout: Layout { layout(viewport.size) }

  func layout(_ size: Size) -> Layout {
    Layout(
      size, narration: narration?.rows(size, viewport.appearance.glyphs) ?? 0,
      heading: viewport.appearance.isPresented ? LectureHeading.rows(size) : 0)
  }
}

extension Explorer {
  mutating func begin(_ script: Script, at step: Int) {
    guard (try? script.checkTour()) != nil else { return }
    tour = Tour(script: script, step: min(max(0, step), script.steps.count - 1))
    tell()
  }

  /// Goes some steps on or back; past the last one the tour is over.
  mutating func moveTour(by steps: Int) -> [Command] {
    guard var now = tour else { return [] }
    let step = now.step + steps
    if step >= now.count { return endTour(isDone: true) }
    now.step = max(0, step)
    tour = now
    tell()
    return [.keepPlace(tour: now.script.name, step: now.step)]
  }

  mutating func endTour(isDone: Bool) -> [Command] {
    guard let ended = tour else { return [] }
    tour = nil
    playback = nil
    workspace.narration = nil
    workspace.say(isDone ? "The tour is over; everything stays as it is." : "The tour waits; : tour resumes.")
    return isDone ? [.keepPlace(tour: ended.script.name, step: 0)] : []
  }

  /// Shows the step's words at once, and does what it asks for as soon as that can be done.
  private mutating func tell() {
    guard let tour else { return }
    overlay = .none
    lecture.ahead = []
    workspace.narration = Narration(
      title: "\(tour.step + 1) of \(tour.count): \(tour.title)", text: tour.text,
      notes: ["Space next · Backspace back", "Space next", "Space"])
    playback = Playback(script: tour.script, next: tour.lines.lowerBound, end: tour.lines.upperBound)
  }
}
