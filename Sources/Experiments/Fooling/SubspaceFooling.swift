internal import Geometry
internal import Jobs
internal import LinearAlgebra
internal import Networks
internal import Tensors

/// How many labels random vectors of a subspace change, against its dimension: a line of the paper's figure 7b.
///
/// Judged on the validation images where there are any, else on the images. A line for another subspace is another
/// experiment; equal seeds give equal coordinates.
public struct SubspaceFooling: Experiment {
  public static let name = "fool-subspace"
  public static let version = 3

  /// The basis, and the m whose first directions are drawn from.
  public var subspaces: NestedSubspaces
  /// Random vectors for each dimension above 1; 20 tell a mean to about 0.03.
  public var draws = 20
  /// ξ = ‖v‖₂ in pixel units.
  public var radius: Double
  /// Of the draws: each m has a sequence of its own.
  public var seed: UInt64

  public var others: [OtherModel] { subspaces.basis.others }

  /// The rates of 20 draws for each m above 1, unless ``draws`` says otherwise.
  public init(basis: Directions, dimensions: [Int], radius: Double, seed: UInt64 = 1) {
    subspaces = NestedSubspaces(basis, dimensions: dimensions)
    self.radius = radius
    self.seed = seed
  }

  /// The rates at each m so far.
  public struct Outcome: StoredOutcome {
    /// The subspace.
    public var name: String
    /// Images judged.
    public var count: Int
    /// ξ = ‖v‖₂ in pixel units.
    public var radius: Double
    /// Asked for at each dimension.
    public var draws: Int
    /// One point for each m, in the order asked for; grows with the draws.
    public var curve: [Point]
  }

  /// Fooling rates of the draws from the first `dimension` directions.
  public struct Point: Codable, Sendable, Equatable {
    public var dimension: Int
    /// Different vectors that were tried: both signs where the dimension is 1.
    public var draws: Int
    /// Mean fooling rate of the draws.
    public var mean: Double
    /// Standard deviation over the draws.
    public var deviation: Double
    /// The largest rate of a draw: chosen by those images that judge, so that it overstates what such a draw does.
    public var best: Double
    /// Mean over the draws of what each could reach: 1 − the share of the class that most of its fooled images get.
    public var ceiling: Double
  }
}

extension SubspaceFooling {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.network(interruptibleBy: context.interruption)
    let (name, subspace) = try context.subspace(of: subspaces, on: subject)
    let judged = subject.validation ?? subject.images
    let test = try FoolingTest(network, images: judged.images)
    var curve = FoolingCurve(
      test, subspace: subspace, dimensions: subspaces.dimensions, radius: radius, draws: draws, seed: seed)
    var drawn = 0
    while try curve.advance() != nil {
      drawn += 1
      try context.report(
        Progress(completed: drawn, total: curve.count, phase: "draws"),
        partial: outcome(curve, name, judged))
    }
    return outcome(curve, name, judged)
  }

  private func outcome(_ curve: FoolingCurve, _ name: String, _ judged: ImageSet) -> Outcome {
    Outcome(
      name: name, count: judged.count, radius: radius, draws: draws,
      curve: curve.entries.map {
        Point(
          dimension: $0.dimension, draws: $0.rates.count, mean: $0.mean, deviation: $0.deviation,
          best: $0.best, ceiling: $0.ceiling)
      })
  }
}
