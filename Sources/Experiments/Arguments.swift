internal import Foundation
internal import Geometry
internal import Networks

// The commands that ask what the experiments ask, with the options that say it; what is left out is the usual.

extension Prediction {
  public var arguments: [String]? { ["predict"] + (includesLogits ? ["--logits"] : []) }
}

extension Robustness {
  public var arguments: [String]? {
    guard settings == DeepFool.Settings() else { return nil }
    return ["perturb"] + (refinement == .automatic ? [] : ["--refine", refinement.rawValue])
  }
}

extension NoiseTolerance {
  public var arguments: [String]? { ["noise", "--share", "\(share)", "--seed", "\(seed)"] }
}

extension FourierHeatMap {
  public var arguments: [String]? {
    ["fourier", "--radius", "\(radius)", "--cutoff", "\(cutoff)", "--seed", "\(seed)"]
  }
}

extension BandMargins {
  public var arguments: [String]? { ["bands", "--count", "\(count)", "--block", "\(block)"] }
}

extension Linearity {
  public var arguments: [String]? {
    ["linearity", "--radius", "\(settings.radius)", "--norm", settings.ball.rawValue]
      + ["--loss", settings.loss.rawValue, "--steps", "\(settings.steps)"]
      + ["--starts", "\(settings.starts)", "--seed", "\(settings.seed)"]
  }
}

extension NoiseCertificate {
  public var arguments: [String]? {
    var usual = SmoothedLabels.Settings(sigma: smoothing.sigma)
    (usual.draws, usual.alpha, usual.seed) = (smoothing.draws, smoothing.alpha, smoothing.seed)
    guard smoothing == usual, let persistence, persistence.seed == smoothing.seed else { return nil }
    return ["certificate", "--sigma", "\(smoothing.sigma)", "--draws", "\(smoothing.draws)"]
      + ["--alpha", "\(smoothing.alpha)", "--gamma", "\(persistence.gamma)"]
      + ["--gamma-draws", "\(persistence.draws)", "--seed", "\(smoothing.seed)"]
  }
}

extension Persistence {
  public var arguments: [String]? {
    guard let along = along.text, let noise else { return nil }
    return ["persistence", "--along", along, "--reach", "\(reach)", "--steps", "\(steps)"]
      + (radius.map { ["--radius", "\($0)"] } ?? []) + ["--gamma", "\(noise.gamma)"]
      + ["--gamma-draws", "\(noise.draws)", "--seed", "\(noise.seed)"]
  }
}

extension SharedCurvature {
  public var arguments: [String]? {
    guard isNormalised else { return nil }
    return ["curvature", "--recipe", "\(recipe)"] + product.arguments
      + ["--count", "\(points)", "--eigenvectors", "\(eigenvectors)", "--iterations", "\(iterations)"]
      + ["--climb", "\(climb)", "--ascent", "\(ascent)", "--starts", "\(starts)", "--seed", "\(seed)"]
      + (augmentation == .none ? [] : ["--augment", "\(augmentation)"])
  }
}

extension NormalSpectrum {
  public var arguments: [String]? {
    self == NormalSpectrum(vectors: vectors) ? ["normals", "--vectors", "\(vectors)"] : nil
  }
}

extension UniversalFooling {
  public var arguments: [String]? {
    var words = ["universal", "--method", method.rawValue, "--radius", "\(radius)", "--norm", norm.rawValue]
    words += ["--passes", "\(passes)", "--seed", "\(seed)"] + (layer.map { ["--layer", "\($0)"] } ?? [])
    guard target == UniversalFooling(method: method, radius: radius).target else { return nil }
    if isAscent {
      // The command takes its usual number where none is said.
      guard gradients != nil || method == .gradient else { return nil }
      words += ["--loss", loss.rawValue, "--augment", "\(augmentation)"]
      words += gradients.map { ["--gradients", "\($0)"] } ?? []
    }
    guard method == .curvature, let curvature else { return words }
    var usual = SharedCurvature(product: curvature.product)
    (usual.points, usual.seed) = (curvature.points, seed)
    (usual.climb, usual.ascent, usual.starts) = (curvature.climb, curvature.ascent, curvature.starts)
    usual.augmentation = curvature.augmentation
    guard curvature == usual, case .secant(let step) = curvature.product else { return nil }
    return words + ["--step", "\(step)", "--count", "\(curvature.points)"]
      + [
        "--climb", "\(curvature.climb)", "--ascent", "\(curvature.ascent)", "--starts", "\(curvature.starts)",
      ] + (curvature.augmentation == .none ? [] : ["--augment", "\(curvature.augmentation)"])
  }
}

extension SubspaceFooling {
  public var arguments: [String]? {
    subspaces.arguments.map {
      ["fool"] + $0 + ["--draws", "\(draws)", "--radius", "\(radius)", "--seed", "\(seed)"]
    }
  }
}

extension Fooling {
  public var arguments: [String]? {
    perturbation.text.map { ["fool", "--perturbation", $0] + (radius.map { ["--radius", "\($0)"] } ?? []) }
  }
}

