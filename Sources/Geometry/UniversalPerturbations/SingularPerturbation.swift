internal import Glibc
public import Networks
public import Tensors

/// The (p, q)-singular vector of a hidden layer's Jacobians over a batch: argmax of Σᵢ ‖Jᵢv‖_q^q with ‖v‖_p = 1.
///
/// Boyd's power method: v ← ψ_p′(Σᵢ Jᵢᵀ ψ_q(Jᵢv)), ψ_r(x) = sign(x)·|x|^(r−1), 1/p + 1/p′ = 1, from a random vector. It
/// knows neither labels nor logits, so v has no sign of its own. Cost of a step: a forward pass, a product with J and
/// one with Jᵀ an image. Source: Khrulkov and Oseledets, Art of singular vectors and universal adversarial
/// perturbations, CVPR 2018.
public struct SingularPerturbation: Sendable {
  /// The ball on whose sphere v lies: p is 2 or ∞.
  public typealias Ball = UniversalPerturbation.Ball

  /// v so far, on the sphere of the ball, C×H×W.
  public private(set) var current: [Float]
  /// (Σᵢ ‖Jᵢv‖_q^q)^(1/q) after each step, for ‖v‖_p = 1: grows.
  public private(set) var values: [Double] = []
  private let hidden: Network
  private let images: Tensor
  private let ball: Ball
  private let q: Float
  private let steps: Int

  /// - Parameters:
  ///   - network: the whole network.
  ///   - layer: the node whose output is looked at; nil takes the logits.
  ///   - images: 64 are usual.
  ///   - ball: whose norm is p, and whose radius v has.
  ///   - q: 5 as published.
  ///   - steps: 30 as published.
  ///   - seed: of the vector that it begins with.
  public init(
    _ network: Network, layer: Int?, images: Tensor, ball: Ball, q: Float = 5, steps: Int = 30,
    seed: UInt64 = 1
  ) {
    var graph = network.graph
    if let layer {
      precondition(graph.nodes.indices.contains(layer), "layer \(layer) of \(graph.nodes.count)")
      graph.nodes.removeSubrange((layer + 1)...)
      graph.output = .node(layer)
    }
    hidden = (try? Network(graph))?.interruptible(by: network.interruption) ?? network
    self.images = images
    self.ball = ball
    self.q = q
    self.steps = steps
    var generator = SeededGenerator(seed: seed)
    current = generator.unitVector(images.entryCount)
    normalise()
  }

  /// One step of the power method: the value of the vector before it; nil once all are done.
  public mutating func advance() throws -> Double? {
    guard values.count < steps else { return nil }
    let scale = Float(1 / ball.radius)
    let v = scaled(current, by: scale)
    let (hidden, q) = (hidden, q)
    let parts = try hidden.mapTiles(of: images) { tile, _ in
      let linearization = hidden.linearize(at: tile)
      let pushed = linearization.pushforward(Tensor(zeros: tile.shape).addingToEach(1, v))
      let sum = pushed.elements.reduce(0.0) { $0 + Double(pow(abs($1), q)) }
      let weighted = Tensor(shape: pushed.shape, elements: pushed.elements.map { psi($0, q) })
      let pulled = linearization.pullback(weighted)
      var direction = [Float](repeating: 0, count: v.count)
      for n in 0..<pulled.count { add(1, Array(pulled.entryElements(n)), to: &direction) }
      return (direction, sum)
    }
    var direction = [Float](repeating: 0, count: v.count)
    for part in parts { add(1, part.0, to: &direction) }
    values.append(pow(parts.reduce(0) { $0 + $1.1 }, 1 / Double(q)))
    if norm(direction) > 0 { current = direction }
    normalise()
    return values[values.count - 1]
  }

  /// ψ of the dual exponent, and back on the sphere: signs for ℓ∞, the direction itself for ℓ2.
  private mutating func normalise() {
    switch ball {
    case .l2(let radius):
      current = scaled(current, by: Float(radius / max(.leastNormalMagnitude, norm(current))))
    case .linf(let radius): current = current.map { $0 < 0 ? -Float(radius) : Float(radius) }
    }
  }
}

/// sign(x)·|x|^(q−1).
private func psi(_ x: Float, _ q: Float) -> Float { x < 0 ? -pow(-x, q - 1) : pow(x, q - 1) }

extension Network {
  /// Nodes whose outputs are worth looking at: those of piecewise linear or smooth operations, from the first on, and
  /// of those `count` at even distances.
  public func hiddenLayers(_ count: Int) -> [Int] {
    let bent = graph.nodes.indices.dropLast().filter { i in
      graph.nodes[i].operation.regularity > .linear
    }
    guard bent.count > count, count > 1 else { return Array(bent.prefix(max(1, count))) }
    return (0..<count).map { bent[$0 * (bent.count - 1) / (count - 1)] }
  }
}
