internal import Networks
internal import Tensors

/// γ-persistence: the largest σ up to which Gaussian noise keeps the label of an image with probability γ.
///
/// x is (γ, σ)-stable where P(k(x + σε) = k(x)) ≥ γ; the γ-persistence of x is the largest σ such that it is so for all
/// smaller ones. Measured with one set of draws ε for all σ: σ doubles until fewer than γ of them keep the label, then
/// the bracket is halved until it is 2 % wide, so that a return of the label at larger σ is not seen. The interval has
/// as ends the σ where the exact 95 % bounds of the share fall below γ. For a half-space at distance d it is d/Φ⁻¹(γ).
/// Cost for each image: some 15 to 40 times as many forward passes as draws. Source: Bell et al., Persistent
/// classification, arXiv 2404.08069, 2024, definitions 1 and 2.
public struct LabelPersistence: Sendable {
  /// The share that must keep the label, and the draws that it is measured by.
  public struct Settings: Hashable, Codable, Sendable {
    /// γ; 0.7 as published.
    public var gamma = 0.7
    /// Draws of the noise, the same for every σ and image.
    public var draws = 200
    /// Seed of the noise; each draw has a sequence of its own.
    public var seed: UInt64 = 1

    public init() {}
  }

  /// σ in pixel units; nil where noise of ``limit`` keeps the label still.
  public struct Extent: Codable, Sendable, Equatable {
    /// The γ-persistence, as the share of the draws has it.
    public var sigma: Double?
    /// Ends of the 95 % interval by the number of draws.
    public var lower: Double?
    /// The upper end; nil where it lies beyond ``LabelPersistence/limit``.
    public var upper: Double?
  }

  /// Of the images done so far.
  public private(set) var found: [Extent] = []
  private let test: FoolingTest
  private let settings: Settings
  private let noise: NoiseDraws
  /// All draws, where they are few enough to be kept.
  private let kept: Tensor?

  /// Noise that leaves nothing of a picture.
  public static let limit = 16.0
  private static let least = 1.0 / 1024
  private static let precision = 0.02

  public init(_ test: FoolingTest, settings: Settings = .init()) {
    precondition(settings.draws > 0 && settings.gamma > 0 && settings.gamma < 1, "no share of any draws")
    self.test = test
    self.settings = settings
    noise = NoiseDraws(shape: test.images.shape, seed: settings.seed)
    kept = settings.draws * test.images.entryCount <= 1 << 24 ? noise.part(0..<settings.draws) : nil
  }

  /// The next image; nil once all are done.
  public mutating func advance() throws -> Extent? {
    guard found.count < test.images.count else { return nil }
    var known: [Double: Int] = [:]
    let counts = [
      needed, firstCount { $0.lowerBound(alpha: 0.025) }, firstCount { $0.upperBound(alpha: 0.025) },
    ]
    let ends = try counts.map { try largest(keeping: $0, &known) }
    let extent = Extent(sigma: ends[0], lower: ends[1], upper: ends[2])
    found.append(extent)
    return extent
  }

  /// Draws of which the share is γ.
  private var needed: Int { Int((settings.gamma * Double(settings.draws)).rounded(.up)) }

  /// The fewest draws that keep the label so that a bound of the share reaches γ; one more than there are where none do.
  private func firstCount(_ bound: (Proportion) -> Double) -> Int {
    (0...settings.draws).first { bound(Proportion($0, of: settings.draws)) >= settings.gamma }
      ?? settings.draws + 1
  }

  /// The σ up to which at least `count` draws keep the label; nil where all up to the limit do.
  private func largest(keeping count: Int, _ known: inout [Double: Int]) throws -> Double? {
    guard count <= settings.draws else { return 0 }
    var (low, high) = (0.0, Self.least)
    while try share(high, &known) >= count {
      (low, high) = (high, 2 * high)
      if high > Self.limit { return nil }
    }
    while high - low > Self.precision * high, high > Self.least * Self.precision {
      let middle = (low + high) / 2
      if try share(middle, &known) >= count { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// How many draws keep the label at σ.
  private func share(_ sigma: Double, _ known: inout [Double: Int]) throws -> Int {
    if let count = known[sigma] { return count }
    let size = kept == nil ? noise.partSize : settings.draws
    let x = Array(test.images.entryElements(found.count))
    var count = 0
    for start in stride(from: 0, to: settings.draws, by: size) {
      let part = kept ?? noise.part(start..<min(settings.draws, start + size))
      let labels = try test.network.labels(of: x, under: part, sigma: sigma)
      count += labels.count { $0 == test.labels[found.count] }
    }
    known[sigma] = count
    return count
  }
}
