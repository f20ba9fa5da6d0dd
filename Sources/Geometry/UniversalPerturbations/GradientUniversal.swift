internal import Networks
internal import Tensors

/// One perturbation for all images by stochastic gradient ascent on what it does to their labels.
///
/// Each step takes a batch in a random order, moves v along the mean gradient (its direction in ℓ2, its signs in ℓ∞)
/// and projects it back on the ball; the step falls linearly from a tenth of the radius to nothing. On a clipped
/// cross-entropy, and of the v at the ends of the passes the one that fools most: Shafahi, Najibi, Xu, Dickerson, Davis,
/// Goldstein, Universal adversarial training, AAAI 2020. On a logistic margin the last v counts. With both sides v and −v
/// rise together: Σ ∇ℓ(x + v) − ∇ℓ(x − v) is the part of the loss that is even in v, which is all that the boundary's
/// curvature can give; the odd part, that of its slope, falls out. Cost of a gradient: a forward and a backward pass,
/// with augmentation a forward pass more for the label; of the end of a pass, a forward pass an image.
public struct GradientUniversal: Sendable {
  /// The ball that v must stay in, ℓ2 or ℓ∞.
  public typealias Ball = UniversalPerturbation.Ball
  /// The shares fooled at the end of a pass.
  public typealias Pass = UniversalPerturbation.Pass
  /// Where a run stands; its position counts batches.
  public typealias Place = UniversalPerturbation.Place

  /// What is raised.
  public enum Loss: String, Codable, Sendable, CaseIterable {
    /// min(−ln softmax_k, ``Settings/limit``).
    case clipped
    /// τ·ln σ(G/τ), G the region margin; τ is a third of what G rises by, to first order, on the way of length ξ
    /// along a median gradient of the first batch.
    case logistic
  }

  /// What is raised in which ball, on how many gradients.
  public struct Settings: Hashable, Sendable, Codable {
    /// The ball that v must stay in; steps follow its norm.
    public var ball: Ball
    /// ℓ, what is raised; clipped as published.
    public var loss = Loss.clipped
    /// Whether v and −v are raised together.
    public var isEven = false
    /// How images are varied, and then labelled anew, before each step; not at all unless said.
    public var augmentation = Augmentation.none
    /// Parts of the run, at whose ends v is judged on the training images.
    public var passes = 10
    /// Gradients in all; nil: each pass takes each image once.
    public var gradients: Int?
    /// Gradients a step.
    public var batch = 64
    /// The loss of an image beyond which it draws no more, where it is clipped.
    public var limit: Float = 9
    /// Seed of the images' order, of their variation and of the v that an even run begins with.
    public var seed: UInt64 = 1

    public init(_ ball: Ball) { self.ball = ball }

    /// Images a step.
    var images: Int { isEven ? max(1, batch / 2) : batch }
  }

  /// What this run raises in which ball, on how many gradients.
  public let settings: Settings
  /// Where the run stands: v, the best v, and the passes that have ended.
  public private(set) var place: Place
  private let training: FoolingTest
  private let validation: FoolingTest?
  private var order: (number: Int, images: [Int])
  /// τ, once it is known.
  private var scale: Float?

  public init(_ training: FoolingTest, validation: FoolingTest? = nil, settings: Settings) {
    precondition(settings.passes > 0 && settings.batch > 0, "a run of no passes or of empty batches")
    self.training = training
    self.validation = validation
    self.settings = settings
    let zero = [Float](repeating: 0, count: training.images.entryCount)
    place = Place(current: zero, best: zero, passes: [], position: 0)
    order = (0, [])
    // The even part is level at 0.
    if settings.isEven { place.current = start() }
  }

  /// Goes on from where another run of the same images and settings stood.
  public mutating func resume(at place: Place) {
    precondition(place.current.count == self.place.current.count, "a place of another image size")
    self.place = place
  }

  /// Steps in a pass.
  public var batches: Int {
    if let all = settings.gradients {
      return max(1, (all + settings.batch * settings.passes - 1) / (settings.batch * settings.passes))
    }
    return (training.images.count + settings.images - 1) / settings.images
  }

  /// One more step, or the end of a pass; nil once the passes are used up.
  public mutating func advance() throws -> Place? {
    guard place.passes.count < settings.passes else { return nil }
    if place.position < batches { try climb() } else { try endPass() }
    return place
  }
}

// MARK: - Steps

