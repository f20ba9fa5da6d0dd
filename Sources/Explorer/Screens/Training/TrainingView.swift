internal import Drawing
internal import Experiments

extension TrainingScreen {
  func draw(on canvas: inout Canvas, _ workspace: Workspace) {
    let all = checkpoints(workspace)
    guard workspace.subject.isReady, !all.isEmpty else {
      let inside = canvas.frame("training", in: canvas.bounds)
      canvas.paragraph(Self.invitation(workspace), in: inside.inset(by: 1), canvas.theme.muted)
      return
    }
    let place = place(workspace)
    let (main, slider) = canvas.bounds.split(top: canvas.size.rows - 1)
    canvas.draw(TrainingSlider(names: all.map(\.name), place: place, measured: measured(all)), in: slider)
    guard main.columns >= 60 else {
      canvas.with(main) { drawPlane(all[place], place, all.count, on: &$0, workspace) }
      return
    }
    let (left, right) = main.split(left: main.columns * 11 / 20)
    canvas.with(left) { drawPlane(all[place], place, all.count, on: &$0, workspace) }
    canvas.with(right) { drawStrips(all, place, on: &$0, workspace) }
  }

  private static func invitation(_ workspace: Workspace) -> String {
    guard workspace.subject.isReady else { return "Open a model and images first: 1 Pick." }
    return
      "No other checkpoint of this network is in its folder. Open one of a folder of checkpoints together with "
      + "the folder: boundaryscope --models FOLDER FOLDER/epoch_10.onnx; --watch FOLDER adds new ones while "
      + "a network trains."
  }

  private func measured(_ all: [ModelEntry]) -> [Bool] {
    all.map { frames[$0.path].map { $0.found[.accuracy] != nil && $0.found[.distance] != nil } ?? false }
  }

  private func drawPlane(
    _ entry: ModelEntry, _ place: Int, _ count: Int, on canvas: inout Canvas, _ workspace: Workspace
  ) {
    let inside = canvas.frame(
      entry.name, note: isOpen(entry, workspace) ? "open" : "in the plane of the open one", isActive: true,
      in: canvas.bounds)
    let frame = frames[entry.path]
    let plane = TrainingQuestions(of: nil, workspace).section?.request.ofAnyCheckpoint
    if let problem = frame?.obstacle ?? plane.flatMap({ frame?.failures[$0]?.reason }) {
      canvas.paragraph(problem, in: inside.inset(by: 1), canvas.theme.bad)
    } else if let map = heatmap(entry, workspace) {
      canvas.draw(map, in: inside)
    } else {
      let requests = questions(entry.path, workspace)?.section.map { [$0.request] } ?? []
      guard !requests.isEmpty else {
        canvas.paragraph(
          "Not computed yet; the newest comes first.", in: inside.inset(by: 1), canvas.theme.muted)
        return
      }
      canvas.waiting(for: requests, offering: "compute the plane.", in: inside, workspace)
    }
  }

  /// The plane as far as it is known, in the colours and names of the section.
  private func heatmap(_ entry: ModelEntry, _ workspace: Workspace) -> Heatmap? {
    let own = TrainingQuestions(of: nil, workspace).section?.request.ofAnyCheckpoint
    let kept = frames[entry.path]?.section
    let known = kept.flatMap { $0.question == own ? $0.outcome : nil }
    let outcome = known ?? workspace.work.findings.known(questions(entry.path, workspace)?.section)
    guard let outcome else { return nil }
    var map = Heatmap(outcome, classNames: workspace.subject.classNames, showsCircle: false, showsDisk: false)
    map?.horizontal = "s along random 1, px"
    map?.vertical = "t along r of the open model, px"
    return map
  }

  private func drawStrips(_ all: [ModelEntry], _ place: Int, on canvas: inout Canvas, _ workspace: Workspace)
  {
    // Six rows hold a curve; the last strips give way where there are fewer.
    let strips = TrainingStrip.allCases.prefix(max(1, canvas.size.rows / 6))
    for (i, strip) in strips.enumerated() {
      let (from, to) = (i * canvas.size.rows / strips.count, (i + 1) * canvas.size.rows / strips.count)
      let area = Rectangle(row: from, column: 0, rows: to - from, columns: canvas.size.columns)
      let inside = canvas.frame(title(strip, all[place], workspace), note: note(strip, workspace), in: area)
      if let plot = strip.plot(values(strip, all, workspace), cursor: place, by: .universal) {
        canvas.draw(plot, in: inside)
      } else {
        canvas.paragraph(
          absence(strip, all[place], workspace), in: inside.inset(by: 1), canvas.theme.muted)
      }
    }
  }

  /// Values for another ξ or another image than the present one are left out.
  private func values(
    _ strip: TrainingStrip, _ all: [ModelEntry], _ workspace: Workspace
  ) -> [TrainingValue?] {
    let present = TrainingQuestions(of: nil, workspace).request(strip)?.ofAnyCheckpoint
    return all.map { entry in
      frames[entry.path]?.found[strip].flatMap { $0.question == present ? $0.value : nil }
    }
  }

  /// The name with the value of the checkpoint that is looked at.
  private func title(_ strip: TrainingStrip, _ entry: ModelEntry, _ workspace: Workspace) -> String {
    guard let value = values(strip, [entry], workspace)[0] else { return strip.title }
    switch strip {
    case .accuracy, .fooling: return strip.title + " \(Number.percent(value.value))"
    case .distance: return strip.title + " \(Number.short(value.value)) px"
    case .curvature: return strip.title + " \(Number.short(value.lower)) to \(Number.short(value.upper))"
    }
  }

