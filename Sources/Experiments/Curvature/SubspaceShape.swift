internal import Geometry
internal import Jobs
internal import LinearAlgebra
public import Networks
public import Tensors

/// K_S(x) against the dimension m of S: how much the boundary bends along random directions of a subspace (figure 7a).
///
/// K_S(x) = mean over draws v of S of (Pv)ᵀH(Pv)/‖Pv‖² at z = x + r(x), region margin; means and deviations are over
/// the boundary points of the validation images where there are any, else of the images. Cost: `draws` Hessian
/// products for each m and point.
public struct SubspaceShape: Experiment, JudgedImageByImage {
  public static let name = "shape"
  public static let version = 2
  public static let nested: [any Experiment.Type] = [Robustness.self]

  /// The basis, and the m whose first directions span S.
  public var subspaces: NestedSubspaces
  public var product: HessianProduct
  /// Random vectors for each dimension, the same at every point.
  public var draws = 10
  /// Of the draws: each m has a sequence of its own.
  public var seed: UInt64 = 1

  public var others: [OtherModel] { subspaces.basis.others }

  /// K_S along ten draws for each m, unless ``draws`` says otherwise.
  public init(basis: Directions, dimensions: [Int], product: HessianProduct) {
    subspaces = NestedSubspaces(basis, dimensions: dimensions)
    self.product = product
  }

  /// K_S at each m, with how it was measured.
  public struct Outcome: StoredOutcome {
    /// The subspace.
    public var name: String
    /// Boundary points.
    public var count: Int
    public var product: String
    /// h in pixel units; nil unless the product is a secant.
    @OrNull public var step: Double?
    /// Asked for at each m; on a line there is but one.
    public var draws: Int
    /// Of the draws.
    public var seed: UInt64
    /// One point for each m, in the order asked for; grows as they are measured.
    public var curve: [Point]
    /// What to know before believing the numbers; nil where there is nothing.
    @OrNull public var remark: String?
    /// N×2M of the boundary points: K_S and K_S/‖∇F‖ for each dimension.
    var values = Tensor(zeros: [0])

    public var arrays: [String: Tensor] {
      get { ["values": values] }
      set { values = newValue["values"] ?? values }
    }

    private enum CodingKeys: CodingKey { case name, count, product, step, draws, seed, curve, remark }
  }

  /// Over the boundary points.
  public struct Point: Codable, Sendable, Equatable {
    public var dimension: Int
    /// K_S in logit units per square pixel unit.
    public var mean: Double
    /// Standard deviation of K_S over the boundary points, with n − 1, in the units of the mean.
    public var deviation: Double
    /// K_S / ‖∇F‖: a curvature in 1/pixel units.
    public var meanNormalised: Double
    /// Standard deviation of K_S / ‖∇F‖ over the boundary points, with n − 1, in 1/pixel units.
    public var deviationNormalised: Double
    /// Share of the points where K_S is positive: where the boundary bends towards x.
    public var positive: Double
  }
}

extension SubspaceShape {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    let (name, subspace) = try context.subspace(of: subspaces, on: subject)
    guard draws > 0 else { throw SubjectError("K_S needs at least one draw") }
    let found = try context.boundary(of: subject.judged)
    let curvature = try NormalCurvature(
      network, at: found.points, margin: found.regionMargin, product: product)
    var outcome = Outcome(
      name: name, count: found.count, product: product.name, step: product.step, draws: draws,
      seed: seed,
      curve: [], remark: product.remark(on: network))
    let total = subspaces.dimensions.count * draws
    var columns: [[Float]] = []
    for (i, m) in subspaces.dimensions.enumerated() {
      var generator = SeededGenerator(seed: seed, stream: UInt64(m))
      let zeros = [Double](repeating: 0, count: found.count)
      var (raw, normalised) = (zeros, zeros)
      // On a line there are but v and −v, which bend alike.
      let count = m == 1 ? 1 : draws
      for draw in 0..<count {
        try context.report(
          Progress(completed: i * draws + draw, total: total, phase: "draws"), partial: outcome)
        let found = try curvature.along(m == 1 ? subspace[0] : subspace.prefix(m).draw(using: &generator))
        raw = zip(raw, found.raw).map { $0 + $1 / Double(count) }
        normalised = zip(normalised, found.normalised).map { $0 + $1 / Double(count) }
      }
      columns += [raw.map(Float.init), normalised.map(Float.init)]
      outcome.curve.append(Self.point(m, columns[2 * i], columns[2 * i + 1]))
    }
    outcome.values = Tensor(
      shape: [found.count, columns.count], elements: (0..<found.count).flatMap { n in columns.map { $0[n] } })
    try context.report(Progress(completed: total, total: total, phase: "draws"), partial: outcome)
    return outcome
  }

  public func suits(_ outcome: Outcome, _ subject: Subject) -> Bool {
    // Images that did not reach the boundary have no row.
    outcome.values.shape.rank == 2 && outcome.values.count <= Self.extent(of: subject)
      && outcome.values.entryCount == 2 * subspaces.dimensions.count
  }

  public func joined(_ parts: [Outcome], on subject: Subject) -> Outcome {
    let values = Tensor(concatenating: parts.map(\.values))
    var outcome = parts[0]
    (outcome.count, outcome.curve, outcome.values) = (values.count, [], values)
    func column(_ k: Int) -> [Float] { (0..<values.count).map { values.elements[$0 * values.shape[1] + k] } }
    for (i, m) in subspaces.dimensions.enumerated() {
      outcome.curve.append(Self.point(m, column(2 * i), column(2 * i + 1)))
    }
    return outcome
  }

  private static func point(_ m: Int, _ raw: [Float], _ normalised: [Float]) -> Point {
    let (all, unit) = (Statistics(raw.map(Double.init)), Statistics(normalised.map(Double.init)))
    return Point(
      dimension: m, mean: all.mean, deviation: all.deviation, meanNormalised: unit.mean,
      deviationNormalised: unit.deviation,
      positive: Double(raw.filter { $0 > 0 }.count) / Double(max(1, raw.count)))
  }
}
