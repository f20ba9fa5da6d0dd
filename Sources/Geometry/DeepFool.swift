public import Networks
public import Tensors

/// Minimal ℓ2 perturbations of a batch of images, each by a sequence of flat approximations, landed on the boundary.
///
/// The published algorithm in its authors' MATLAB order: linearise at x + r, step to the nearest flat boundary,
/// stop when the label at x + 1.02·r is another. Then the margin is bracketed on the segment from x to x + 1.02·r
/// down to float precision. Cost for each image and iteration: two forward passes and a backward pass a candidate;
/// some six forward passes to land. Memory: the images, four times.
/// Source: Moosavi-Dezfooli, Fawzi, Frossard, DeepFool, CVPR 2016, algorithm 2.
public struct DeepFool: Sendable {
  public struct Settings: Hashable, Codable, Sendable {
    /// η: the share by which the stopping test and the search for the boundary go too far; 0.02 as published.
    public var overshoot: Float = 0.02
    /// Linearisations allowed; 50 as published.
    public var iterations = 50
    /// Classes considered, the label included, ranked at the clean image; 10 as published.
    public var candidates = 10

    public init() {}
  }

  /// How far the search is.
  public struct Step: Sendable {
    /// Images that are done.
    public let finished: Int
    public let count: Int
    public var fraction: Double { Double(finished) / Double(max(1, count)) }
  }

  public let settings: Settings
  private let network: Network
  private let images: Tensor
  private let from: [Int]
  private let candidates: [[Int]]
  private var approach: Approach
  private var landings: [Landing] = []
  private var landed = 0

  /// Images in work at a time; those that are done make room for the next.
  private static let poolSize = 64

  /// Prepares the search; costs one forward pass an image.
  public init(_ network: Network, at images: Tensor, settings: Settings = Settings()) throws {
    precondition(network.classCount > 1, "a classifier of one class has no boundary")
    self.network = network
    self.images = images
    self.settings = settings
    let logits = try network.logits(images)
    from = logits.argmaxOfEntries
    candidates = logits.rivals(count: settings.candidates)
    approach = Approach(count: images.count, size: images.entryCount)
  }

  /// One linearisation of the images in work, or the landing of some; nil when all are done.
  public mutating func advance() throws -> Step? {
    let pool = approach.pool(Self.poolSize)
    if !pool.isEmpty {
      try approach(pool)
    } else if landed < images.count {
      try land(landed..<min(images.count, landed + Self.poolSize))
    } else {
      return nil
    }
    let left = approach.count - approach.finished
    return Step(finished: max(0, images.count - left - (images.count - landed) / 8), count: images.count)
  }

  /// What was found, once all steps are done.
  public var perturbations: MinimalPerturbations {
    precondition(landed == images.count, "\(images.count - landed) images are not done")
    return MinimalPerturbations(
      joining: landings, from: from, iterations: approach.iterations, images: images)
  }

  /// All steps at once.
  public static func perturbations(
    of images: Tensor, _ network: Network, settings: Settings = Settings(),
    report: (Step) throws -> Void = { _ in }
  ) throws -> MinimalPerturbations {
    var search = try DeepFool(network, at: images, settings: settings)
    while let step = try search.advance() { try report(step) }
    return search.perturbations
  }
}

// MARK: - Steps

extension DeepFool {
  private mutating func approach(_ pool: [Int]) throws {
    let x = images.gathering(pool)
    let r = approach.perturbations(pool, shape: x.shape)
    let own = pool.map { from[$0] }
    let rivals = pool.map { candidates[$0] }
    let network = network
    let steps = try network.mapTiles(of: x + r) { tile, range in
      try network.linearize(at: tile).flatSteps(
        from: Array(own[range]), to: Array(rivals[range]), size: tile.entryCount, network.interruption)
    }.flatMap { $0 }
    let moved = Tensor(
      shape: r.shape, elements: zip(r.elements, steps.flatMap(\.step)).map { $0 + $1 })
    let labels = try network.labels(x.adding(1 + settings.overshoot, moved))
    for (n, i) in pool.enumerated() {
      approach.record(
        i, perturbation: Array(moved.entryElements(n)), isFooled: labels[n] != own[n],
        isStuck: steps[n].isZero, limit: settings.iterations)
    }
  }

  private mutating func land(_ range: Range<Int>) throws {
    let indices = Array(range)
    let r = approach.perturbations(indices, shape: images.shape.batch(of: range.count))
    landings.append(
      try Landing(
        network, from: images[range], along: (1 + settings.overshoot) * r, own: Array(from[range]),
        isFooled: range.map { approach.isFooled[$0] }))
    landed = range.upperBound
  }
}

/// Where the search stands for every image.
private struct Approach {
  let count: Int
  let size: Int
  private(set) var iterations: [Int]
  private(set) var isFooled: [Bool]
  private(set) var finished = 0
  private var elements: [[Float]]
  private var active: [Int] = []
  private var next = 0

  init(count: Int, size: Int) {
    self.count = count
    self.size = size
    iterations = [Int](repeating: 0, count: count)
    isFooled = [Bool](repeating: false, count: count)
    elements = [[Float]](repeating: [], count: count)
  }

  /// The images in work, filled up to `limit`.
  mutating func pool(_ limit: Int) -> [Int] {
    while active.count < limit, next < count {
      elements[next] = [Float](repeating: 0, count: size)
      active.append(next)
      next += 1
    }
    return active
  }

  func perturbations(_ indices: [Int], shape: Shape) -> Tensor {
    Tensor(shape: shape, elements: indices.flatMap { elements[$0] })
  }

  mutating func record(_ i: Int, perturbation: [Float], isFooled: Bool, isStuck: Bool, limit: Int) {
    elements[i] = perturbation
    iterations[i] += 1
    self.isFooled[i] = isFooled
    guard isFooled || isStuck || iterations[i] >= limit else { return }
    active.removeAll { $0 == i }
    finished += 1
  }
}
