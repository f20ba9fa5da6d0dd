internal import Networks
internal import Tensors

/// One perturbation for all images, built image by image: the published algorithm (UAP).
///
/// Each pass takes the images in a random order. An image that x + v does not fool yet is taken across its nearest
/// boundary from x + v by DeepFool (linearised at the overshot point, ten linearisations at most); if that took
/// fewer than nine, v moves along and is projected back on its ball. Ends when the share of training images fooled
/// reaches the target, or after the passes allowed; the best v of all passes is kept. Sequential over images. Cost
/// for each image and pass: one forward pass, and where it is not fooled a backward pass a candidate, then a forward
/// pass and some backward passes for each further linearisation.
/// Source: Moosavi-Dezfooli et al., CVPR 2017, algorithm 1; LTS4/universal.
public struct UniversalPerturbation: Sendable {
  /// The ball that v must stay in, with its radius in pixel units.
  public enum Ball: Hashable, Sendable, Codable {
    case l2(Double)
    case linf(Double)

    /// ξ in pixel units of the ball's norm.
    public var radius: Double {
      switch self {
      case .l2(let radius), .linf(let radius): radius
      }
    }

    /// The nearest vector of the ball.
    public func projection(of v: [Float]) -> [Float] {
      switch self {
      case .l2(let radius):
        let length = norm(v)
        return length > radius ? scaled(v, by: Float(radius / length)) : v
      case .linf(let radius): return v.map { max(-Float(radius), min(Float(radius), $0)) }
      }
    }
  }

  /// The ball, the target and the limits of a run.
  public struct Settings: Hashable, Sendable, Codable {
    /// The ball that v is projected on.
    public var ball: Ball
    /// 1 − δ: the share of training images after which to stop; 0.8 as published.
    public var target = 0.8
    /// Passes over the training images allowed; five are usual.
    public var passes = 5
    /// Seed of the order of the images, which is another in each pass.
    public var seed: UInt64 = 1
    /// η: the share by which each step goes beyond the flat boundary; 0.02 as published.
    public var overshoot: Float = 0.02
    /// Linearisations allowed for an image; 10 as published.
    public var iterations = 10
    /// Classes considered, the label included; 10 as published.
    public var candidates = 10

    public init(_ ball: Ball) { self.ball = ball }
  }

  /// The shares fooled at the end of a pass.
  public struct Pass: Sendable, Codable, Equatable {
    /// The share of training images that v fools.
    public let training: Proportion
    /// The share of validation images that v fools; nil where there are none.
    public let validation: Proportion?
    /// Whether this v is kept: it fools more training images than any before, or climbs a logistic margin.
    public let isBest: Bool
  }

  /// Where the computation is.
  public struct Step: Sendable {
    /// The pass, from 0.
    public let pass: Int
    /// Images done in this pass.
    public let images: Int
    public let count: Int
    /// Whether v moved.
    public let hasMoved: Bool
    /// The outcome of the pass, where this step ended one.
    public let ended: Pass?
  }

  /// Where a run stands: enough for another one of equal images and settings to go on to the same end.
  public struct Place: Sendable, Codable {
    /// v so far, and the best v of a pass.
    public var current: [Float]
    /// The v kept of the passes so far, C×H×W; zero before the first has ended.
    public var best: [Float]
    /// The passes that have ended, in their order.
    public var passes: [Pass]
    /// Images, or batches of them, done in the pass at hand.
    public var position: Int

    public init(current: [Float], best: [Float], passes: [Pass], position: Int) {
      self.current = current
      self.best = best
      self.passes = passes
      self.position = position
    }
  }

  /// The ball, the target and the limits of this run.
  public let settings: Settings
  /// v so far, C×H×W.
  public private(set) var current: [Float]
  /// v at the end of the pass that fooled most training images; zero before the first.
  public private(set) var best: [Float]
  /// The passes that have ended, in their order.
  public private(set) var passes: [Pass] = []
  private let training: FoolingTest
  private let validation: FoolingTest?
  private let network: Network
  private var order: [Int] = []
  private var position = 0
  /// Whether the last look found an image that is fooled already, so that more than one is worth a look.
  private var lastWasFooled = false