extension SubspaceShape {
  public var arguments: [String]? {
    subspaces.arguments.map {
      ["shape"] + $0 + ["--draws", "\(draws)", "--seed", "\(seed)"] + product.arguments
    }
  }
}

extension WithinSubspace {
  public var arguments: [String]? {
    subspaces.arguments.map { ["within"] + $0 }
  }
}

extension CurvatureScan {
  public var arguments: [String]? {
    guard let first = candidates.first else { return nil }
    var usual = SharedCurvature(
      recipe: first.recipe, product: first.product, eigenvectors: Self.usualEigenvectors)
    (usual.points, usual.seed, usual.climb) = (first.points, first.seed, 0)
    guard first == usual, case .secant(let step) = first.product else { return nil }
    let words = ["scan", "--radius", "\(radius)", "--count", "\(first.points)", "--seed", "\(first.seed)"]
    if candidates.count > 1, self == .targets(0..<candidates.count, of: first, radius: radius) {
      return words + ["--recipe", "authors", "--step", "\(Double(step))"]
    }
    let steps = candidates.compactMap(\.product.step)
    guard self == .steps(steps, of: first, radius: radius) else { return nil }
    let multiples = steps.map { Self.multiple($0, of: radius) }
    return words + ["--recipe", "\(first.recipe)", "--steps", multiples.joined(separator: ",")]
  }

  /// The shortest number that gives a step again, times ξ.
  private static func multiple(_ step: Double, of radius: Double) -> String {
    for digits in 1...9 {
      let scale = pow(10, Double(digits) - 1 - (log10(step / radius)).rounded(.down))
      let short = (step / radius * scale).rounded() / scale
      if Float(short * radius) == Float(step) { return "\(short)" }
    }
    return "\(step / radius)"
  }
}

// Directions that every model learns itself; the command names the models, the subject's first.

extension Transfer {
  public var arguments: [String]? {
    guard let own = perturbations.first, let text = own.text else { return nil }
    let each = models.map { Direction(.other($0, own.directions), own.index) }
    var usual = Transfer(models: models, perturbations: [own] + each, radius: radius)
    (usual.planes, usual.seed) = (planes, seed)
    guard self == usual else { return nil }
    return ["transfer", "--each", text] + (radius.map { ["--radius", "\($0)"] } ?? [])
      + ["--planes", "\(planes)", "--seed", "\(seed)"]
  }
}

extension PrincipalAngles {
  public var arguments: [String]? {
    guard case .other(let model, _) = second, let text = first.text else { return nil }
    var usual = PrincipalAngles(first, .other(model, first))
    usual.seed = seed
    return self == usual ? ["angles", "--each", text, "--seed", "\(seed)"] : nil
  }
}

extension PointSpectrum {
  public var arguments: [String]? {
    ["spectrum", "--index", "\(index)", "--method", method.rawValue, "--probes", "\(probes)"]
      + ["--iterations", "\(steps)", "--seed", "\(seed)"] + product.arguments
  }
}

extension Diversity {
  public var arguments: [String]? {
    guard case .draws(let directions, let dimension, let radius) = source, let text = directions.text else {
      return nil
    }
    return ["diversity", "--basis", text, "--dimension", "\(dimension)", "--radius", "\(radius)"]
      + ["--count", "\(count)", "--seed", "\(seed)"]
  }
}

extension Theorems {
  public var arguments: [String]? {
    var usual = Theorems(normals: normals, basis: basis, dimensions: dimensions, product: product)
    (usual.delta, usual.beta, usual.draws, usual.seed) = (delta, beta, draws, seed)
    guard self == usual, let flat = normals.text, let curved = basis.text else { return nil }
    return ["bounds", "--normals", flat, "--basis", curved, "--dimension", dimensions.listed]
      + ["--delta", "\(delta)", "--share", "\(beta)", "--draws", "\(draws)", "--seed", "\(seed)"]
      + product.arguments
  }
}

extension SectionMap {
  public var arguments: [String]? {
    guard shift == nil, judge == nil, towards == nil, let along = along.text else { return nil }
    return ["section", "--along", along] + (extent.map { ["--extent", "\($0)"] } ?? [])
      + ["--size", "\(width)x\(height)"] + product.arguments
  }
}

extension HessianProduct {
  /// The options that choose it.
  fileprivate var arguments: [String] {
    switch self {
    case .exact: ["--product", "exact"]
    case .secant(let step): ["--step", "\(Double(step))"]
    case .softened(let beta): ["--product", "softened", "--beta", "\(Double(beta))"]
    }
  }
}

extension [Int] {
  fileprivate var listed: String { map(String.init).joined(separator: ",") }
}

extension Selection {
  /// The options that choose these of the images `spec`.
  public func arguments(_ spec: String) -> [String] {
    var words = ["--images", spec, "--range", Self.text(images)]
    if let validation { words += ["--validate", spec, "--validate-range", Self.text(validation)] }
    return words
  }

  private static func text(_ range: Range<Int>) -> String { "\(range.lowerBound)..\(range.upperBound)" }
}
