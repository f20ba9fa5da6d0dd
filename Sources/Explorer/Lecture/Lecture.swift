public import Drawing

/// What a lecture adds to the screens: a heading to be read from afar, a clock, and what is worked out ahead.
struct Lecture: Sendable {
  /// Seconds since it began.
  var seconds = 0.0
  /// What the next step of the tour will ask for, worked out while somebody speaks.
  var ahead: [Request] = []

  /// Minutes and seconds, such as `7:05`.
  var clock: String {
    let whole = Int(min(seconds, 359_999))
    let rest = whole % 60
    return "\(whole / 60):\(rest < 10 ? "0" : "")\(rest)"
  }
}

/// The screen's name in large letters, and the clock.
struct LectureHeading: Drawable {
  let title: String
  let clock: String

  /// Rows that it takes of a terminal of this size; none where the picture needs them.
  static func rows(_ size: Size) -> Int { size.rows >= 30 && size.columns >= 80 ? LargeText.rows + 1 : 0 }

  func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds)
    let rows = Rectangle(row: 0, column: 1, rows: LargeText.rows, columns: canvas.size.columns - 2)
    canvas.with(rows) { part in
      LargeText(title, part.theme.accent).draw(on: &part)
      LargeText(clock, part.theme.muted, alignment: .trailing).draw(on: &part)
    }
  }
}

// A tour before an audience.
extension Explorer {
  /// What an audience sees at a size of its own: everything but the words that stay with the lecturer; what is computed, and
  /// how finely, stays the lecturer's.
  public func audienceView(_ size: Size, withNotes: Bool) -> Canvas {
    var copy = self
    if !withNotes { copy.workspace.narration = nil }
    return copy.view(size)
  }

  /// Asks for what the next step will show, once this one is settled: a copy of the explorer goes there, and what it asks
  /// for of the same model and images is asked for now.
  mutating func workAhead() -> [Command] {
    guard let tour, !isPlaying, tour.step + 1 < tour.count, isSettled else { return [] }
    var next = self
    next.tour?.step += 1
    guard let lines = next.tour?.lines else { return [] }
    next.tour = nil
    next.playback = Playback(script: tour.script, next: lines.lowerBound, end: lines.upperBound)
    let requests = next.advancePlayback().compactMap { command -> Request? in
      guard case .run(let request) = command, request.model == workspace.subject.model?.digest,
        request.images == workspace.subject.images?.digest, workspace.work.findings[request] == nil
      else { return nil }
      return request
    }
    guard !requests.isEmpty else { return [] }
    lecture.ahead = requests
    return requests.flatMap { workspace.work.run($0, isAsked: false) }
  }

  /// Draws the frame whose title holds what the tour points at in strong colours.
  func point(at title: String, on canvas: inout Canvas, in area: Rectangle) {
    guard let frame = canvas.frame(titled: title, in: area) else { return }
    let look = canvas.theme.warning
    func mark(_ row: Int, _ column: Int) {
      canvas[row, column].foreground = look.foreground
      canvas[row, column].style.insert(.bold)
      canvas[row, column].tile = nil
    }
    for column in frame.column..<frame.column + frame.columns {
      mark(frame.row, column)
      mark(frame.row + frame.rows - 1, column)
    }
    for row in frame.row..<frame.row + frame.rows {
      mark(row, frame.column)
      mark(row, frame.column + frame.columns - 1)
    }
    let arrow = canvas.hasBlocks ? "▶" : ">"
    canvas.put(arrow, row: frame.row, column: frame.column, look.with(.reverse), width: 1)
  }
}

extension Canvas {
  /// Gives every cell colours of its own, so that the picture is light or dark whatever the terminal is.
  mutating func paint() {
    guard appearance.colors > .none else { return }
    let isDark = appearance.background == .dark
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        self[row, column].background = self[row, column].background ?? (isDark ? .black : .white)
        self[row, column].foreground = self[row, column].foreground ?? (isDark ? .white : .black)
      }
    }
  }

  /// The frame in whose upper edge some words stand, as it was drawn; nil where there is none.
  func frame(titled words: String, in area: Rectangle) -> Rectangle? {
    let wanted = Text.glyphs(words, appearance.glyphs).map(\.scalar)
    guard !wanted.isEmpty else { return nil }
    for row in area.row..<area.row + area.rows {
      for column in area.column..<max(area.column, area.column + area.columns - wanted.count)
      where wanted.indices.allSatisfy({ self[row, column + $0].glyph == wanted[$0] }) {
        if let frame = frame(around: row, column) { return frame }
      }
    }
    return nil
  }

  private func frame(around row: Int, _ column: Int) -> Rectangle? {
    let corners: [Unicode.Scalar] = hasBlocks ? ["┌", "┐", "└"] : ["+", "+", "+"]
    guard
      let left = stride(from: column, through: 0, by: -1).first(where: { self[row, $0].glyph == corners[0] }),
      let right = (column..<size.columns).first(where: { self[row, $0].glyph == corners[1] }),
      let bottom = (row + 1..<max(row + 1, size.rows)).first(where: { self[$0, left].glyph == corners[2] })
    else { return nil }
    return Rectangle(row: row, column: left, rows: bottom - row + 1, columns: right - left + 1)
  }
}
