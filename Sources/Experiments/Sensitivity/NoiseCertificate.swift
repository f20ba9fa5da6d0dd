public import Geometry
internal import Jobs
internal import Networks
internal import Tensors

/// How far Gaussian noise is certain to keep each label, beside the distance ‖r(x)‖ at which an attack changes it.
///
/// R of randomised smoothing, see ``SmoothedLabels``, is a lower bound of the distance for the smoothed classifier; ‖r‖
/// an upper bound for the network itself; σ_γ, see ``LabelPersistence``, the noise that leaves the label to a share γ of
/// draws. A half-space at distance d has R → d, ‖r‖ = d and σ_γ = d/Φ⁻¹(γ). Judged on the validation images where there
/// are any. Cost for each image: the draws and some 20 to 40 times the draws of σ_γ in forward passes, and a search.
public struct NoiseCertificate: Experiment {
  public static let name = "certificate"
  public static let version = 1
  public static let nested: [any Experiment.Type] = [Robustness.self]

  /// σ, N and α of the certificates.
  public var smoothing: SmoothedLabels.Settings
  /// nil measures no σ_γ.
  public var persistence: LabelPersistence.Settings?

  public init(smoothing: SmoothedLabels.Settings, persistence: LabelPersistence.Settings? = .init()) {
    self.smoothing = smoothing
    self.persistence = persistence
  }

  /// With noise of σ, N draws and the usual numbers for the rest.
  public init(sigma: Double, draws: Int, seed: UInt64) {
    self.init(smoothing: .init(sigma: sigma))
    (smoothing.draws, smoothing.seed) = (draws, seed)
    persistence?.seed = seed
  }

  /// The certificates of all images judged, with their medians.
  public struct Outcome: StoredOutcome {
    /// σ in pixel units, of every pixel.
    public var sigma: Double
    /// N: the draws that count; further ones choose the label.
    public var draws: Int
    /// α: at most the probability that what is certified of an image does not hold.
    public var alpha: Double
    public var count: Int
    /// Images whose smoothed label is not certain.
    public var abstained: Int
    /// Images whose smoothed label is another than k(x), of those that are certain.
    public var changed: Int
    /// Median of R in pixel units, 0 where it abstains or the label is another.
    public var medianRadius: Double
    /// Median of ‖r‖ in pixel units; nil where no boundary was found.
    @OrNull public var medianNorm: Double?
    /// Median of R/‖r‖ over images with both.
    @OrNull public var ratio: Double?
    /// γ, and the median of σ_γ; nil where none was measured.
    @OrNull public var gamma: Double?
    /// Median of σ_γ in pixel units; nil where it was not measured, or half of the labels stand all noise.
    @OrNull public var persistence: Double?
    /// Of the draws of the certificates.
    public var seed: UInt64
    /// One an image judged, in their order.
    public var each: [Each]
  }

  /// What noise and an attack do to one image.
  public struct Each: Codable, Sendable, Equatable {
    public var index: Int
    /// k(x), and what the smoothed classifier says.
    public var label: Int
    /// A: the commonest label of the first draws, which the certificate is about.
    public var smoothed: Int
    /// Draws that gave it, and the lower bound of its probability.
    public var kept: Int
    /// p̲: the exact lower bound of its probability, at confidence 1 − α.
    public var lower: Double
    /// R in pixel units; nil where it abstains.
    @OrNull public var radius: Double?
    /// ‖r‖ in pixel units; nil where no boundary was found.
    @OrNull public var norm: Double?
    /// σ_γ with its 95 % interval, in pixel units.
    @OrNull public var persistence: LabelPersistence.Extent?

    /// σ_γ; nil where it was not measured, or no noise changes the label.
    public var persists: Double? { persistence?.sigma }
  }
}

extension NoiseCertificate {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    try check()
    let judged = subject.validation ?? subject.images
    let whole = try context.outcome(
      of: Robustness(), on: Subject(classifier: subject.classifier, images: judged))
    let test = try FoolingTest(network, images: judged.images)
    var smoothed = SmoothedLabels(network, at: judged.images, settings: smoothing)
    while let done = try smoothed.advance() {
      try context.report(Progress(completed: done, total: smoothed.total, phase: "draws"))
    }
    var extents: [LabelPersistence.Extent] = []
    if let persistence {
      var search = LabelPersistence(test, settings: persistence)
      while let extent = try search.advance() {
        extents.append(extent)
        try context.report(
          Progress(completed: extents.count, total: judged.count, phase: "images under noise"))
      }
    }
    let each = smoothed.certificates.enumerated().map { i, certificate in
      Each(
        index: judged.indices[i], label: test.labels[i], smoothed: certificate.label, kept: certificate.count,
        lower: certificate.lower, radius: certificate.radius,
        norm: whole.each[i].isFooled ? whole.each[i].norm : nil,
        persistence: extents.isEmpty ? nil : extents[i])
    }
    return outcome(each, whole.medianNorm)
  }

  private func check() throws {
    guard smoothing.sigma > 0, smoothing.sigma.isFinite, smoothing.draws > 0, smoothing.selection > 0,
      smoothing.alpha > 0, smoothing.alpha < 1
    else { throw SubjectError("smoothing needs σ > 0, at least one draw, and 0 < α < 1") }
    guard persistence.map({ $0.gamma > 0 && $0.gamma < 1 && $0.draws > 0 }) ?? true else {
      throw SubjectError("γ must be a share between 0 and 1, over at least one draw")
    }
  }

  private func outcome(_ each: [Each], _ median: Double?) -> Outcome {
    let sure = each.filter { $0.radius != nil }
    let radii = each.map { $0.smoothed == $0.label ? $0.radius ?? 0 : 0 }
    let ratios = each.compactMap { one in
      one.smoothed == one.label ? one.radius.flatMap { r in one.norm.map { r / $0 } } : nil
    }
    // Labels that no noise changes persist beyond every number.
    let sigmas = each.compactMap(\.persistence).map { $0.sigma ?? .infinity }
    let persistent = sigmas.isEmpty ? nil : Statistics(sigmas).median
    return Outcome(
      sigma: smoothing.sigma, draws: smoothing.draws, alpha: smoothing.alpha, count: each.count,
      abstained: each.count - sure.count, changed: sure.count { $0.smoothed != $0.label },
      medianRadius: Statistics(radii).median, medianNorm: median,
      ratio: ratios.isEmpty ? nil : Statistics(ratios).median, gamma: persistence?.gamma,
      persistence: persistent.flatMap { $0.isFinite ? $0 : nil }, seed: smoothing.seed, each: each)
  }
}
