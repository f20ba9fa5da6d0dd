internal import Drawing
internal import Experiments
internal import Networks

extension Workspace {
  /// Goes where a request's finding is shown, with the request's numbers.
  mutating func show(_ request: Request) {
    guard request.model == model?.digest, request.images == images?.digest else {
      return say("That belongs to a model or images that are not open now; open them with 1.", problem: true)
    }
    switch request.analysis {
    case .classify(let range):
      select(image: range.lowerBound)
      destination = .pick
    case .noise: destination = .pick
    case .perturb(let image):
      select(image: image)
      destination = .pick
    case .section(let section):
      select(image: section.image)
      take(section.learning)
      wantedDirection = section.direction
      destination = .section
    case .spectrum(let parameters, _):
      take(parameters)
      destination = .spectrum
    case .normals: destination = .fooling
    case .subspace(let subspace):
      take(radius: subspace.radius, seed: subspace.seed)
      if case .learnt(.curvature(let parameters, _)) = subspace.source { take(parameters) }
      destination = .fooling
    case .study(let study): destination = study.screen
    case .universal(let universal, _, _):
      take(radius: universal.radius, seed: universal.seed)
      if let parameters = universal.curvature { take(parameters) }
      destination = .fooling
    }
  }

  private mutating func take(_ learning: Learning?) {
    switch learning {
    case .universal(let universal, _, _)?: take(radius: universal.radius, seed: universal.seed)
    case .curvature(let parameters, _)?: take(parameters)
    case .normals?, nil: break
    }
  }

  private mutating func take(radius: Double, seed: UInt64) {
    parameters.isRadiusChosen = parameters.isRadiusChosen || radius != parameters.radius
    parameters.radius = radius
    parameters.seed = seed
  }

  private mutating func take(_ shared: SharedCurvature) {
    curvature = shared
    if case .secant(let step) = shared.product, Float(parameters.step) != step {
      parameters.chosenStep = Double(step)
    }
    parameters.seed = shared.seed
  }
}

extension StudyRequest {
  /// Where its finding is shown.
  fileprivate var screen: ScreenName {
    switch question {
    case .shape, .pointSpectrum, .scan: .spectrum
    case .flow, .diversity: .universal
    case .angles, .transfer: .transfer
    case .theorems: .theory
    }
  }
}
