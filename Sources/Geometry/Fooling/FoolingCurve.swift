public import LinearAlgebra
internal import Tensors

/// Fooling rates of random vectors of the first m directions of a subspace, for several m: one draw a step.
///
/// A draw is ξ·U·g/‖U·g‖ with normal g. On a line there are but two, so both are tried and no more. Cost of a
/// draw: one forward pass an image.
public struct FoolingCurve: Sendable {
  /// One dimension's rates.
  public struct Entry: Sendable, Codable {
    /// m.
    public let dimension: Int
    /// The share of labels changed by each draw.
    public let rates: [Double]
    /// What the rate of each draw could be at most.
    public let ceilings: [Double]

    /// Mean rate over the draws; 0 without draws.
    public var mean: Double { rates.reduce(0, +) / Double(max(1, rates.count)) }
    /// Standard deviation over the draws, with n − 1.
    public var deviation: Double {
      let squares = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(max(1, rates.count - 1))).squareRoot()
    }
    /// The highest rate of a draw; 0 without draws.
    public var best: Double { rates.max() ?? 0 }
    /// The mean of the ceilings.
    public var ceiling: Double { ceilings.reduce(0, +) / Double(max(1, ceilings.count)) }
  }

  /// One entry for each dimension begun, the last perhaps with some draws only.
  public private(set) var entries: [Entry] = []
  /// The vector with the highest rate of all draws so far, at norm ξ; nil before the first.
  public private(set) var best: [Float]?

  private let test: FoolingTest
  private let subspace: Subspace
  private let dimensions: [Int]
  private let radius: Double
  private let draws: Int
  private let seed: UInt64
  private var generator = SeededGenerator(seed: 0)
  private var bestRate = -1.0

  /// - Parameters:
  ///   - test: the images, with their clean labels.
  ///   - subspace: a basis, the most important direction first.
  ///   - dimensions: the m; those beyond the subspace's own are left out.
  ///   - radius: ξ, in pixel units.
  ///   - draws: for each m; at least 20 where a mean is to mean something.
  ///   - seed: every m has its own sequence of this seed.
  public init(
    _ test: FoolingTest, subspace: Subspace, dimensions: [Int], radius: Double, draws: Int = 20,
    seed: UInt64 = 1
  ) {
    self.test = test
    self.subspace = subspace
    self.dimensions = dimensions.filter { $0 > 0 && $0 <= subspace.count }
    self.radius = radius
    self.draws = max(1, draws)
    self.seed = seed
  }

  /// Draws in all.
  public var count: Int { dimensions.reduce(0) { $0 + draws(at: $1) } }

  /// One more draw: the entry it belongs to; nil once all are done.
  @discardableResult
  public mutating func advance() throws -> Entry? {
    let isOpen = entries.last.map { $0.rates.count < draws(at: $0.dimension) } ?? false
    let index = isOpen ? entries.count - 1 : entries.count
    guard index < dimensions.count else { return nil }
    let m = dimensions[index]
    if !isOpen { generator = SeededGenerator(seed: seed, stream: UInt64(m)) }
    let v = vector(m, draw: isOpen ? entries[index].rates.count : 0)
    let trial = try test.trial(of: v, radius: radius)
    let rate = trial.share.rate
    if rate > bestRate { (bestRate, best) = (rate, FoolingTest.scaled(v, to: radius)) }
    let before = isOpen ? entries.removeLast() : Entry(dimension: m, rates: [], ceilings: [])
    let entry = Entry(
      dimension: m, rates: before.rates + [rate], ceilings: before.ceilings + [trial.ceiling])
    entries.append(entry)
    return entry
  }

  private func draws(at m: Int) -> Int { m == 1 ? 2 : draws }

  private mutating func vector(_ m: Int, draw: Int) -> [Float] {
    if m == 1 { return scaled(subspace[0], by: draw == 0 ? 1 : -1) }
    return subspace.prefix(m).draw(using: &generator)
  }
}
