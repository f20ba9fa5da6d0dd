internal import Drawing
internal import Experiments
internal import Networks

/// Screen 3: the largest eigenvalues of the averaged curvature while they converge, and the eigenvectors as pictures.
struct SpectrumScreen: Screen {
  static let name = ScreenName.spectrum

  /// Which eigenvector is looked at, from 0.
  var selected = 0
  /// Where the line stands that reads the other plots: which of the dimensions, which value of the density.
  var place = 0
  /// Which plot stands in front.
  var plot = Plot.eigenvalues

  mutating func subjectChanged() { selected = 0 }

  func question(_ workspace: Workspace) -> Question<SharedCurvature>? {
    workspace.ask(workspace.parameters.sharedCurvature, Selection(workspace.curvatureImages))
  }

  func request(_ workspace: Workspace) -> Request? { question(workspace)?.request }

  func outcome(_ workspace: Workspace) -> SharedCurvature.Outcome? {
    workspace.work.findings.known(question(workspace))
  }

  /// The same of the compared models.
  func compared(
    _ workspace: Workspace
  ) -> [(model: ComparedModel, question: Question<SharedCurvature>)] {
    guard let question = question(workspace) else { return [] }
    return workspace.comparedModels.map { ($0, workspace.ask(question, of: $0)) }
  }

  /// What is known of the open model is found for the compared ones too.
  func wants(_ workspace: Workspace) -> [[Request]] {
    guard plot == .eigenvalues, workspace.work.findings[question(workspace)] != nil else { return [] }
    return compared(workspace).map { [$0.question.request] }
  }

  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] {
    switch plot {
    case .eigenvalues:
      (request(workspace).map { [(name: "curvature", request: $0)] } ?? [])
        + compared(workspace).map { (name: "curvature-\($0.model.name)", request: $0.question.request) }
    case .shape:
      SubspaceChoice.allCases.compactMap { subspace in
        workspace.shape(subspace).map { (name: "shape-\(subspace.name)", request: $0.request) }
      }
    case .density: workspace.pointSpectrum.map { [(name: "density", request: $0.request)] } ?? []
    case .scan: workspace.curvatureScan.map { [(name: "scan", request: $0.request)] } ?? []
    case .frequencies: workspace.fourier.map { [(name: "fourier", request: $0.request)] } ?? []
    case .bands: workspace.bandMargins.map { [(name: "bands", request: $0.request)] } ?? []
    case .noise: workspace.certificate.map { [(name: "certificate", request: $0.request)] } ?? []
    }
  }

  func bindings(_ workspace: Workspace) -> [Binding] {
    guard workspace.subject.isReady, let request = request(workspace) else { return [] }
    var all = [
      Binding(
        [.character("b")], shown: "b", label: "plot", .plot(1),
        "Next plot: eigenvalues, K_S against m, density of the curvatures at z, scan over h, Fourier map, "
          + "frequency bands, noise")
    ]
    if plot != .eigenvalues {
      all += Binding.work(requests(workspace), workspace, "Compute this plot with these settings")
    } else if workspace.work.isPending(request) {
      all.append(
        Binding([.character("x")], shown: "x", label: "cancel", .cancel, "Cancel the Lanczos iteration"))
    } else if workspace.work.findings[request] == nil, !workspace.isExactEmpty {
      all.append(
        Binding(
          [.enter, .character("s")], shown: "Enter", label: "start", .start,
          "Start the Lanczos iteration with these settings"))
    }
    if plot == .scan, workspace.work.findings[workspace.curvatureScan] != nil {
      all.append(
        Binding(
          [.enter], shown: "Enter", label: "use", .enter,
          "Use the h or the target class of this row"))
    }
    if plot != .eigenvalues, places(workspace) > 0 {
      let what =
        switch plot {
        case .shape: "dimension m"
        case .scan: "row"
        case .bands: "band"
        case .noise: "image"
        default: "curvature"
        }
      all += [
        Binding(
          [.left, .character("h")], shown: "←→", label: what, .move(rows: 0, columns: -1),
          "Move the plot cursor left"),
        Binding([.right, .character("l")], .move(rows: 0, columns: 1), "Move the plot cursor right"),
      ]
    }
    if outcome(workspace) != nil {
      let isAlone = plot == .eigenvalues
      all += [
        Binding(
          isAlone ? [.left, .character("h")] : [.up, .character("k")], shown: isAlone ? "←→" : "↑↓",
          label: "eigenvector",
          .eigenvector(-1), "Previous eigenvector"),
        Binding(
          isAlone ? [.right, .character("l")] : [.down, .character("j")], .eigenvector(1), "Next eigenvector"
        ),
        Binding([.home], .first, "First eigenvector"),
        Binding([.end], .last, "Last eigenvector"),
      ]
    }
    return all + settings(workspace) + [
      Binding(
        [.character("e")], shown: "e", label: "export", .export,
        "Export pictures, eigenvalues and eigenvectors")
    ]
  }

  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> Sequel {
    switch action {
    case .start:
      guard plot != .eigenvalues || !workspace.isExactEmpty else { return [] }
      return Sequel(requests(workspace).flatMap { workspace.work.run($0, isAsked: true) })
    case .cancel: return Sequel(requests(workspace).flatMap { workspace.work.cancel($0) })
    case .plot(let steps):
      let count = Plot.allCases.count
      plot = Plot(rawValue: ((plot.rawValue + steps) % count + count) % count) ?? .eigenvalues
      place = 0
    case .move(_, let columns):
      let count = places(workspace)
      place = min(max(0, count - 1), max(0, place + columns * max(1, count / 60)))
    case .enter: scan(workspace).map { workspace.take($0.entries[min(place, $0.entries.count - 1)]) }
    case .eigenvector(let steps): select(selected + steps, workspace)
    case .first: select(0, workspace)
    case .last: select(.max, workspace)
    case .product(let steps): workspace.parameters.nextProduct(steps)
    case .recipe(let steps): workspace.nextRecipe(steps)
    case .points(let steps): workspace.parameters.changePoints(steps)
    default: break
    }
    return []
  }

  private mutating func select(_ index: Int, _ workspace: Workspace) {
    selected = min(max(0, index), max(0, (outcome(workspace)?.eigenvalues.count ?? 1) - 1))
  }

  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> Sequel {
    switch mouse.action {
    case .wheelUp: select(selected - 1, workspace)
    case .wheelDown: select(selected + 1, workspace)
    case .press, .drag, .release: break
    }
    return []
  }
}

