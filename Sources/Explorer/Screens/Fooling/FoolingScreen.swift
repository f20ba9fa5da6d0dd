internal import Drawing
internal import Experiments

/// Screen 4: how many labels directions of the subspaces change, against the subspace's dimension.
struct FoolingScreen: Screen {
  static let name = ScreenName.fooling

  /// m: as the paper's figure 7b spreads them.
  static let dimensions = [1, 2, 5, 10, 20]

  /// Which of ``dimensions`` the table tells.
  var place = 0

  /// The subspaces that curves are drawn of, in the order of the legend.
  enum Curve: CaseIterable, Sendable {
    case shared, normals, random

    var name: String {
      switch self {
      case .shared: "S_c"
      case .normals: "S_f"
      case .random: "random"
      }
    }
  }

  func request(_ curve: Curve, _ workspace: Workspace) -> Request? {
    analysis(curve, workspace).flatMap { workspace.request($0) }
  }

  /// The curve of S_c for each compared model, on its own boundary and labels.
  func compared(_ workspace: Workspace) -> [(model: ComparedModel, request: Request)] {
    guard let analysis = analysis(.shared, workspace) else { return [] }
    return workspace.comparedModels.map { ($0, workspace.request(analysis, of: $0)) }
  }

  /// What is known of the open model is found for the compared ones too.
  func wants(_ workspace: Workspace) -> [Request] {
    guard workspace.findings[request(.shared, workspace)] != nil else { return [] }
    return compared(workspace).map(\.request)
  }

  private func analysis(_ curve: Curve, _ workspace: Workspace) -> Analysis? {
    guard !workspace.validation.isEmpty else { return nil }
    let source: SubspaceRequest.Source =
      switch curve {
      case .shared: .learnt(.curvature(workspace.tellingCurvature, images: workspace.curvatureImages))
      case .normals: .learnt(.normals(NormalSpectrum(), images: workspace.training))
      case .random: .random(seed: workspace.parameters.seed)
      }
    return .subspace(
      SubspaceRequest(
        source: source, dimensions: Self.dimensions, radius: workspace.parameters.radius, draws: 20,
        validation: workspace.validation, seed: workspace.parameters.seed))
  }

  func request(_ method: UniversalFooling.Method, _ workspace: Workspace) -> Request? {
    guard !workspace.validation.isEmpty else { return nil }
    var parameters = workspace.universal
    parameters.method = method
    var training = workspace.training
    if method == .curvature {
      parameters.curvature = workspace.tellingCurvature
      training = workspace.curvatureImages
    }
    return workspace.request(
      .universal(parameters, training: training, validation: workspace.validation))
  }

  /// Everything the screen shows, the quickest first.
  func requests(_ workspace: Workspace) -> [Request] {
    let vectors: [UniversalFooling.Method] = [.random, .curvature, .normals, .uap]
    return (vectors.map { request($0, workspace) } + Curve.allCases.map { request($0, workspace) })
      .compactMap { $0 }
  }

  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] {
    Curve.allCases.compactMap { curve in request(curve, workspace).map { (name: curve.name, request: $0) } }
      + UniversalFooling.Method.allCases.compactMap { method in
        request(method, workspace).map { (name: method.rawValue, request: $0) }
      } + compared(workspace).map { (name: "S_c-\($0.model.name)", request: $0.request) }
  }

  func bindings(_ workspace: Workspace) -> [Binding] {
    guard workspace.isReady, !workspace.validation.isEmpty else { return [] }
    let requests = requests(workspace)
    var all: [Binding] = []
    if requests.contains(where: { workspace.findings[$0] == nil && !workspace.isPending($0) }) {
      all.append(
        Binding([.enter, .character("s")], "Enter", "start", .start, "Compute all curves with these numbers"))
    }
    if requests.contains(where: workspace.isPending) {
      all.append(Binding([.character("x")], "x", "cancel", .cancel, "Cancel what runs for this picture"))
    }
    return all + [
      Binding(
        [.left, .character("h")], "←→", "dimension m", .move(rows: 0, columns: -1), "Smaller m in the table"),
      Binding([.right, .character("l")], .move(rows: 0, columns: 1), "Larger m in the table"),
      Binding([.character("}")], "{ }", "ξ", .radius(1), "Larger ξ, the norm of the perturbations"),
      Binding(
        [.character("u")], "u", workspace.ascentLabel, .ascent, "Let S_c climb on by gradient ascent, or not"),
      Binding([.character("]")], "[ ]", "h", .step(1), "Larger h, the scale of the secant behind S_c"),
      Binding([.character("e")], "e", "export", .export, "Export pictures, curves and table"),
    ]
  }

  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> [Command] {
    switch action {
    case .start: return requests(workspace).flatMap { workspace.run($0, isAsked: true) }
    case .cancel: return requests(workspace).flatMap { workspace.cancel($0) }
    case .move(_, let columns): place = min(Self.dimensions.count - 1, max(0, place + columns))
    default: break
    }
    return []
  }

  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> [Command] {
    switch mouse.action {
    case .wheelUp: return perform(.move(rows: 0, columns: -1), &workspace)
    case .wheelDown: return perform(.move(rows: 0, columns: 1), &workspace)
    case .press, .drag, .release: return []
    }
  }
}
