internal import Drawing
internal import Experiments
internal import Networks

/// Screen 2: two sections through the image beside each other, along r and two directions, on one scale.
struct SectionScreen: Screen {
  static let name = ScreenName.section

  enum Side: Sendable, CaseIterable { case left, right }

  var left = DirectionChoice.universal
  var right = DirectionChoice.random(1)
  var focus = Side.left
  var mode = Heatmap.Mode.labels
  var showsCircle = true
  var showsDisk = false
  /// Whether many images are shown at once.
  var showsSheet = false
  /// Doublings of the scale that suits the image.
  var zoom = 0
  /// Cells by which the picture stands beside z, to the right and upwards.
  var shift = SectionMap.Shift(columns: 0, rows: 0)
  /// Path of the model on the right, seen in the plane of the open one; nil shows the open one along two directions.
  var comparedWith: String?
  /// Whether the universal direction is the one that a dear network has time for.
  var takesShortWay = false
  /// Whether that is still to be found out of the open model.
  var wayIsOpen = true
  /// Where the engine knows the person to look.
  var attention: PlanePoint?
  /// Where the linked cursor is, as Drawing counts: s along the direction, t along r; nil is the boundary point z.
  var chosenCursor: PlanePoint?

  func direction(_ side: Side) -> DirectionChoice { side == .left || comparedWith != nil ? left : right }

  mutating func subjectChanged() {
    zoom = 0
    wayIsOpen = true
    shift = SectionMap.Shift(columns: 0, rows: 0)
    chosenCursor = nil
  }

  /// Shows a direction on the left, unless a side shows it already.
  mutating func show(_ direction: DirectionChoice) {
    if left != direction, right != direction { left = direction }
  }

  func bindings(_ workspace: Workspace) -> [Binding] {
    guard workspace.subject.isReady else { return [] }
    var all = [
      Binding([.character("v")], shown: "v/V", label: "directions", .left(1), "Next direction on the left"),
      Binding([.character("V")], .right(1), "Next direction on the right"),
      Binding(
        [.character("c")], shown: "c", label: mode == .labels ? "margin" : "classes", .toggleMode,
        "Show classes or the signed margin"),
      Binding([.character("+"), .character("=")], shown: "+/-", label: "zoom", .zoom(1), "Zoom in"),
      Binding([.character("-"), .character("_")], .zoom(-1), "Zoom out"),
    ]
    all.append(
      Binding(
        [.character("a")], shown: "a", label: showsSheet ? "one image" : "all images", .toggleSheet,
        "Show the sections of many images at once, or of one"))
    all += Binding.arrows(showsSheet ? "image" : "cursor", showsSheet ? "Choose an image" : "Move the cursor")
    all += view(workspace) + others
    if !failed(workspace).isEmpty {
      all.insert(
        Binding(
          [.enter], shown: "Enter", label: "retry", .start, "Retry what failed or was cancelled"),
        at: 0)
    }
    return all
  }

  private func view(_ workspace: Workspace) -> [Binding] {
    [
      Binding(
        [.character("H")], shown: "HJKL", label: "pan", .pan(rows: 0, columns: -1),
        "Move the picture to the left"),
      Binding([.character("L")], .pan(rows: 0, columns: 1), "Move the picture to the right"),
      Binding([.character("K")], .pan(rows: -1, columns: 0), "Move the picture up"),
      Binding([.character("J")], .pan(rows: 1, columns: 0), "Move the picture down"),
      Binding(
        [.character("C")], shown: "C",
        label: nextCompared(workspace) == nil && comparedWith != nil ? "one model" : "compare",
        .compareNext, "Show another model in the same plane on the right, or one model along two directions"),
    ]
  }