  /// - Parameters:
  ///   - training: the images it walks through, with their clean labels.
  ///   - validation: on which each pass is judged besides.
  ///   - settings: the ball, the target and the limits.
  public init(_ training: FoolingTest, validation: FoolingTest? = nil, settings: Settings) {
    self.training = training
    self.validation = validation
    self.settings = settings
    network = training.network
    current = [Float](repeating: 0, count: training.images.entryCount)
    best = current
    order = permutation(of: 0)
  }

  /// Where the run stands between two steps.
  public var place: Place { Place(current: current, best: best, passes: passes, position: position) }

  /// Goes on from where another run of the same images and settings stood.
  public mutating func resume(at place: Place) {
    precondition(place.current.count == current.count, "a place of another image size")
    (current, best, passes) = (place.current, place.best, place.passes)
    order = permutation(of: passes.count)
    position = min(place.position, order.count)
  }

  /// The share of training images that ``best`` fools.
  public var bestPass: Pass? { passes.last { $0.isBest } }

  /// Whether the target is reached or the passes are used up.
  public var isFinished: Bool {
    passes.count >= settings.passes || passes.last.map { $0.training.rate >= settings.target } ?? false
  }

  /// The next image that has to be fooled, with those before it that are fooled already, or the end of a pass;
  /// nil when finished.
  public mutating func advance() throws -> Step? {
    guard !isFinished else { return nil }
    let pass = passes.count
    guard position < order.count else {
      let ended = try endPass()
      return Step(
        pass: pass, images: order.count, count: order.count, hasMoved: false, ended: ended)
    }
    let ahead = Array(order[position..<min(order.count, position + lookahead)])
    let moved = training.images.gathering(ahead).addingToEach(1, current)
    let network = network
    let looked = try parallel(over: ahead.count, interruption: network.interruption) { i in
      network.linearize(at: moved.entry(i))
    }
    let labels = looked.map { $0.logits.argmaxOfEntries[0] }
    let fooled = zip(ahead, labels).prefix { training.labels[$0] != $1 }.count
    let hasMoved =
      fooled < ahead.count
      ? try move(from: moved.entry(fooled), looked[fooled], label: labels[fooled]) : false
    position += min(ahead.count, fooled + 1)
    lastWasFooled = fooled > 0
    return Step(pass: pass, images: position, count: order.count, hasMoved: hasMoved, ended: nil)
  }
}

// MARK: - Parts

extension UniversalPerturbation {
  /// Images looked at together until one is not fooled: each goes alone through the network, so that their number
  /// changes no bit of the outcome.
  private var lookahead: Int { lastWasFooled ? max(1, min(4, Threads.count)) : 1 }

  private func permutation(of pass: Int) -> [Int] {
    var generator = SeededGenerator(seed: settings.seed, stream: UInt64(pass))
    return generator.permutation(training.images.count)
  }

  private mutating func move(
    from point: Tensor, _ linearization: Linearization, label: Int
  ) throws -> Bool {
    let crossing = try Crossing(
      linearization, at: point, label: label, overshoot: settings.overshoot, iterations: settings.iterations,
      candidates: settings.candidates)
    // The published rule: also runs that arrived in the last two linearisations are thrown away.
    guard crossing.iterations < settings.iterations - 1 else { return false }
    add(1, crossing.perturbation, to: &current)
    current = settings.ball.projection(of: current)
    return true
  }

  private mutating func endPass() throws -> Pass {
    let share = try training.share(fooledBy: current)
    let judged = try validation?.share(fooledBy: current)
    let isBest = passes.allSatisfy { $0.training.successes < share.successes }
    let pass = Pass(training: share, validation: judged, isBest: isBest)
    if isBest { best = current }
    passes.append(pass)
    order = permutation(of: passes.count)
    position = 0
    return pass
  }
}
