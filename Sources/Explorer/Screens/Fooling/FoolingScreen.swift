internal import Drawing
internal import Experiments

/// Screen 4: how many labels directions of the subspaces change, against the subspace's dimension.
struct FoolingScreen: Screen {
  static let name = ScreenName.fooling

  /// Which of the dimensions the table tells.
  var place = 0

  func curve(_ subspace: SubspaceChoice, _ workspace: Workspace) -> Question<SubspaceFooling>? {
    guard !workspace.subject.validation.isEmpty else { return nil }
    let basis = workspace.directions(subspace)
    let (radius, seed) = (workspace.parameters.radius, workspace.parameters.seed)
    return workspace.ask(
      SubspaceFooling(basis: basis, dimensions: Workspace.dimensions, radius: radius, seed: seed),
      workspace.selection(basis, judged: workspace.subject.validation))
  }

  /// The curve of S_c for each compared model, on its own boundary and labels.
  func compared(
    _ workspace: Workspace
  ) -> [(model: ComparedModel, question: Question<SubspaceFooling>)] {
    guard let question = curve(.shared, workspace) else { return [] }
    return workspace.comparedModels.map { ($0, workspace.ask(question, of: $0)) }
  }

  /// What is known of the open model is found for the compared ones too.
  func wants(_ workspace: Workspace) -> [[Request]] {
    guard workspace.work.findings[curve(.shared, workspace)] != nil else { return [] }
    return compared(workspace).map { [$0.question.request] }
  }

  /// One vector for all images, by a method.
  func vector(_ method: UniversalFooling.Method, _ workspace: Workspace) -> Question<UniversalFooling>? {
    guard !workspace.subject.validation.isEmpty else { return nil }
    var universal = workspace.universal(method)
    var training = workspace.subject.training
    if method == .curvature {
      universal.curvature = workspace.tellingCurvature
      training = workspace.curvatureImages
    }
    return workspace.ask(universal, Selection(training, validation: workspace.subject.validation))
  }

  /// Everything the screen shows, the quickest first.
  func requests(_ workspace: Workspace) -> [Request] {
    let vectors: [UniversalFooling.Method] = [.random, .curvature, .normals, .uap, .even]
    return vectors.compactMap { vector($0, workspace)?.request }
      + SubspaceChoice.allCases.compactMap { curve($0, workspace)?.request }
  }

  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] {
    SubspaceChoice.allCases.compactMap { subspace in
      curve(subspace, workspace).map { (name: subspace.name, request: $0.request) }
    }
      + UniversalFooling.Method.allCases.compactMap { method in
        vector(method, workspace).map { (name: method.rawValue, request: $0.request) }
      } + compared(workspace).map { (name: "S_c-\($0.model.name)", request: $0.question.request) }
  }

  func bindings(_ workspace: Workspace) -> [Binding] {
    guard workspace.subject.isReady, !workspace.subject.validation.isEmpty else { return [] }
    return Binding.work(requests(workspace), workspace, "Compute all curves with these settings") + [
      Binding(
        [.left, .character("h")], shown: "←→", label: "dimension m", .move(rows: 0, columns: -1),
        "Smaller m in the table"),
      Binding([.right, .character("l")], .move(rows: 0, columns: 1), "Larger m in the table"),
      Binding(
        [.character("}")], shown: "{ }", label: "ξ", .radius(1), "Larger ξ, the norm of the perturbations"),
      Binding(
        [.character("u")], shown: "u", label: workspace.ascentLabel, .ascent,
        "Turn gradient ascent for S_c on or off"),
      Binding(
        [.character("]")], shown: "[ ]", label: "h", .step(1), "Larger h, the scale of the secant behind S_c"),
      Binding([.character("e")], shown: "e", label: "export", .export, "Export pictures, curves and table"),
    ]
  }

  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> Sequel {
    switch action {
    case .start: return Sequel(requests(workspace).flatMap { workspace.work.run($0, isAsked: true) })
    case .cancel: return Sequel(requests(workspace).flatMap { workspace.work.cancel($0) })
    case .move(_, let columns): place = min(Workspace.dimensions.count - 1, max(0, place + columns))
    default: break
    }
    return []
  }

  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> Sequel {
    switch mouse.action {
    case .wheelUp: return perform(.move(rows: 0, columns: -1), &workspace)
    case .wheelDown: return perform(.move(rows: 0, columns: 1), &workspace)
    case .press, .drag, .release: return []
    }
  }
}