  private var others: [Binding] {
    [
      Binding([.character("]")], shown: "[ ]", label: "h", .step(1), "Larger h, the scale of the secant"),
      Binding(
        [.character("}")], shown: "{ }", label: "ξ", .radius(1),
        "Larger ξ, the norm of the universal perturbation"),
      Binding([.character("n")], shown: "n/p", label: "image", .image(1), "Next image"),
      Binding(
        [.character("o")], shown: "o", label: "circle", .toggleCircle,
        "Show or hide the osculating circle at z"),
      Binding(
        [.character("d")], shown: "d", label: "disc", .toggleDisk, "Show or hide the disc of Theorem 2"),
      Binding([.character("r")], shown: "r", label: "new random", .reseed, "New random direction"),
      Binding(
        [.character("e")], shown: "e", label: "export", .export, "Export pictures and numbers"),
      Binding([.character("z"), .home], .cursorToBoundary, "Put the cursor on z, the boundary point"),
      Binding([.end], .cursorToImage, "Put the cursor on x, the image"),
      Binding(
        [.tab, .backTab], .focus(1), "Switch to the other panel; small terminals show one"),
      Binding([], .askLeft, "Set the left direction, also from a file"),
      Binding([], .askRight, "Set the right direction, also from a file"),
    ]
  }

  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> Sequel {
    switch action {
    case .left(let steps): left = next(left, steps, workspace)
    case .right(let steps): right = next(right, steps, workspace)
    case .askLeft: return .ask(Prompt(.leftDirection))
    case .askRight: return .ask(Prompt(.rightDirection))
    case .toggleSheet: showsSheet.toggle()
    case .move(let rows, let columns) where showsSheet:
      workspace.subject.select(
        image: workspace.subject.image + rows * SheetLayout(workspace.layout.body.size).perLine + columns)
    case .toggleMode: mode = mode == .labels ? .margin : .labels
    case .toggleCircle: showsCircle.toggle()
    case .toggleDisk: showsDisk.toggle()
    case .zoom(let steps): zoom(by: steps)
    case .pan(let rows, let columns): pan(rows: rows, columns: columns, workspace)
    case .compareNext: return compareNext(workspace)
    case .move(let rows, let columns): move(rows: rows, columns: columns, workspace)
    case .cursorToBoundary:
      chosenCursor = nil
      shift = SectionMap.Shift(columns: 0, rows: 0)
    case .cursorToImage: chosenCursor = PlanePoint(s: 0, t: 0)
    case .focus: focus = focus == .left ? .right : .left
    case .reseed: reseed()
    case .start: return Sequel(failed(workspace).flatMap { workspace.work.run($0, isAsked: true) })
    default: break
    }
    return []
  }

  mutating func answer(_ text: String, to prompt: Prompt.Kind, _ workspace: inout Workspace) -> Sequel {
    guard let direction = DirectionChoice(text.trimmed, images: workspace.subject.count) else {
      workspace.say(
        "“\(text)” is not a direction; try uap, sc 1, sf 1, random 7, image 3, a .npy or a .mat file.",
        problem: true)
      return []
    }
    // A file that is named again is read again.
    if case .file(let path) = direction { workspace.arrays[path] = nil }
    if prompt == .leftDirection { left = direction } else { right = direction }
    return []
  }

  /// The next direction in the round; those that nobody chose by hand.
  private func next(
    _ direction: DirectionChoice, _ steps: Int, _ workspace: Workspace
  ) -> DirectionChoice {
    var round: [DirectionChoice] = [
      .universal, .curvature(0), .curvature(1), .curvature(2), .normals(0), .random(1),
    ]
    if takesShortWay { round.append(.ascent) }
    if let other = otherImage(workspace) { round.append(.image(other)) }
    if case .random = direction { round[5] = direction }
    let at = round.firstIndex(of: direction) ?? -1
    return round[((at + steps) % round.count + round.count) % round.count]
  }

  /// The next image of the set that has another label, else simply the next one.
  private func otherImage(_ workspace: Workspace) -> Int? {
    guard workspace.subject.count > 1 else { return nil }
    let label = workspace.label(of: workspace.subject.image)?.label
    let others = (1..<min(33, workspace.subject.count)).map {
      (workspace.subject.image + $0) % workspace.subject.count
    }
    return others.first { other in workspace.label(of: other).map { $0.label != label } ?? false }
      ?? others.first
  }

  private mutating func reseed() {
    func again(_ direction: inout DirectionChoice) -> Bool {
      guard case .random(let seed) = direction else { return false }
      direction = .random(seed &+ 1)
      return true
    }
    let leftChanged = again(&left)
    let rightChanged = again(&right)
    if !leftChanged, !rightChanged { right = .random(1) }
  }
}
