internal import Networks

// The commands that ask what the experiments ask, with the options that say it; what is left out is the usual.

extension Prediction {
  public var arguments: [String]? { ["predict"] + (includesLogits ? ["--logits"] : []) }
}

extension Robustness {
  public var arguments: [String]? { self == Robustness() ? ["perturb"] : nil }
}

extension NoiseTolerance {
  public var arguments: [String]? { ["noise", "--share", "\(share)", "--seed", "\(seed)"] }
}

extension SharedCurvature {
  public var arguments: [String]? {
    guard isNormalised else { return nil }
    return ["curvature", "--recipe", "\(recipe)"] + product.arguments
      + ["--count", "\(points)", "--eigenvectors", "\(eigenvectors)", "--iterations", "\(iterations)"]
      + ["--ascent", "\(ascent)", "--starts", "\(starts)", "--seed", "\(seed)"]
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
    guard method == .curvature, let curvature else { return words }
    var usual = SharedCurvature(product: curvature.product)
    (usual.points, usual.seed) = (curvature.points, seed)
    (usual.ascent, usual.starts) = (curvature.ascent, curvature.starts)
    guard curvature == usual, case .secant(let step) = curvature.product else { return nil }
    return words + ["--step", "\(step)", "--count", "\(curvature.points)"]
      + ["--ascent", "\(curvature.ascent)", "--starts", "\(curvature.starts)"]
  }
}

extension SubspaceFooling {
  public var arguments: [String]? {
    basis.text.map {
      [
        "fool", "--basis", $0, "--dimension", dimensions.listed, "--draws", "\(draws)", "--radius",
        "\(radius)",
      ]
        + ["--seed", "\(seed)"]
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
    basis.text.map {
      ["shape", "--basis", $0, "--dimension", dimensions.listed, "--draws", "\(draws)", "--seed", "\(seed)"]
        + product.arguments
    }
  }
}

extension WithinSubspace {
  public var arguments: [String]? {
    basis.text.map { ["within", "--basis", $0, "--dimension", dimensions.listed] }
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
    guard shift == nil, judge == nil, let along = along.text else { return nil }
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