extension GradientUniversal {
  private mutating func climb() throws {
    let step = place.passes.count * batches + place.position
    let drawn = try draw(step)
    if settings.loss == .logistic, scale == nil { scale = try scale(of: step == 0 ? drawn : try draw(0)) }
    var direction = [Float](repeating: 0, count: place.current.count)
    for side in settings.isEven ? [Float(1), -1] : [1] {
      let gradients = try gradients(drawn, at: drawn.images.addingToEach(side, place.current))
      for n in 0..<gradients.count { add(side, Array(gradients.entryElements(n)), to: &direction) }
    }
    let length = settings.ball.radius / 10 * (1 - Double(step) / Double(settings.passes * batches))
    place.current = settings.ball.projection(of: moved(along: direction, by: length))
    place.position += 1
  }

  private func moved(along direction: [Float], by length: Double) -> [Float] {
    var v = place.current
    switch settings.ball {
    case .l2:
      let slope = norm(direction)
      if slope > 0 { add(Float(length / slope), direction, to: &v) }
    case .linf: add(Float(length), direction.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, to: &v)
    }
    return v
  }

  private func gradients(_ drawn: Drawn, at moved: Tensor) throws -> Tensor {
    switch settings.loss {
    case .clipped:
      let loss = ClippedCrossEntropy(own: drawn.labels, limit: settings.limit)
      return try training.network.gradients(of: loss, at: moved).gradients
    case .logistic:
      let loss = LogisticMargin(own: drawn.labels, scale: scale ?? 1)
      return try training.network.gradients(of: loss, at: moved).gradients
    }
  }

  /// τ of ``Loss/logistic``.
  private func scale(of drawn: Drawn) throws -> Float {
    let gradients = try training.network.gradients(of: Margin.region(own: drawn.labels), at: drawn.images)
      .gradients
    let slopes = (0..<gradients.count).map { n in
      let gradient = Array(gradients.entryElements(n))
      switch settings.ball {
      case .l2: return norm(gradient)
      case .linf: return gradient.reduce(0) { $0 + Double(abs($1)) }
      }
    }.sorted()
    let rise = settings.ball.radius * slopes[slopes.count / 2] / 3
    return rise > 0 && rise.isFinite ? Float(rise) : 1
  }

  private mutating func endPass() throws {
    let share = try training.share(fooledBy: place.current)
    let judged = try validation?.share(fooledBy: place.current)
    // The last steps of a logistic margin are the shortest; which pass fools most of few images is luck.
    let isBest =
      settings.loss == .logistic || place.passes.allSatisfy { $0.training.successes < share.successes }
    if isBest { place.best = place.current }
    place.passes.append(Pass(training: share, validation: judged, isBest: isBest))
    place.position = 0
  }
}

// MARK: - Draws

extension GradientUniversal {
  /// The images of a step, varied, with their labels.
  private struct Drawn {
    let images: Tensor
    let labels: [Int]
  }

  private mutating func draw(_ step: Int) throws -> Drawn {
    let chosen = chosen(step)
    let images = training.images.gathering(chosen)
    guard settings.augmentation != .none else {
      return Drawn(images: images, labels: chosen.map { training.labels[$0] })
    }
    var generator = SeededGenerator(seed: settings.seed, stream: 1 << 32 + UInt64(step))
    let varied = settings.augmentation.draw(images, using: &generator)
    return Drawn(images: varied, labels: try training.network.labels(varied))
  }

  /// The images of a step: each once in each pass, or one random order after the other where gradients are counted.
  private mutating func chosen(_ step: Int) -> [Int] {
    let (count, width) = (training.images.count, settings.images)
    guard settings.gradients != nil else {
      let start = step % batches * width
      return Array(permutation(step / batches)[start..<min(count, start + width)])
    }
    return (step * width..<(step + 1) * width).map { permutation($0 / count)[$0 % count] }
  }

  private mutating func permutation(_ number: Int) -> [Int] {
    if order.images.isEmpty || order.number != number {
      var generator = SeededGenerator(seed: settings.seed, stream: UInt64(number))
      order = (number, generator.permutation(training.images.count))
    }
    return order.images
  }

  /// A short random v.
  private func start() -> [Float] {
    var generator = SeededGenerator(seed: settings.seed, stream: .max)
    let v = generator.unitVector(place.current.count)
    return settings.ball.projection(of: scaled(v, by: Float(settings.ball.radius / 50)))
  }
}
