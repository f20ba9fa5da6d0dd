public import Networks
public import Tensors

/// How far a loss lies off its tangent near each image: γ(ε, x) = max over ‖δ‖ ≤ ε of |ℓ(x + δ) − ℓ(x) − δᵀ∇ℓ(x)|.
///
/// Found by projected ascent of |e(δ)|, whose gradient is sign(e)·(∇ℓ(x + δ) − ∇ℓ(x)): what is found is a lower bound
/// of the maximum. It begins along ∇ℓ, against it, and in random directions, all at distance ε; step k of n is
/// ε·(1 − k/n) long, in the steepest direction of the norm, and every δ that was met counts. γ is zero for linear
/// networks, ½λε² for a quadratic ℓ with largest |eigenvalue| λ (ℓ2). Cost for each image: a gradient, then
/// starts·(steps + 1) gradients. Source: Qin et al., Adversarial robustness through local linearization, NeurIPS 2019.
public struct LocalLinearity: Sendable {
  /// ℓ, in logit units.
  public enum Loss: String, Sendable, Codable, CaseIterable {
    /// The region margin G of k(x).
    case margin
    /// −ln softmax_k of k = k(x).
    case crossEntropy
  }

  /// Which δ are allowed.
  public enum Ball: String, Sendable, Codable, CaseIterable {
    case l2
    case linf
  }

  /// Which δ are allowed, which loss is looked at, and how long is searched.
  public struct Settings: Hashable, Codable, Sendable {
    /// ε in pixel units of the ball's norm.
    public var radius: Double
    /// The norm in which ‖δ‖ ≤ ε, and in whose steepest direction steps go.
    public var ball = Ball.l2
    /// ℓ, whose tangent is tried.
    public var loss = Loss.margin
    /// Ascent steps from each start.
    public var steps = 20
    /// The first two lie along ∇ℓ and against it, the others are random.
    public var starts = 4
    /// Seed of the random starts; each image and start has a sequence of its own.
    public var seed: UInt64 = 1

    public init(radius: Double) { self.radius = radius }
  }

  /// What was found at an image.
  public struct Violation: Codable, Sendable, Equatable {
    /// γ, in logit units.
    public var gamma: Double
    /// The same from each start.
    public var ends: [Double]
    /// ε·‖∇ℓ(x)‖ in the dual norm: the most that the tangent changes within the ball.
    public var slope: Double
  }

  /// Of the images done so far.
  public private(set) var found: [Violation] = []
  private let network: Network
  private let images: Tensor
  private let settings: Settings

  /// Images in work at a time.
  private static let poolSize = 64

  public init(_ network: Network, at images: Tensor, settings: Settings) {
    precondition(
      settings.steps > 0 && settings.starts > 0 && settings.radius > 0, "an ascent that goes nowhere")
    self.network = network
    self.images = images
    self.settings = settings
  }

  /// The next images; how many are done; nil once all are.
  public mutating func advance() throws -> Int? {
    guard found.count < images.count else { return nil }
    let range = found.count..<min(images.count, found.count + Self.poolSize)
    let own = try network.labels(images[range])
    switch settings.loss {
    case .margin: found += try search(range, Margin.region(own: own))
    case .crossEntropy: found += try search(range, ClippedCrossEntropy(own: own, limit: .infinity))
    }
    return found.count
  }

  private func search(_ range: Range<Int>, _ loss: some Objective) throws -> [Violation] {
    let x = images[range]
    let tangent = try network.gradients(of: loss, at: x)
    var violations = (0..<x.count).map { n in
      let slope = settings.radius * settings.ball.dualNorm(tangent.gradients.entryElements(n))
      return Violation(gamma: 0, ends: [], slope: slope)
    }
    for start in 0..<settings.starts {
      let ends = try ascend(from: self.start(start, tangent.gradients, range), loss, at: x, tangent)
      for n in 0..<x.count {
        violations[n].ends.append(ends[n])
        violations[n].gamma = max(violations[n].gamma, ends[n])
      }
    }
    return violations
  }

  /// The largest |e| that is met from δ on.
  private func ascend(
    from start: Tensor, _ loss: some Objective, at x: Tensor, _ tangent: Gradients
  ) throws -> [Double] {
    var delta = start
    var best = [Double](repeating: 0, count: x.count)
    for step in 0...settings.steps {
      let there = try network.gradients(of: loss, at: x + delta)
      let way = there.gradients - tangent.gradients
      let length = settings.radius * (1 - Double(step) / Double(settings.steps))
      var moved: [Float] = []
      moved.reserveCapacity(delta.elements.count)
      for n in 0..<x.count {
        let own = Array(delta.entryElements(n))
        let error =
          Double(there.values[n]) - Double(tangent.values[n])
          - dot(own, Array(tangent.gradients.entryElements(n)))
        best[n] = max(best[n], abs(error))
        let ascent = settings.ball.steepest(way.entryElements(n), length: error < 0 ? -length : length)
        moved += settings.ball.projection(of: zip(own, ascent).map { $0 + $1 }, radius: settings.radius)
      }
      delta = Tensor(shape: delta.shape, elements: moved)
    }
    return best
  }

  /// δ of the first step, on the sphere of the ball.
  private func start(_ number: Int, _ gradients: Tensor, _ range: Range<Int>) -> Tensor {
    let elements = range.flatMap { image -> [Float] in
      let gradient = gradients.entryElements(image - range.lowerBound)
      if number < 2 {
        return settings.ball.steepest(gradient, length: number == 0 ? settings.radius : -settings.radius)
      }
      // A stream of its own for each image and start.
      let stream = UInt64(image) << 16 | UInt64(number)
      var generator = SeededGenerator(seed: settings.seed, stream: stream)
      return settings.ball.steepest(generator.gaussianVector(gradient.count)[...], length: settings.radius)
    }
    return Tensor(shape: gradients.shape, elements: elements)
  }
}

extension LocalLinearity.Ball {
  /// ‖g‖ in the norm that is dual to the ball's.
  func dualNorm(_ g: ArraySlice<Float>) -> Double {
    switch self {
    case .l2: norm(Array(g))
    case .linf: g.reduce(0) { $0 + Double(abs($1)) }
    }
  }

  /// The vector of the ball's norm `length` that goes up fastest along g; zero where g is.
  func steepest(_ g: ArraySlice<Float>, length: Double) -> [Float] {
    switch self {
    case .l2:
      let size = norm(Array(g))
      return g.map { size > 0 ? Float(length / size) * $0 : 0 }
    case .linf: return g.map { $0 == 0 ? 0 : $0 > 0 ? Float(length) : -Float(length) }
    }
  }

  /// The nearest vector within the ball of `radius`.
  func projection(of v: [Float], radius: Double) -> [Float] {
    switch self {
    case .l2:
      let size = norm(v)
      return size > radius ? scaled(v, by: Float(radius / size)) : v
    case .linf: return v.map { min(Float(radius), max(-Float(radius), $0)) }
    }
  }
}
