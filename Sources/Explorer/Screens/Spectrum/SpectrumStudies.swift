internal import Drawing
internal import Experiments
internal import Networks

// What the third screen asks for.

extension Workspace {
  /// m of the curves and tables.
  static let dimensions = [1, 2, 5, 10, 20]

  /// K_S on a part of the unseen images, which tells its mean; the command line takes more.
  func shape(_ subspace: SubspaceChoice) -> Question<SubspaceShape>? {
    let basis = directions(subspace)
    var shape = SubspaceShape(
      basis: basis, dimensions: Self.dimensions, product: tellingCurvature.product)
    shape.seed = parameters.seed
    return ask(shape, selection(basis, judged: subject.validation.prefix(200)))
  }

  var pointSpectrum: Question<PointSpectrum>? {
    guard !subject.validation.isEmpty else { return nil }
    var spectrum = PointSpectrum(
      index: 0, method: .density, product: PointSpectrum.linear(tellingCurvature.product))
    spectrum.seed = parameters.seed
    return ask(spectrum, Selection(image: subject.image))
  }

  /// S_c's first direction against h in multiples of ξ, or against every target class where that is the recipe; the rates
  /// on some of the images that are learnt from tell which is best, the unseen ones judge it.
  var curvatureScan: Question<CurvatureScan>? {
    guard let model = subject.model else { return nil }
    let telling = tellingCurvature
    var one = SharedCurvature(
      recipe: telling.recipe, product: .secant(step: Float(parameters.step)),
      eigenvectors: CurvatureScan.usualEigenvectors)
    (one.points, one.seed) = (telling.points, telling.seed)
    let scan =
      if one.recipe.target != nil {
        CurvatureScan.targets(0..<model.classCount, of: one, radius: parameters.radius)
      } else {
        CurvatureScan.steps(
          CurvatureScan.usualSteps.map { $0 * parameters.radius }, of: one, radius: parameters.radius)
      }
    return ask(scan, Selection(subject.training.prefix(max(300, one.points)), validation: subject.validation))
  }

  /// Works on with what an entry of a scan took: its h, or its target class.
  mutating func take(_ entry: CurvatureScan.Entry) {
    if let target = entry.recipe.target {
      parameters.curvature.recipe = entry.recipe
      say("S_c now uses the authors' recipe, target \(subject.className(target)).")
    } else if let step = entry.step {
      parameters.chosenStep = step
      say("h is now \(Number.short(step)) px.")
    }
  }
}

// MARK: - In words

extension SharedCurvature: Study {
  static var screen: ScreenName { .spectrum }

  func title(_ selection: Selection) -> String { "S_c, recipe \(recipe)" }

  func numbers(_ selection: Selection) -> String {
    "Recipe \(recipe), \(selection.images.count) images, \(iterations) Lanczos steps, seed \(seed)."
  }

  func show(_ selection: Selection, in workspace: inout Workspace) -> Sequel {
    workspace.take(self)
    return .go(to: .spectrum)
  }
}

extension SubspaceShape: Study {
  static var screen: ScreenName { .spectrum }

  func title(_ selection: Selection) -> String {
    let basis = subspaces.basis
    return if case .random = basis { "K_S of a random subspace" } else { "K_S of \(basis.name)" }
  }
}

extension PointSpectrum: Study {
  static var screen: ScreenName { .spectrum }

  func title(_ selection: Selection) -> String { "curvatures at z of image \(selection.looked)" }

  func show(_ selection: Selection, in workspace: inout Workspace) -> Sequel {
    workspace.subject.select(image: selection.looked)
    return .go(to: .spectrum)
  }
}

extension CurvatureScan: Study {
  static var screen: ScreenName { .spectrum }

  func title(_ selection: Selection) -> String { isOverTargets ? "scan over target classes" : "scan over h" }
}
