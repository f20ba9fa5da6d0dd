internal import Geometry
internal import Jobs
internal import Networks
internal import Tensors

/// The norm R_q at which random directions change a share q of the labels: what a universal perturbation is held against.
public struct NoiseTolerance: Experiment {
  public static let name = "noise"
  public static let version = 2

  /// q; 0.8, the share that the paper asks of a universal perturbation.
  public var share: Double
  /// Of the directions: each image has one of its own, uniform on the sphere.
  public var seed: UInt64

  public init(share: Double = 0.8, seed: UInt64 = 1) {
    self.share = share
    self.seed = seed
  }

  /// R_q, with the rates that it was found by.
  public struct Outcome: StoredOutcome {
    /// q, as it was asked for.
    public var share: Double
    /// R_q in pixel units; nil where no norm up to the largest of the curve reaches the share.
    @OrNull public var radius: Double?
    /// By ascending radius.
    public var curve: [Rate]
  }

  /// The share of labels that random directions of this norm change.
  public struct Rate: Codable, Sendable, Equatable {
    /// Norm of the directions, in pixel units.
    public var radius: Double
    /// Share of the images whose label changes, from 0 to 1.
    public var rate: Double
  }
}

extension NoiseTolerance {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    let test = try FoolingTest(network, images: subject.images.images)
    var search = RandomNoise(test, share: share, seed: seed)
    try context.report(progress(search))
    while try search.advance() != nil {
      try context.report(progress(search), partial: outcome(search))
    }
    return outcome(search)
  }

  private func progress(_ search: RandomNoise) -> Progress {
    let done = search.curve.count
    return Progress(completed: done, total: done + search.remaining, phase: "radii")
  }

  private func outcome(_ search: RandomNoise) -> Outcome {
    Outcome(
      share: share, radius: search.radius, curve: search.curve.map { Rate(radius: $0.radius, rate: $0.rate) })
  }
}
