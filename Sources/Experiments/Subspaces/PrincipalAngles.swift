internal import Geometry
public import Jobs
internal import LinearAlgebra
internal import Tensors

/// The principal angles between two subspaces, such as S_c of two networks, beside those of random ones (figure 10).
///
/// Cosines are the singular values of U·Wᵀ. The subject gives the shape of the images alone.
public struct PrincipalAngles: Experiment {
  public static let name = "angles"
  public static let version = 1

  /// The directions that span U.
  public var first: Directions
  /// The directions that span W.
  public var second: Directions
  /// Pairs of uniformly random subspaces of the same dimensions.
  public var randomPairs = 10
  /// Of the random pairs.
  public var seed: UInt64 = 1

  public var others: [OtherModel] { first.others + second.others }

  public init(_ first: Directions, _ second: Directions) {
    self.first = first
    self.second = second
  }

  /// The angles, beside those of random pairs.
  public struct Outcome: StoredOutcome {
    /// What U's directions are called.
    public var first: String
    /// What W's directions are called.
    public var second: String
    /// m of each.
    public var dimensions: [Int]
    /// d.
    public var ambient: Int
    /// Descending.
    public var cosines: [Double]
    /// In radians, ascending: small ones from their sines.
    public var angles: [Double]
    /// Mean cosines of random pairs, descending, and the largest of any.
    public var random: [Double]
    /// The largest cosine of any random pair.
    public var randomLargest: Double
    /// Of the random pairs.
    public var seed: UInt64
  }

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    try context.interruption?.check()
    let bases = try [first, second].map { try context.basis($0, on: subject) }
    for basis in bases { try subject.check(basis) }
    return try outcome(between: bases[0], bases[1]) { try context.report($0) }
  }

  /// The angles between known directions of any space.
  public func outcome(
    between first: Basis, _ second: Basis, report: (Progress) throws -> Void = { _ in }
  ) throws -> Outcome {
    guard first.vectors.entryCount == second.vectors.entryCount else {
      throw SubjectError(
        "\(first.name) has directions of \(first.vectors.shape.entry), \(second.name) of "
          + "\(second.vectors.shape.entry); angles need the same space")
    }
    let (a, b) = (try first.subspace(), try second.subspace())
    var sums = [Double](repeating: 0, count: min(a.count, b.count))
    var largest = 0.0
    for pair in 0..<randomPairs {
      try report(Progress(completed: pair, total: randomPairs, phase: "random subspaces"))
      var generator = SeededGenerator(seed: seed, stream: UInt64(pair))
      let u = Subspace.random(count: a.count, dimension: a.dimension, using: &generator)
      let w = Subspace.random(count: b.count, dimension: b.dimension, using: &generator)
      let cosines = u.cosines(to: w)
      largest = max(largest, cosines.first ?? 0)
      for (i, cosine) in cosines.enumerated() { sums[i] += cosine / Double(randomPairs) }
    }
    return Outcome(
      first: first.name, second: second.name, dimensions: [a.count, b.count], ambient: a.dimension,
      cosines: a.cosines(to: b), angles: a.angles(to: b), random: sums, randomLargest: largest, seed: seed)
  }
}
