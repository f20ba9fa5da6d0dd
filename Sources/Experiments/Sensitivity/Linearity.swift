public import Geometry
internal import Jobs
internal import Networks
internal import Tensors

/// How far the loss of each image lies off its tangent within a ball: γ(ε, x), see ``LocalLinearity``.
///
/// A network whose gradients are masked has a large γ where DeepFool and curvature are believed: its tangent at x says
/// little of what lies ε away. The γ that is found is a lower bound. Judged on the validation images where there are
/// any. Cost: 1 + starts·(steps + 1) gradients an image.
public struct Linearity: Experiment {
  public static let name = "linearity"
  public static let version = 1

  /// The ball and the loss, and how γ is searched for.
  public var settings: LocalLinearity.Settings

  public init(settings: LocalLinearity.Settings) { self.settings = settings }

  /// γ of every image judged, with its statistics.
  public struct Outcome: StoredOutcome {
    /// ε in pixel units of the ball's norm.
    public var radius: Double
    /// The norm of δ: ℓ2 or ℓ∞.
    public var ball: LocalLinearity.Ball
    /// ℓ.
    public var loss: LocalLinearity.Loss
    public var count: Int
    /// γ in logit units over the images.
    public var mean: Double
    /// Standard deviation of γ over the images, with n − 1, in logit units.
    public var deviation: Double
    /// Median of γ over the images, in logit units.
    public var median: Double
    /// Largest γ of an image, in logit units.
    public var largest: Double
    /// Median of γ / (ε‖∇ℓ(x)‖), the dual norm: 0 of a linear loss, 1 where the bend weighs as much as the slope; nil
    /// where no image has a slope.
    @OrNull public var relative: Double?
    /// Mean over the images of the share of γ by which its starts differ at most: 0 where all ended alike.
    public var spread: Double
    /// Ascent steps from each start.
    public var steps: Int
    /// Starts for each image: along ∇ℓ, against it, then random.
    public var starts: Int
    /// Of the random starts.
    public var seed: UInt64
    /// One an image judged, in their order.
    public var each: [Each]
  }

  /// What was found at one image.
  public struct Each: Codable, Sendable, Equatable {
    public var index: Int
    /// In logit units.
    public var gamma: Double
    /// γ from each start: along ∇ℓ, against it, in random directions.
    public var ends: [Double]
    /// ε‖∇ℓ(x)‖ in the dual norm.
    public var slope: Double
    /// γ divided by it; nil where there is no slope.
    @OrNull public var relative: Double?
  }

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    guard settings.radius > 0, settings.radius.isFinite, settings.steps > 0, settings.starts > 0 else {
      throw SubjectError("local linearity needs a positive radius, steps and starts")
    }
    let judged = subject.validation ?? subject.images
    var search = LocalLinearity(network, at: judged.images, settings: settings)
    try context.report(Progress(completed: 0, total: judged.count, phase: "images"))
    while let done = try search.advance() {
      try context.report(Progress(completed: done, total: judged.count, phase: "images"))
    }
    return outcome(search.found, judged)
  }

  private func outcome(_ found: [LocalLinearity.Violation], _ judged: ImageSet) -> Outcome {
    let each = zip(judged.indices, found).map { index, violation in
      Each(
        index: index, gamma: violation.gamma, ends: violation.ends, slope: violation.slope,
        relative: violation.slope > 0 ? violation.gamma / violation.slope : nil)
    }
    let (gammas, relative) = (Statistics(each.map(\.gamma)), Statistics(each.compactMap(\.relative)))
    let spreads = each.map { one in
      one.gamma > 0 ? (one.gamma - (one.ends.min() ?? 0)) / one.gamma : 0
    }
    return Outcome(
      radius: settings.radius, ball: settings.ball, loss: settings.loss, count: each.count, mean: gammas.mean,
      deviation: gammas.deviation, median: gammas.median, largest: gammas.sorted.last ?? 0,
      relative: relative.sorted.isEmpty ? nil : relative.median, spread: Statistics(spreads).mean,
      steps: settings.steps, starts: settings.starts, seed: settings.seed, each: each)
  }
}
