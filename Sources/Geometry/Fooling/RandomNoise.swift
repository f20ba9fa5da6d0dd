internal import Glibc
internal import Networks
internal import Tensors

/// How far random directions must go to change labels: the share changed at a growing radius, and the radius of a
/// wanted share.
///
/// Every image has one direction, uniform on the sphere, of the seed and its index. The radius doubles until the
/// share q is reached, then the bracket is halved until it is 1 % wide. The share need not grow steadily with the
/// radius; what is found is one crossing of q. Cost of a step: one forward pass an image.
public struct RandomNoise: Sendable {
  /// What was measured at one radius.
  public struct Entry: Sendable, Codable {
    /// ‖v‖₂ of every image's random direction, in pixel units.
    public let radius: Double
    /// The share of labels that the directions change: 0 to 1.
    public let rate: Double
  }

  /// What was measured, by ascending radius.
  public private(set) var curve: [Entry] = []
  /// q.
  public let share: Double
  private let test: FoolingTest
  private let directions: Tensor
  private var planned: [Double]
  private var low = 0.0
  private var high: Double?
  private let limit: Double

  /// - Parameters:
  ///   - test: the images, with their clean labels.
  ///   - share: q; 0.8 is what the paper's "most data points" is taken for.
  ///   - radii: measured besides those that the search needs.
  ///   - seed: of the directions.
  public init(_ test: FoolingTest, share: Double = 0.8, radii: [Double] = [], seed: UInt64 = 1) {
    self.test = test
    self.share = share
    planned = radii.filter { $0 > 0 }
    let size = test.images.entryCount
    let elements = (0..<test.images.count).flatMap { i in
      var generator = SeededGenerator(seed: seed, stream: UInt64(i))
      return generator.unitVector(size)
    }
    directions = Tensor(shape: test.images.shape, elements: elements)
    // A perturbation ten times as long as the longest image in [0, 1] leaves nothing of it.
    limit = 10 * Double(size).squareRoot()
  }

  /// R_q: the radius where the share q of labels is changed; nil where not even an overwhelming one does it.
  ///
  /// Final once ``advance()`` has returned nil; the upper end of the bracket until then.
  public var radius: Double? { high }

  /// One more radius; nil once R_q is known to 1 %.
  public mutating func advance() throws -> Entry? {
    guard let next = planned.last ?? nextRadius else { return nil }
    let scales = [Float](repeating: Float(next), count: directions.count)
    let reached = try test.network.labels(test.images.adding(directions, scales: scales))
    let changed = zip(reached, test.labels).filter { $0 != $1 }.count
    let entry = Entry(radius: next, rate: Proportion(changed, of: reached.count).rate)
    _ = planned.popLast()
    curve.append(entry)
    curve.sort { $0.radius < $1.radius }
    bracket()
    return entry
  }

  /// Sets the bracket around the first radius that reaches the share; a radius beyond it that falls short again is no end.
  private mutating func bracket() {
    high = curve.first { $0.rate >= share }?.radius
    low = curve.last { $0.radius < high ?? .infinity }?.radius ?? 0
  }

  /// Radii still to be measured, at most; a guess as long as none reaches the share.
  public var remaining: Int {
    guard let high else {
      let doublings = nextRadius.map { max(0, Int((log2(usual / $0)).rounded(.up))) + 1 } ?? 0
      return planned.count + doublings + Self.halvings
    }
    var (width, left) = (high - low, 0)
    while width > Self.precision * high {
      width /= 2
      left += 1
    }
    return planned.count + left
  }

  /// The width of the last bracket, in parts of R_q.
  private static let precision = 0.01
  /// About what R_q is on most networks: a fifth of the longest image in [0, 1].
  private var usual: Double { limit / 50 }
  /// That it takes to come from a bracket of R_q/2 to one of a hundredth.
  private static let halvings = 6

  private var nextRadius: Double? {
    guard let high else {
      let next = low > 0 ? 2 * low : 1
      return next <= limit ? next : nil
    }
    return high - low > Self.precision * high ? (low + high) / 2 : nil
  }
}
