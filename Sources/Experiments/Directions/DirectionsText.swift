internal import Geometry
internal import Networks

// Directions as text: what the command line takes.

extension Directions {
  /// Such as `sc:h=3.0,n=100`, `sf`, `uap:radius=3.0`, `random:7`, `image:3`; numbers that are left out are the usual ones.
  ///
  /// Nil where text cannot say it: vectors that are given, and what another model learns.
  public var text: String? { Direction(self).text(index: nil) }

  public init?(_ text: String) {
    guard let direction = Direction(text), !text.prefix(while: { $0 != ":" }).contains(where: \.isNumber)
    else {
      return nil
    }
    self = direction.directions
  }

  /// How many there are; nil for as many as one likes, or where only the vectors could tell.
  public var dimension: Int? {
    switch self {
    case .given(let basis): basis.dimension
    case .random: nil
    case .universal, .image: 1
    case .curvature(let curvature): curvature.eigenvectors
    case .normals(let normals): normals.vectors
    case .other(_, let directions): directions.dimension
    }
  }
}

extension Direction {
  /// Like the text of its directions, with a number from 1 behind the name: `sc2:h=3.0`.
  public var text: String? { text(index: index) }

  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts[0].prefix { !$0.isNumber }
    let place = parts[0].dropFirst(name.count)
    guard let number = place.isEmpty ? 1 : Int(place), (1...10_000).contains(number),
      var terms = Terms(parts.count > 1 ? parts[1] : ""), let directions = Self.directions(name, &terms),
      terms.isEmpty
    else { return nil }
    self.init(directions, number - 1)
  }

  private static func directions(_ name: Substring, _ terms: inout Terms) -> Directions? {
    switch name {
    case "sc": SharedCurvature(&terms).map { .curvature($0) }
    case "sf": terms.count("m", 20, Counts.vectors).map { .normals(NormalSpectrum(vectors: $0)) }
    case "random": terms.number("", UInt64(1)).map { .random(seed: $0) }
    case "image": terms.count("", -1, Counts.index).flatMap { $0 >= 0 ? .image($0) : nil }
    default:
      UniversalFooling.Method(rawValue: String(name)).flatMap { UniversalFooling($0, &terms) }.map {
        .universal($0)
      }
    }
  }

  fileprivate func text(index: Int?) -> String? {
    let place = index.map { $0 == 0 ? "" : "\($0 + 1)" } ?? ""
    func joined(_ name: String, _ terms: [String?]) -> String {
      let terms = terms.compactMap { $0 }
      return name + place + (terms.isEmpty ? "" : ":" + terms.joined(separator: ","))
    }
    switch directions {
    case .given, .other: return nil
    case .random(let seed): return joined("random", ["\(seed)"])
    case .image(let i): return joined("image", ["\(i)"])
    case .universal(let universal): return universal.terms.map { joined(universal.method.rawValue, $0) }
    case .curvature(let curvature): return joined("sc", curvature.terms)
    case .normals(let normals):
      return normals == NormalSpectrum(vectors: normals.vectors)
        ? joined("sf", [normals.vectors == 20 ? nil : "m=\(normals.vectors)"]) : nil
    }
  }
}

// MARK: - Numbers

/// `KEY=VALUE` with commas between; a value alone has the empty key.
private struct Terms {
  private var values: [String: String] = [:]

  init?(_ text: Substring) {
    for term in text.split(separator: ",") {
      let parts = term.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let (key, value) = parts.count == 2 ? (parts[0], parts[1]) : ("", parts[0])
      guard values.updateValue(value, forKey: key) == nil else { return nil }
    }
  }

  var isEmpty: Bool { values.isEmpty }

  /// The value of a key, taken out; the usual one where it is not there, nil where it cannot be read.
  mutating func number<Value: LosslessStringConvertible>(_ key: String, _ usual: Value) -> Value? {
    guard let text = values.removeValue(forKey: key) else { return usual }
    // NaN reads as a number, and stands for one that is not there.
    guard let value = Value(text), (value as? any FloatingPoint)?.isNaN != true else { return nil }
    return value
  }

  /// The same of a whole number within bounds, or the usual one.
  mutating func count(_ key: String, _ usual: Int, _ bounds: ClosedRange<Int>) -> Int? {
    number(key, usual).flatMap { $0 == usual || bounds.contains($0) ? $0 : nil }
  }

  mutating func word(_ key: String) -> String? { values.removeValue(forKey: key) }
}

