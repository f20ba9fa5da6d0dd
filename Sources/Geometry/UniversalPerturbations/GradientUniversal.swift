internal import Networks
internal import Tensors

/// One perturbation for all images by stochastic gradient ascent on a clipped cross-entropy.
///
/// Each step takes a batch in a random order, moves v along the mean gradient (its direction in ℓ2, its signs in ℓ∞)
/// and projects it back on the ball; the step falls linearly from a tenth of the radius to nothing over the passes.
/// The best v at the end of a pass is kept. Cost of a pass: a forward and a backward pass an image, and a forward pass
/// to judge it. Source: Shafahi, Najibi, Xu, Dickerson, Davis, Goldstein, Universal adversarial training, AAAI 2020.
public struct GradientUniversal: Sendable {
  public typealias Ball = UniversalPerturbation.Ball
  public typealias Pass = UniversalPerturbation.Pass
  /// Where a run stands; its position counts batches.
  public typealias Place = UniversalPerturbation.Place

  public struct Settings: Hashable, Sendable, Codable {
    public var ball: Ball
    /// Passes over the training images.
    public var passes = 10
    /// Images a step.
    public var batch = 64
    /// The loss of an image beyond which it draws no more.
    public var limit: Float = 9
    public var seed: UInt64 = 1

    public init(_ ball: Ball) { self.ball = ball }
  }

  public let settings: Settings
  public private(set) var place: Place
  private let training: FoolingTest
  private let validation: FoolingTest?
  private var order: [Int] = []

  public init(_ training: FoolingTest, validation: FoolingTest? = nil, settings: Settings) {
    self.training = training
    self.validation = validation
    self.settings = settings
    let zero = [Float](repeating: 0, count: training.images.entryCount)
    place = Place(current: zero, best: zero, passes: [], position: 0)
    order = permutation(of: 0)
  }

  /// Goes on from where another run of the same images and settings stood.
  public mutating func resume(at place: Place) {
    precondition(place.current.count == self.place.current.count, "a place of another image size")
    self.place = place
    order = permutation(of: place.passes.count)
  }

  /// Steps in a pass.
  public var batches: Int { (training.images.count + settings.batch - 1) / settings.batch }

  /// One more step, or the end of a pass; nil once the passes are used up.
  public mutating func advance() throws -> Place? {
    guard place.passes.count < settings.passes else { return nil }
    if place.position < batches { try climb() } else { try endPass() }
    return place
  }

  private mutating func climb() throws {
    let start = place.position * settings.batch
    let chosen = Array(order[start..<min(order.count, start + settings.batch)])
    let loss = ClippedCrossEntropy(own: chosen.map { training.labels[$0] }, limit: settings.limit)
    let moved = training.images.gathering(chosen).addingToEach(1, place.current)
    let gradients = try training.network.gradients(of: loss, at: moved).gradients
    var direction = [Float](repeating: 0, count: place.current.count)
    for n in 0..<gradients.count { add(1, Array(gradients.entryElements(n)), to: &direction) }
    let done = Double(place.passes.count * batches + place.position) / Double(settings.passes * batches)
    let step = settings.ball.radius / 10 * (1 - done)
    switch settings.ball {
    case .l2:
      let length = norm(direction)
      if length > 0 { add(Float(step / length), direction, to: &place.current) }
    case .linf: add(Float(step), direction.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, to: &place.current)
    }
    place.current = settings.ball.projection(of: place.current)
    place.position += 1
  }

  private mutating func endPass() throws {
    let share = try training.share(fooledBy: place.current)
    let judged = try validation?.share(fooledBy: place.current)
    let isBest = place.passes.allSatisfy { $0.training.successes < share.successes }
    if isBest { place.best = place.current }
    place.passes.append(Pass(training: share, validation: judged, isBest: isBest))
    place.position = 0
    order = permutation(of: place.passes.count)
  }

  private func permutation(of pass: Int) -> [Int] {
    var generator = SeededGenerator(seed: settings.seed, stream: UInt64(pass))
    return generator.permutation(training.images.count)
  }
}
