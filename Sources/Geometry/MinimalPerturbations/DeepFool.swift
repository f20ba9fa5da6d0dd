public import Networks
public import Tensors

/// Minimal ℓ2 perturbations of a batch of images, each by a sequence of flat approximations, landed on the boundary.
///
/// The published algorithm in its authors' MATLAB order: linearise at x + r, step to the nearest flat boundary,
/// stop when the label at x + 1.02·r is another. Then the margin is bracketed on the segment from x to x + 1.02·r
/// down to float precision. Cost for each image: two forward passes an iteration, a backward pass a candidate in the
/// first and for those few within reach later; some five forward passes to land. Memory: the images, four times.
/// Source: Moosavi-Dezfooli, Fawzi, Frossard, DeepFool, CVPR 2016, algorithm 2.
public struct DeepFool: Sendable {
  /// How far the search goes, and among which classes.
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
    /// The share of the work that is done: 0 to 1.
    public var fraction: Double { Double(finished) / Double(max(1, count)) }
  }

  /// How far this search goes, and among which classes.
  public let settings: Settings
  private let network: Network
  private let images: Tensor
  private var approach: Approach
  private var landings: [Landing] = []
  private var landed = 0

  /// Images in work at a time, more where they are small; those that are done make room for the next.
  private let poolSize: Int

  /// Prepares the search; nothing is evaluated yet.
  public init(_ network: Network, at images: Tensor, settings: Settings = Settings()) {
    precondition(network.classCount > 1, "a classifier of one class has no boundary")
    self.network = network
    self.images = images
    self.settings = settings
    poolSize = max(64, min(256, 1 << 20 / max(1, images.entryCount)))
    approach = Approach(size: images.entryCount)
  }

  /// One linearisation of some images, or the landing of some; nil when all are done.
  public mutating func advance() throws -> Step? {
    let begun = approach.count
    if approach.active.count < poolSize, begun < images.count {
      try begin(begun..<min(images.count, begun + poolSize))
    } else if !approach.active.isEmpty {
      try goOn(Array(approach.active.prefix(poolSize)))
    } else if landed < images.count {
      try land(landed..<min(images.count, landed + poolSize))
    } else {
      return nil
    }
    let left = images.count - approach.finished
    return Step(finished: max(0, images.count - left - (images.count - landed) / 8), count: images.count)
  }

  /// Whether every image has crossed or given up: what is left is to set the images on the boundary.
  public var hasCrossed: Bool { approach.finished == images.count }

  /// What was found, once all steps are done.
  public var perturbations: MinimalPerturbations {
    precondition(landed == images.count, "\(images.count - landed) images are not done")
    return MinimalPerturbations(
      joining: landings, from: approach.from, iterations: approach.iterations, images: images,
      obstacle: approach.obstacle)
  }

  /// All steps at once.
  public static func perturbations(
    of images: Tensor, _ network: Network, settings: Settings = Settings(),
    report: (Step) throws -> Void = { _ in }
  ) throws -> MinimalPerturbations {
    var search = DeepFool(network, at: images, settings: settings)
    while let step = try search.advance() { try report(step) }
    return search.perturbations
  }
}

// MARK: - Steps

extension DeepFool {
  /// Labels new images, ranks their candidates, and takes the first step of each.
  private mutating func begin(_ range: Range<Int>) throws {
    let (network, settings, x) = (network, settings, images[range])
    let begun = try network.mapTiles(of: x, cotangentsOfEach: settings.candidates - 1) { tile, tileRange in
      let linearization = network.linearize(at: tile)
      let logits = linearization.logits
      try logits.checkLogits(from: range.lowerBound + tileRange.lowerBound)
      let rivals = logits.rivals(count: settings.candidates)
      let candidates = zip(logits.argmaxOfEntries, rivals).map { Candidates(own: $0, classes: $1) }
      let searches = try linearization.flatSteps(
        candidates, size: tile.entryCount, network.interruption)
      return (searches, Margin.region(own: candidates.map(\.own)).values(logits, range: candidates.indices))
    }
    approach.admit(begun.flatMap(\.0).map(\.candidates), margins: begun.flatMap(\.1))
    try step(Array(range), x, begun.flatMap(\.0))
  }