extension SharedCurvature {
  fileprivate init?(_ terms: inout Terms) {
    guard let recipe = CurvatureRecipe(terms.word("recipe") ?? "region"),
      let product = HessianProduct(&terms),
      let eigenvectors = terms.count("m", SharedCurvature.usualEigenvectors, Counts.vectors)
    else { return nil }
    self.init(recipe: recipe, product: product, eigenvectors: eigenvectors)
    guard let points = terms.count("n", points, Counts.images),
      let iterations = terms.count("k", iterations, Counts.iterations),
      let climb = terms.count("climb", climb, Counts.steps),
      let ascent = terms.count("ascent", ascent, Counts.steps),
      let starts = terms.count("starts", starts, Counts.starts),
      let seed = terms.number("seed", seed),
      let augmentation = Augmentation(terms.word("augment") ?? augmentation.description)
    else { return nil }
    self.augmentation = augmentation
    (self.points, self.iterations, self.climb, self.ascent) = (points, iterations, climb, ascent)
    (self.starts, self.seed) = (starts, seed)
  }

  /// What differs from the usual, and h.
  fileprivate var terms: [String?] {
    let usual = SharedCurvature(recipe: recipe, product: product, eigenvectors: eigenvectors)
    func term<Value: Equatable>(_ key: String, _ value: Value, _ usual: Value) -> String? {
      value == usual ? nil : "\(key)=\(value)"
    }
    return [
      recipe == .region ? nil : "recipe=\(recipe)", product.term,
      term("m", eigenvectors, SharedCurvature.usualEigenvectors), term("n", points, usual.points),
      augmentation == .none ? nil : "augment=\(augmentation)", term("k", iterations, usual.iterations),
      term("climb", climb, usual.climb),
      term("ascent", ascent, usual.ascent),
      term("starts", starts, usual.starts), term("seed", seed, usual.seed),
    ]
  }
}

extension UniversalFooling {
  fileprivate init?(_ method: Method, _ terms: inout Terms) {
    guard let radius = terms.number("radius", Double.nan), radius > 0, radius.isFinite,
      let seed = terms.number("seed", UInt64(1))
    else { return nil }
    self.init(method: method, radius: radius, seed: seed)
    guard let norm = Norm(rawValue: terms.word("norm") ?? norm.rawValue),
      let passes = terms.count("passes", passes, Counts.passes), let target = terms.number("target", target)
    else { return nil }
    (self.norm, self.passes, self.target) = (norm, passes, target)
    guard isAscent else { return }
    guard let gradients = terms.count("gradients", gradients ?? 0, Counts.gradients),
      let loss = GradientUniversal.Loss(rawValue: terms.word("loss") ?? loss.rawValue),
      let augmentation = Augmentation(terms.word("augment") ?? augmentation.description)
    else { return nil }
    (self.gradients, self.loss, self.augmentation) = (gradients == 0 ? nil : gradients, loss, augmentation)
  }

  /// Nil where text cannot say it.
  fileprivate var terms: [String?]? {
    let usual = UniversalFooling(method: method, radius: radius, seed: seed)
    guard curvature == nil, layer == nil else { return nil }
    return [
      "radius=\(radius)", seed == 1 ? nil : "seed=\(seed)",
      norm == usual.norm ? nil : "norm=\(norm.rawValue)",
      passes == usual.passes ? nil : "passes=\(passes)", target == usual.target ? nil : "target=\(target)",
      gradients == usual.gradients ? nil : "gradients=\(gradients ?? 0)",
      loss == usual.loss ? nil : "loss=\(loss.rawValue)",
      augmentation == usual.augmentation ? nil : "augment=\(augmentation)",
    ]
  }
}

extension HessianProduct {
  /// `h` of a secant, `beta` of a softened product; without either the exact one.
  fileprivate init?(_ terms: inout Terms) {
    guard let step = terms.number("h", Float.nan), let beta = terms.number("beta", Float.nan) else {
      return nil
    }
    switch (step.isNaN, beta.isNaN) {
    case (true, true): self = .exact
    case (false, true) where step > 0 && step.isFinite: self = .secant(step: step)
    case (true, false) where beta > 0 && beta.isFinite: self = .softened(beta: beta)
    default: return nil
    }
  }

  fileprivate var term: String? {
    switch self {
    case .exact: nil
    case .secant(let step): "h=\(step)"
    case .softened(let beta): "beta=\(beta)"
    }
  }
}
