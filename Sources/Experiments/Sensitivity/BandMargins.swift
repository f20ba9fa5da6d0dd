internal import Geometry
internal import Jobs
internal import LinearAlgebra
internal import Networks
internal import Tensors

/// The distance to the boundary within bands of the cosine transform: which frequencies the network heeds.
///
/// Band i of B holds the images of C planes whose DCT-II is zero outside a K×K block, which goes down the diagonal of
/// the transform from the lowest frequencies to the highest: dimension C·K². Within each the smallest norm that changes
/// the label is found by DeepFool held to the band. Judged on the validation images where there are any; beside it ‖r‖
/// without that. Cost for each band and image: a search for the boundary, and for each gradient C²·K²·H·W multiply-adds
/// of projection. Source: Ortiz-Jiménez et al., Hold me tight! Influence of discriminative features on deep network
/// boundaries, NeurIPS 2020, section 3.
public struct BandMargins: Experiment {
  public static let name = "bands"
  public static let version = 1
  public static let nested: [any Experiment.Type] = [Robustness.self]

  /// B.
  public var count: Int
  /// K.
  public var block: Int

  public init(count: Int = 7, block: Int = 8) {
    self.count = count
    self.block = block
  }

  /// The norms within each band, beside those in all directions.
  public struct Outcome: StoredOutcome {
    /// Images judged.
    public var count: Int
    /// K.
    public var block: Int
    /// Median ‖r‖ over all directions in pixel units; nil where no boundary was found.
    @OrNull public var median: Double?
    /// From the lowest frequencies to the highest; grows as they are measured.
    public var bands: [Band]
  }

  /// One block of cosines, and how far the boundary is within their span.
  public struct Band: Codable, Sendable, Equatable {
    /// The first cosines of the block, in half periods down and across.
    public var rows: Int
    /// The first cosine of the block across, in half periods over the width.
    public var columns: Int
    public var dimension: Int
    /// Share of the images whose boundary was met within the band, no farther than two pictures can lie apart.
    public var reached: Double
    /// Of the norms within the band in pixel units, over those that were reached; nil where none was.
    @OrNull public var median: Double?
    /// The lower quartile of these norms; nil where none was reached.
    @OrNull public var lower: Double?
    /// The upper quartile of these norms; nil where none was reached.
    @OrNull public var upper: Double?
  }

  /// The most numbers that a band's basis may have.
  private static let largestBasis = 1 << 27
}

extension BandMargins {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    let judged = subject.validation ?? subject.images
    let corners = try corners(judged.images.shape)
    let whole = try context.outcome(
      of: Robustness(), on: Subject(classifier: subject.classifier, images: judged))
    var outcome = Outcome(count: judged.count, block: block, median: whole.medianNorm, bands: [])
    let diameter = Double(judged.images.entryCount).squareRoot()
    let cosines = CosineBasis(height: judged.images.shape[2], width: judged.images.shape[3])
    for (i, corner) in corners.enumerated() {
      let band = cosines.span(
        rows: corner.row..<corner.row + block, columns: corner.column..<corner.column + block,
        channels: judged.images.shape[1])
      var search = SubspaceMargin(network, at: judged.images, within: band)
      while let done = try search.advance() {
        try context.report(
          Progress(completed: i * judged.count + done, total: corners.count * judged.count, phase: "images"),
          partial: outcome)
      }
      outcome.bands.append(Band(corner, band.count, search.norms, within: diameter))
    }
    return outcome
  }

  /// Where the blocks begin.
  private func corners(_ shape: Shape) throws -> [(row: Int, column: Int)] {
    let (channels, height, width) = (shape[1], shape[2], shape[3])
    guard block >= 1, block <= min(height, width), count >= 1 else {
      throw SubjectError(
        "images of \(height)×\(width) have blocks of 1 to \(min(height, width)) cosines per side, not \(block)"
      )
    }
    let size = Double(channels * block * block) * Double(shape.entry.count)
    guard size <= Double(Self.largestBasis) else {
      let most = Int((Double(Self.largestBasis) / Double(channels * shape.entry.count)).squareRoot())
      throw SubjectError(
        "a band of \(block)×\(block) cosines is too large to keep here; take at most \(most)")
    }
    return (0..<count).map { i in
      (
        row: i * (height - block) / max(1, count - 1), column: i * (width - block) / max(1, count - 1)
      )
    }
  }
}

extension BandMargins.Band {
  /// Norms beyond the diameter of [0, 1]^d are those of no picture: what rounding leaves of a gradient leads there.
  fileprivate init(
    _ corner: (row: Int, column: Int), _ dimension: Int, _ norms: [Double?], within diameter: Double
  ) {
    let met = Statistics(norms.compactMap { $0 }.filter { $0 <= diameter })
    let isEmpty = met.sorted.isEmpty
    self.init(
      rows: corner.row, columns: corner.column, dimension: dimension,
      reached: Double(met.sorted.count) / Double(max(1, norms.count)), median: isEmpty ? nil : met.median,
      lower: isEmpty ? nil : met.quantile(0.25), upper: isEmpty ? nil : met.quantile(0.75))
  }
}
