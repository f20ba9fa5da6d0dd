internal import Geometry
internal import Jobs
internal import Networks
public import Tensors

/// The Fourier heat map: how many labels a plane wave of each spatial frequency changes.
///
/// Judged on the validation images where there are any, else on the images. What is added is ±ξ/√C·U_{ij} in each of the
/// C channels, its sign drawn for each image and channel: ‖·‖₂ = ξ. Cost: ⌈HW/2⌉ forward passes an image, 2K(K + 1) + 1
/// with a cutoff of K cycles. Source: Yin et al., A Fourier perspective on model robustness in computer vision, NeurIPS
/// 2019, section 2; their v is that of a channel, ξ/√C.
public struct FourierHeatMap: Experiment {
  public static let name = "fourier"
  public static let version = 1

  /// ξ in pixel units.
  public var radius: Double
  /// Cycles over the height and over the width that are measured at most.
  public var cutoff: Int
  /// Of the signs: each image and channel has one for each wave.
  public var seed: UInt64

  /// What is measured of large images where nobody says: 63×63 frequencies, as published for ImageNet.
  public static let usualCutoff = 31

  public init(radius: Double, cutoff: Int = FourierHeatMap.usualCutoff, seed: UInt64 = 1) {
    self.radius = radius
    self.cutoff = cutoff
    self.seed = seed
  }

  /// ξ where nobody says: an eighth of white in the mean over pixels, as published for CIFAR-10.
  public static func usualRadius(of shape: Shape) -> Double { Double(shape.count).squareRoot() / 8 }

  /// The map so far.
  public struct Outcome: StoredOutcome {
    /// ξ in pixel units.
    public var radius: Double
    public var count: Int
    /// Cycles over the height of the map's rows, and over the width of its columns, ascending.
    public var rows: [Int]
    /// Cycles over the width of the map's columns, ascending.
    public var columns: [Int]
    /// Shares of labels that change, row after row.
    public var rates: [[Double]]
    /// Shares of labels that are not the truth; nil where that is not known of every image.
    @OrNull public var errors: [[Double]]?
    /// The same without any wave.
    @OrNull public var clean: Double?
    /// Means over rings of frequencies, by ascending radius.
    public var bands: [Band]
    /// Of the signs.
    public var seed: UInt64
  }

  /// Frequencies of one radius, to the nearest whole number of cycles an image.
  public struct Band: Codable, Sendable, Equatable {
    /// Cycles an image, in whatever direction.
    public var radius: Int
    /// Those that were measured, both of a Hermitian pair where the map has both.
    public var frequencies: Int
    /// Mean over its frequencies of the share of labels that change.
    public var rate: Double
    /// Standard deviation over its frequencies.
    public var deviation: Double
  }
}

extension FourierHeatMap {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    guard radius > 0, radius.isFinite, cutoff >= 0 else {
      throw SubjectError(
        "a wave needs a positive norm and a cutoff of at least 0, not \(radius) and \(cutoff)")
    }
    let judged = subject.validation ?? subject.images
    let test = try FoolingTest(network, images: judged.images)
    let truth = judged.completeTruth
    var map = FourierSensitivity(test, truth: truth, radius: radius, cutoff: cutoff, seed: seed)
    let clean = truth.map { truth in
      Proportion(zip(test.labels, truth).count { $0 != $1 }, of: truth.count).rate
    }
    try context.report(Progress(completed: 0, total: map.count, phase: "frequencies"))
    while try map.advance() != nil {
      // A picture now and then is enough for the eye.
      let isShown = map.completed % 16 == 0
      try context.report(
        Progress(completed: map.completed, total: map.count, phase: "frequencies"),
        partial: isShown ? outcome(map, clean, judged.count) : nil)
    }
    return outcome(map, clean, judged.count)
  }

  private func outcome(_ map: FourierSensitivity, _ clean: Double?, _ count: Int) -> Outcome {
    Outcome(
      radius: radius, count: count, rows: map.rows, columns: map.columns, rates: map.changed,
      errors: map.wrong.isEmpty ? nil : map.wrong, clean: clean, bands: Self.bands(map), seed: seed)
  }

  private static func bands(_ map: FourierSensitivity) -> [Band] {
    var rings: [Int: [Double]] = [:]
    for (i, row) in map.rows.enumerated() {
      for (j, column) in map.columns.enumerated() where map.changed[i][j].isFinite {
        let radius = SpatialFrequency(rows: row, columns: column).radius
        rings[Int(radius.rounded()), default: []].append(map.changed[i][j])
      }
    }
    return rings.sorted { $0.key < $1.key }.map { radius, rates in
      let statistics = Statistics(rates)
      return Band(
        radius: radius, frequencies: rates.count, rate: statistics.mean, deviation: statistics.deviation)
    }
  }
}
