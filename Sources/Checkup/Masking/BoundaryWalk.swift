internal import Glibc
public import Networks
public import Tensors

/// The smallest perturbation that a search finds which sees labels alone.
///
/// It begins at the nearest other image of another label, and where none has one at noise; goes back towards x by
/// bisection; then tries steps across the ball around x and a little inwards, keeps those that stay beyond the boundary,
/// and makes steps longer where they succeed and shorter where they fail (Brendel, Rauber, Bethge, ICLR 2018). On
/// thousands of pixels a few hundred queries end far above the true distance: only a network whose gradients mislead is
/// beaten. Every image asks `queries` times, all images together.
public struct BoundaryWalk: Sendable {
  /// The norms that were found; nil where no other label was.
  public private(set) var norms: [Double?]
  /// Queries asked of each image.
  public private(set) var spent = 0
  private let network: Network
  private let images: Tensor
  private let labels: [Int]
  private let queries: Int
  private var deltas: [[Float]]
  /// Steps across the ball, as shares of the norm.
  private var steps: [Double]
  private var generators: [SeededGenerator]

  private static let bisections = 12
  /// Where a walk may begin: at another image, at black, at white, at noise.
  private static let attempts = 8

  /// Takes images N×C×H×W and the label of each.
  ///
  /// Cost: one query an image, then those of the bisection.
  public init(_ network: Network, of images: Tensor, labels: [Int], queries: Int, seed: UInt64 = 1) throws {
    (self.network, self.images, self.labels, self.queries) = (network, images, labels, queries)
    generators = labels.indices.map { SeededGenerator(seed: seed, stream: UInt64($0) + 7) }
    steps = labels.map { _ in 0.3 }
    deltas = labels.map { _ in [] }
    norms = labels.map { _ in nil }
    for attempt in 0..<Self.attempts where norms.contains(where: { $0 == nil }) { try begin(attempt) }
    try bisect()
  }

  /// One query more of every image; false once all are spent.
  public mutating func advance() throws -> Bool {
    let active = norms.indices.filter { norms[$0] != nil }
    guard spent < queries, !active.isEmpty else { return false }
    let proposed = active.map { propose($0) }
    let x = images.gathering(active)
    let labels = try network.logits(
      x + Tensor(shape: x.shape, elements: proposed.flatMap { $0 }), allowingNonFinite: true
    ).argmaxOfEntries
    for (n, i) in active.enumerated() { take(proposed[n], i, isBeyond: labels[n] != self.labels[i]) }
    spent += 1
    return true
  }

  /// Tries one beginning for all images that have none yet.
  private mutating func begin(_ attempt: Int) throws {
    let open = norms.indices.filter { norms[$0] == nil }
    let starts = open.map { start(of: $0, attempt) }
    let x = images.gathering(open)
    let reached = try network.logits(
      x + Tensor(shape: x.shape, elements: starts.flatMap { $0 }), allowingNonFinite: true
    ).argmaxOfEntries
    for (n, i) in open.enumerated() {
      deltas[i] = starts[n]
      if reached[n] != labels[i] { norms[i] = Tensors.norm(starts[n]) }
    }
    spent += 1
  }

  /// The way to the nearest image of another label first, to black, white and noise then.
  private func start(of i: Int, _ attempt: Int) -> [Float] {
    let x = Array(images.entryElements(i))
    switch attempt {
    case 0:
      let ways = labels.indices.filter { labels[$0] != labels[i] }.prefix(64).map { j in
        zip(images.entryElements(j), x).map { $0 - $1 }
      }
      return ways.min { Tensors.norm($0) < Tensors.norm($1) } ?? x.map { 0.5 - $0 }
    case 1: return x.map { -$0 }
    case 2: return x.map { 1 - $0 }
    default:
      var generator = SeededGenerator(seed: UInt64(attempt), stream: UInt64(i))
      return x.map { Float(generator.uniform()) - $0 }
    }
  }

  private mutating func bisect() throws {
    var (low, high) = ([Float](repeating: 0, count: labels.count), [Float](repeating: 1, count: labels.count))
    let way = Tensor(shape: images.shape, elements: deltas.flatMap { $0 })
    for _ in 0..<Self.bisections {
      let middle = zip(low, high).map { ($0 + $1) / 2 }
      let found = try network.logits(images.adding(way, scales: middle), allowingNonFinite: true)
        .argmaxOfEntries
      for i in labels.indices {
        if found[i] != labels[i] { high[i] = middle[i] } else { low[i] = middle[i] }
      }
      spent += 1
    }
    for i in labels.indices where norms[i] != nil {
      deltas[i] = scaled(deltas[i], by: high[i])
      norms[i] = Tensors.norm(deltas[i])
    }
  }

  /// A step across the ball, and inwards.
  private mutating func propose(_ i: Int) -> [Float] {
    let (delta, length) = (deltas[i], Tensors.norm(deltas[i]))
    var direction = generators[i].gaussianVector(delta.count)
    add(Float(-dot(direction, delta) / (length * length)), delta, to: &direction)
    let size = Tensors.norm(direction)
    guard size > 0 else { return delta }
    var moved = delta
    add(Float(steps[i] * length / size), direction, to: &moved)
    // A random direction has 1/√d of its length along the boundary's normal: half of that is what a step can win.
    let inwards = steps[i] / (2 * Double(delta.count).squareRoot())
    return scaled(moved, by: Float(length * (1 - inwards) / Tensors.norm(moved)))
  }

  private mutating func take(_ proposed: [Float], _ i: Int, isBeyond: Bool) {
    if isBeyond { (deltas[i], norms[i]) = (proposed, Tensors.norm(proposed)) }
    // Steps settle where a quarter of them succeeds.
    steps[i] = min(1, max(1e-4, steps[i] * (isBeyond ? 1.3 : 0.92)))
  }
}