extension Workspace {
  /// Whether exact products are chosen for a network on which they vanish: never shown as a finding.
  var isExactEmpty: Bool {
    parameters.curvature.product == .exact && subject.model?.entry.smoothness == .piecewiseLinear
  }

  /// The recipe of S_c for screens that need one that tells something: secants where exact products vanish.
  var tellingCurvature: SharedCurvature {
    guard isExactEmpty else { return parameters.sharedCurvature }
    var shared = parameters.sharedCurvature
    shared.product = .secant(step: Float(parameters.step))
    shared.ascent = parameters.curvature.ascent
    return shared
  }

  /// Steps of an ascent: further ones move its end by less than other images move the rates.
  private static var ascentSteps: Int { 20 }

  mutating func toggleAscent() {
    if parameters.curvature.ascent > 0 {
      parameters.curvature.ascent = 0
      say("S_c is the top of the averaged curvature again, without ascent.")
    } else if case .secant = tellingCurvature.product {
      parameters.curvature.ascent = Self.ascentSteps
      let (steps, starts) = (parameters.curvature.ascent, parameters.curvature.starts)
      say("S_c ascends: \(steps) gradient steps from each of its first \(starts) vectors.")
    } else {
      say("Ascent looks h to either side, as secants do: choose secant products with d on 3.", problem: true)
    }
  }

  /// What the key line calls the switch.
  var ascentLabel: String { parameters.curvature.ascent > 0 ? "no ascent" : "ascent" }

  mutating func nextRecipe(_ steps: Int) {
    let target = perturbation(of: subject.image)?.to ?? 0
    switch parameters.curvature.recipe {
    case .region: parameters.curvature.recipe = steps > 0 ? .paper : .authors(target: target)
    case .paper: parameters.curvature.recipe = steps > 0 ? .authors(target: target) : .region
    case .authors: parameters.curvature.recipe = steps > 0 ? .region : .paper
    }
  }
}

extension Parameters {
  /// β of softened copies: sharp enough that LeNet's logits move by about a hundredth.
  static var sharpness: Float { 50 }

  mutating func nextProduct(_ steps: Int) {
    let round: [HessianProduct] = [
      .secant(step: Float(step)), .softened(beta: Self.sharpness), .exact,
    ]
    let now: Int =
      switch curvature.product {
      case .secant: 0
      case .softened: 1
      case .exact: 2
      }
    curvature.product = round[((now + steps) % 3 + 3) % 3]
  }

  mutating func changePoints(_ steps: Int) {
    let ladder = [10, 20, 50, 100, 200, 500, 1000]
    let now = ladder.lastIndex { $0 <= curvature.points } ?? 0
    curvature.points = ladder[min(ladder.count - 1, max(0, now + steps))]
  }
}