  private func note(_ strip: TrainingStrip, _ workspace: Workspace) -> String {
    let count = TrainingQuestions.images(workspace).count
    return strip == .fooling
      ? "\(count - count / 2) unseen" : strip == .curvature ? "1 image" : "\(count) images"
  }

  private func absence(_ strip: TrainingStrip, _ entry: ModelEntry, _ workspace: Workspace) -> String {
    let question = TrainingQuestions(of: nil, workspace).request(strip)?.ofAnyCheckpoint
    if let question, let failure = frames[entry.path]?.failures[question] { return failure.reason }
    return strip == .accuracy
      && frames.values.contains { $0.found[.accuracy].map { $0.value == nil } ?? false }
      ? "The true labels of these images are unknown." : "Not computed yet."
  }

  func figure(_ workspace: Workspace) -> FigureScene? {
    let all = checkpoints(workspace)
    return scene(at: place(workspace), through: nil, values(of: all, workspace), all, workspace)
  }

  /// Scenes of a film: more take long to draw and to watch.
  private static let mostScenes = 120

  /// One scene for each checkpoint whose plane is known, of many the newest and others evenly; the curves grow with them.
  func film(_ workspace: Workspace) -> [FigureScene] {
    let all = checkpoints(workspace)
    let values = values(of: all, workspace)
    let every = max(1, (all.count + Self.mostScenes - 1) / Self.mostScenes)
    return all.indices.filter { (all.count - 1 - $0) % every == 0 }.compactMap {
      scene(at: $0, through: $0, values, all, workspace)
    }
  }

  private func values(of all: [ModelEntry], _ workspace: Workspace) -> [TrainingStrip: [TrainingValue?]] {
    Dictionary(uniqueKeysWithValues: TrainingStrip.allCases.map { ($0, values($0, all, workspace)) })
  }

  private func scene(
    at place: Int, through end: Int?, _ values: [TrainingStrip: [TrainingValue?]], _ all: [ModelEntry],
    _ workspace: Workspace
  ) -> FigureScene? {
    guard all.indices.contains(place), let map = heatmap(all[place], workspace) else { return nil }
    let strips = TrainingStrip.allCases.compactMap { strip in
      strip.scene(values[strip] ?? [], through: end, note: note(strip, workspace), by: .universal)
        .map { (share: 1.0, scene: $0) }
    }
    return .columns([
      .titled(all[place].name, note: "\(place + 1) of \(all.count)", .one(map)), .rows(strips),
    ])
  }

  func definitions(_ workspace: Workspace) -> [Definition] {
    [
      Definition(
        "plane",
        "The plane through the image along r of the open model and one random direction, the same for every checkpoint: "
          + "the white line is where the checkpoint's label of the image changes."),
      Definition("accuracy", "Share of the first images labelled correctly."),
      Definition(
        "median ‖r‖", "Median over the same images of the shortest change that gives another label, px."),
      Definition(
        "labels one vector changes",
        "Share of the second half of these images whose label one vector of norm ξ changes, learnt from the "
          + "first half by the published algorithm (UAP): quick, and a lower bound; even and S_c often change "
          + "more."),
      Definition(
        "principal curvatures",
        "Of the checkpoint's boundary beside the image of the plane, 1/px: the line is the largest, the area reaches down to "
          + "the smallest. Above zero the boundary bends towards the image. 24 Lanczos steps from one random vector."
      ),
      Definition(
        "band",
        "The 95 % interval of a share (Wilson), or of the median over the images that were reached: what other "
          + "images could give."),
    ]
  }
}

/// The line at the foot: which checkpoint of how many, and which are measured.
struct TrainingSlider: Drawable {
  let names: [String]
  let place: Int
  let measured: [Bool]

  /// Columns before the track.
  private static let head = 12

  private static func track(_ columns: Int) -> Int { max(0, columns - head - 1) }

  /// The checkpoint under a column; nil beside the track.
  static func place(at column: Int, of count: Int, columns: Int) -> Int? {
    let track = track(columns)
    guard count > 1, track > 1, column >= head, column < head + track else { return nil }
    return Int((Double(column - head) / Double(track - 1) * Double(count - 1)).rounded())
  }

  func draw(on canvas: inout Canvas) {
    let theme = canvas.theme
    canvas.fill(canvas.bounds)
    canvas.put(" \(place + 1) of \(names.count)", row: 0, column: 0, theme.title, width: Self.head - 1)
    let track = Self.track(canvas.size.columns)
    guard track > 1, names.count > 1 else { return }
    let line = canvas.hasBlocks ? "─" : "-"
    canvas.put(String(repeating: line, count: track), row: 0, column: Self.head, theme.border)
    func column(_ i: Int) -> Int {
      Self.head + Int((Double(i) / Double(names.count - 1) * Double(track - 1)).rounded())
    }
    for i in names.indices {
      let sign = canvas.hasBlocks ? (measured[i] ? "●" : "·") : (measured[i] ? "o" : ".")
      canvas.put(sign, row: 0, column: column(i), measured[i] ? theme.good : theme.muted)
    }
    canvas.put(canvas.hasBlocks ? "◆" : "#", row: 0, column: column(place), theme.accent)
  }
}