  /// The next step of images in work.
  private mutating func goOn(_ pool: [Int]) throws {
    let (network, x) = (network, images.gathering(pool))
    let candidates = pool.map { approach.candidates[$0] }
    let searches = try network.mapTiles(of: x + approach.perturbations(pool, shape: x.shape)) { tile, range in
      try network.linearize(at: tile).flatSteps(
        Array(candidates[range]), size: tile.entryCount, network.interruption)
    }.flatMap { $0 }
    try step(pool, x, searches)
  }

  /// Adds the steps that were found, and tests where they lead.
  private mutating func step(_ pool: [Int], _ x: Tensor, _ searches: [FlatStepSearch]) throws {
    let r = approach.perturbations(pool, shape: x.shape)
    let moved = Tensor(
      shape: r.shape, elements: zip(r.elements, searches.flatMap(\.nearest.step)).map { $0 + $1 })
    let margin = Margin.region(own: pool.map { approach.candidates[$0].own })
    let logits = try network.logits(x + (1 + settings.overshoot) * moved, allowingNonFinite: true)
    let (labels, margins) = (logits.argmaxOfEntries, margin.values(logits, range: 0..<pool.count))
    let isKnown = logits.rowsAreFinite
    for (n, i) in pool.enumerated() {
      if isKnown[n] {
        approach.record(
          i, perturbation: Array(moved.entryElements(n)), searches[n], label: labels[n], margin: margins[n],
          limit: settings.iterations)
      } else {
        approach.giveUp(i)
      }
    }
  }

  private mutating func land(_ range: Range<Int>) throws {
    let r = approach.perturbations(Array(range), shape: images.shape.batch(of: range.count))
    landings.append(
      try Landing(
        network, from: images[range], along: (1 + settings.overshoot) * r, own: Array(approach.from[range]),
        isFooled: Array(approach.isFooled[range]), margins: Array(approach.margins[range])))
    landed = range.upperBound
  }
}

/// Where the search stands for every image that it has begun.
private struct Approach {
  let size: Int
  private(set) var candidates: [Candidates] = []
  private(set) var iterations: [Int] = []
  private(set) var isFooled: [Bool] = []
  /// The region margins at x and where the last step led.
  private(set) var margins: [Landing.Ends] = []
  /// Whether no candidate had a gradient at x.
  private var isFlat: [Bool] = []
  private(set) var finished = 0
  /// Images in work.
  private(set) var active: [Int] = []
  private var elements: [[Float]] = []

  init(size: Int) { self.size = size }

  var count: Int { candidates.count }
  var from: [Int] { candidates.map(\.own) }

  /// Takes the next images into work.
  mutating func admit(_ candidates: [Candidates], margins: [Float]) {
    active += count..<count + candidates.count
    self.candidates += candidates
    self.margins += margins.map { .init(here: $0, beyond: $0) }
    iterations += candidates.map { _ in 0 }
    isFooled += candidates.map { _ in false }
    isFlat += candidates.map { _ in false }
    elements += candidates.map { _ in [Float](repeating: 0, count: size) }
  }

  func perturbations(_ indices: [Int], shape: Shape) -> Tensor {
    Tensor(shape: shape, elements: indices.flatMap { elements[$0] })
  }

  mutating func record(
    _ i: Int, perturbation: [Float], _ search: FlatStepSearch, label: Int, margin: Float, limit: Int
  ) {
    elements[i] = perturbation
    candidates[i] = search.candidates
    iterations[i] += 1
    isFooled[i] = label != candidates[i].own
    margins[i].beyond = margin
    if iterations[i] == 1 { isFlat[i] = search.nearest.isZero }
    if isFooled[i] || search.nearest.isZero || iterations[i] >= limit { finish(i) }
  }

  /// Why an image did not reach the boundary, where it did not.
  func obstacle(_ i: Int) -> Obstacle { margins[i].here == 0 ? .tie : isFlat[i] ? .flat : .lost }

  /// Leaves an image where it is, not fooled: the next step leads where the network has no finite logits.
  mutating func giveUp(_ i: Int) {
    iterations[i] += 1
    finish(i)
  }

  private mutating func finish(_ i: Int) {
    active.removeAll { $0 == i }
    finished += 1
  }
}
