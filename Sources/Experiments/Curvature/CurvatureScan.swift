internal import Geometry
internal import Jobs
internal import Networks
internal import Tensors

/// S_c's first direction under several recipes or scales: its eigenvalue and its fooling rate against each.
///
/// The one chosen is that with the highest rate on the training images alone (the mean of +v and −v, for an eigenvector
/// has no sign); the validation images judge it and choose nothing.
public struct CurvatureScan: Experiment {
  public static let name = "scan"
  public static let version = 3
  public static let nested: [any Experiment.Type] = [SharedCurvature.self]

  /// What is compared, in this order.
  public var candidates: [SharedCurvature]
  /// ξ in pixel units.
  public var radius: Double

  public init(_ candidates: [SharedCurvature], radius: Double) {
    self.candidates = candidates
    self.radius = radius
  }

  /// h in multiples of ξ where nobody says others: from where curvature tells nothing of fooling to where it does.
  public static let usualSteps = [0.1, 0.2, 0.4, 0.7, 1, 1.4, 2]

  /// m where nobody says another: the first direction alone is looked at, and every candidate costs an iteration.
  public static let usualEigenvectors = 10

  /// The same recipe with secants of several h, by Lanczos alone: a climb would cost three times as much each.
  public static func steps(_ steps: [Double], of curvature: SharedCurvature, radius: Double) -> CurvatureScan
  {
    CurvatureScan(
      steps.map {
        var one = curvature
        one.product = .secant(step: Float($0))
        one.climb = 0
        return one
      }, radius: radius)
  }

  /// The authors' recipe with every target class, by Lanczos alone.
  public static func targets(_ targets: Range<Int>, of curvature: SharedCurvature, radius: Double)
    -> CurvatureScan
  {
    CurvatureScan(
      targets.map {
        var one = curvature
        one.recipe = .authors(target: $0)
        one.climb = 0
        return one
      }, radius: radius)
  }

  /// Whether target classes are compared, not scales.
  public var isOverTargets: Bool { candidates.first?.recipe.target != nil }

  /// The numbers of each candidate so far, and which one is chosen.
  public struct Outcome: StoredOutcome {
    /// ξ in pixel units.
    public var radius: Double
    /// Grows in the order of the candidates.
    public var entries: [Entry]
    /// The entry with the highest training rate so far; nil before the first.
    @OrNull public var chosen: Int?
  }

  /// The first direction v of one candidate, and how it fools.
  public struct Entry: Codable, Sendable, Equatable {
    /// As the candidate has it.
    public var recipe: CurvatureRecipe
    public var product: String
    @OrNull public var step: Double?
    /// Why there are no numbers, such as a target class that no image reaches; nil where there are.
    @OrNull public var failure: String?
    /// Boundary points averaged.
    public var points: Int
    /// The largest Ritz value, and vᵀA(v) of its vector.
    @OrNull public var eigenvalue: Double?
    /// vᵀA(v) of the first direction, evaluated anew; nil where there are no numbers.
    @OrNull public var rayleigh: Double?
    /// Mean of +v and −v on the training images.
    @OrNull public var training: Double?
    /// What that could be at most, for +v.
    @OrNull public var ceiling: Double?
    /// On the validation images, +v and −v.
    @OrNull public var validation: FoolingRates?
  }
}

extension CurvatureScan {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    guard radius > 0, radius.isFinite, !candidates.isEmpty else {
      throw SubjectError("a scan needs a positive radius and something to compare")
    }
    let training = try FoolingTest(network, images: subject.images.images)
    let validation = try subject.validation.map { try FoolingTest(network, images: $0.images) }
    var outcome = Outcome(radius: radius, entries: [], chosen: nil)
    for (i, candidate) in candidates.enumerated() {
      outcome.entries.append(
        try entry(candidate, on: subject, training: training, validation: validation, context))
      outcome.choose()
      try context.report(
        Progress(completed: i + 1, total: candidates.count, phase: "recipes"), partial: outcome)
    }
    return outcome
  }

  private func entry(
    _ candidate: SharedCurvature, on subject: Subject, training: FoolingTest, validation: FoolingTest?,
    _ context: ExperimentContext<Outcome>
  ) throws -> Entry {
    var entry = Entry(
      recipe: candidate.recipe, product: candidate.product.name, step: candidate.product.step, points: 0)
    let found: SharedCurvature.Outcome
    do {
      found = try context.outcome(of: candidate, on: subject.first(candidate.points))
    } catch let error as SubjectError {
      entry.failure = error.description
      return entry
    }
    let v = Array(found.basis.entryElements(0))
    let rate = try training.rate(of: v, radius: radius)
    entry.points = found.points
    entry.eigenvalue = found.eigenvalues.first
    entry.rayleigh = found.rayleigh.first
    entry.ceiling = rate.ceiling
    entry.training = (rate.rate + rate.opposite.rate) / 2
    entry.validation = try validation.map { FoolingRates(try $0.rate(of: v, radius: radius)) }
    return entry
  }
}

extension CurvatureScan.Outcome {
  fileprivate mutating func choose() {
    chosen = entries.indices.filter { entries[$0].training != nil }.max {
      (entries[$0].training!, $1) < (entries[$1].training!, $0)
    }
  }
}
