internal import Drawing
internal import Experiments
internal import Tensors

/// Screen 5: perturbations for all images as pictures, what they make of images, and who becomes what.
struct UniversalScreen: Screen {
  static let name = ScreenName.universal

  /// What the gallery holds, in its order.
  static let gallery: [DirectionChoice] = [
    .universal, .curvature(0), .curvature(1), .curvature(2), .normals(0), .random(1),
  ]

  /// Which of the gallery is looked at.
  var selected = 0
  /// Whether the inner products stand where the flow of labels does.
  var showsMatrix = false
  /// The first perturbed image shown, counted from the first unseen one.
  var first = 0

  var direction: DirectionChoice { Self.gallery[selected] }

  /// Everything the screen shows, the quickest first.
  func requests(_ workspace: Workspace) -> [Request] {
    let flows = ([direction] + Self.gallery.filter { $0 != direction }).compactMap {
      workspace.flow($0)?.request
    }
    return learnt(workspace) + flows + [workspace.diversity?.request].compactMap { $0 }
  }

  /// What the directions of the gallery are learnt by, each once.
  private func learnt(_ workspace: Workspace) -> [Request] {
    var requests: [Request] = []
    for direction in Self.gallery {
      guard let request = workspace.learning(direction), !requests.contains(request) else { continue }
      requests.append(request)
    }
    return requests
  }

  func flow(_ direction: DirectionChoice, _ workspace: Workspace) -> Fooling.Outcome? {
    workspace.work.findings.known(workspace.flow(direction))
  }

  /// The vector, of any length; nil until it is learnt.
  func vector(_ direction: DirectionChoice, _ workspace: Workspace) -> [Float]? {
    let found = workspace.work.findings[workspace.learning(direction)]
    func entry(_ i: Int, of basis: Tensor?) -> [Float]? {
      basis.flatMap { i < $0.count ? Array($0.entryElements(i)) : nil }
    }
    switch direction {
    case .random(let seed):
      var generator = SeededGenerator(seed: seed)
      return generator.unitVector(workspace.subject.pixels)
    case .universal, .ascent, .even: return found?.of(UniversalFooling.self)?.perturbation.elements
    case .curvature(let i): return entry(i, of: found?.of(SharedCurvature.self)?.basis)
    case .normals(let i): return entry(i, of: found?.of(NormalSpectrum.self)?.basis)
    case .file, .image: return nil
    }
  }

  func wants(_ workspace: Workspace) -> [[Request]] {
    guard workspace.isRadiusSettled, workspace.subject.isSmall else { return [] }
    // Learnt for the section too; the flows follow by themselves, being quick.
    let isLearnt = learnt(workspace).allSatisfy { workspace.work.findings[$0] != nil }
    return isLearnt ? requests(workspace).map { [$0] } : []
  }

  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] {
    let names = ["uap", "sc", "sf"]
    return zip(names, learnt(workspace)).map { (name: $0, request: $1) }
      + Self.gallery.compactMap { direction in
        workspace.flow(direction).map {
          (name: "flow-" + direction.spelled.replacing(" ", with: ""), request: $0.request)
        }
      } + (workspace.diversity.map { [(name: "products", request: $0.request)] } ?? [])
  }

  func bindings(_ workspace: Workspace) -> [Binding] {
    guard workspace.subject.isReady, !workspace.subject.validation.isEmpty else { return [] }
    return Binding.work(requests(workspace), workspace, "Learn the perturbations and judge them") + [
      Binding(
        [.left, .character("h")], shown: "←→", label: "perturbation", .move(rows: 0, columns: -1),
        "Previous perturbation"),
      Binding([.right, .character("l")], .move(rows: 0, columns: 1), "Next perturbation"),
      Binding(
        [.up, .character("k")], shown: "↑↓", label: "images", .move(rows: -1, columns: 0), "Previous images"),
      Binding([.down, .character("j")], .move(rows: 1, columns: 0), "Next images"),
      Binding(
        [.tab], shown: "Tab", label: showsMatrix ? "flow" : "products", .focus(1),
        "Show the flow of labels or the inner products"),
      Binding(
        [.character("v")], shown: "v", label: "section", .enter, "Show the section along this perturbation"
      ),
      Binding(
        [.character("u")], shown: "u", label: workspace.ascentLabel, .ascent,
        "Turn gradient ascent for S_c on or off"),
      Binding(
        [.character("}")], shown: "{ }", label: "ξ", .radius(1), "Larger ξ, the norm of the perturbations"),
      Binding([.character("e")], shown: "e", label: "export", .export, "Export pictures and perturbations"),
    ]
  }

  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> Sequel {
    switch action {
    case .start: return Sequel(requests(workspace).flatMap { workspace.work.run($0, isAsked: true) })
    case .cancel: return Sequel(requests(workspace).flatMap { workspace.work.cancel($0) })
    case .move(let rows, let columns):
      selected = min(Self.gallery.count - 1, max(0, selected + columns))
      let step = max(1, grid(workspace).perLine)
      first = min(max(0, workspace.subject.validation.count - step), max(0, first + rows * step))
    case .focus: showsMatrix.toggle()
    case .enter: return .go(to: .section, along: direction)
    default: break
    }
    return []
  }

  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> Sequel {
    switch mouse.action {
    case .wheelUp: return perform(.move(rows: -1, columns: 0), &workspace)
    case .wheelDown: return perform(.move(rows: 1, columns: 0), &workspace)
    case .press where mouse.button == .left:
      let layout = UniversalLayout(area)
      let inside = Frame.interior(of: layout.gallery)
      if let hit = Self.gallery.indices.first(where: {
        layout.cell($0, in: inside).contains(row: mouse.row, column: mouse.column)
      }) {
        selected = hit
      }
    case .press, .drag, .release: break
    }
    return []
  }

  /// Where the perturbed images stand.
  func grid(_ workspace: Workspace) -> ThumbnailGrid {
    let body = workspace.layout.body
    let area = Rectangle(row: 0, column: 0, rows: body.rows, columns: body.columns)
    let inside = Frame.interior(of: UniversalLayout(area).images)
    return ThumbnailGrid(
      inside, count: workspace.subject.validation.count, selected: first, top: first, wanted: 6)
  }

  /// Unseen images in sight, by their indices in the set.
  func pictures(_ workspace: Workspace) -> Range<Int> {
    guard workspace.subject.isReady else { return 0..<0 }
    let visible = grid(workspace).visible
    let start = workspace.subject.validation.lowerBound
    return start + visible.lowerBound..<start + visible.upperBound
  }
}

/// Where the parts of the Universal screen stand.
struct UniversalLayout {
  let gallery: Rectangle
  let images: Rectangle
  let numbers: Rectangle

  init(_ area: Rectangle) {
    let share = area.rows >= 30 ? area.rows * 2 / 5 : area.rows / 2
    let (top, bottom) = area.split(top: max(min(7, area.rows), min(22, share)))
    gallery = top
    (images, numbers) = bottom.split(left: bottom.columns * 3 / 5)
  }

  func cell(_ i: Int, in inside: Rectangle) -> Rectangle {
    let width = inside.columns / UniversalScreen.gallery.count
    return Rectangle(
      row: inside.row, column: inside.column + i * width, rows: inside.rows, columns: max(0, width - 1))
  }
}
