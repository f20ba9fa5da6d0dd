internal import Geometry
internal import Jobs
internal import LinearAlgebra
internal import Tensors

/// A run for S_c under way: what is known of the operator and of the outcome, and what is left to do.
struct CurvatureRun {
  typealias Recorded = RecordedOperator<AverageHessian>

  let recorded: Recorded
  private let context: ExperimentContext<SharedCurvature.Outcome>
  /// Operator products, and what costs as much, in all.
  var total = 0
  private var done = 0
  var outcome: SharedCurvature.Outcome

  init(
    _ recorded: Recorded, _ context: ExperimentContext<SharedCurvature.Outcome>,
    outcome: SharedCurvature.Outcome
  ) {
    (self.recorded, self.context, self.outcome) = (recorded, context, outcome)
  }

  /// One product, or what costs as much, after which the run may be stopped.
  func step<Value>(_ body: () throws -> Value) throws -> Value {
    try context.step(from: { SharedCurvature.Place(products: recorded.products) }, body)
  }

  /// Tells of so many products more.
  mutating func report(_ cost: Int = 1) throws {
    outcome.products += cost
    done += cost
    try context.report(Progress(completed: done, total: total, phase: "operator products"), partial: outcome)
  }

  /// Products that were planned and are not needed.
  mutating func skip(_ count: Int) { done += count }

  /// One Lanczos step; false once the whole space is spanned.
  mutating func advance(_ iteration: inout LanczosIteration<Recorded>, count: Int) throws -> Bool {
    guard try step({ try iteration.advance() }) != nil else { return false }
    outcome.advance(iteration, count: count, like: recorded.base.points)
    try report()
    return true
  }

  /// One eigenpair more evaluated anew; false once all are.
  mutating func advance(_ verification: inout Verification<Recorded>) throws -> Bool {
    guard try step({ try verification.advance() }) != nil else { return false }
    outcome.take(verification.spectrum)
    try report()
    return true
  }
}

extension SharedCurvature {
  /// The products of a run that was stopped.
  struct Place: StoredOutcome {
    var products = Tensor(zeros: [0])

    var arrays: [String: Tensor] {
      get { ["products": products] }
      set { products = newValue["products"] ?? products }
    }

    private enum CodingKeys: CodingKey {}
  }
}

extension SharedCurvature.Outcome {
  /// Takes the pairs that are checked, in their order, before those that are not.
  fileprivate mutating func take(_ spectrum: Spectrum) {
    rayleigh = spectrum.rayleighQuotients
    residuals = spectrum.residuals
    eigenvalues.replaceSubrange(0..<rayleigh.count, with: spectrum.eigenvalues)
    let checked = spectrum.subspace.tensor(like: basis)
    let left = basis[rayleigh.count..<basis.count]
    basis = left.count > 0 ? Tensor(concatenating: [checked, left]) : checked
  }

  fileprivate mutating func advance(
    _ iteration: LanczosIteration<CurvatureRun.Recorded>, count: Int, like points: Tensor
  ) {
    let ritz = iteration.factorization.ritz(count)
    iterations = iteration.factorization.count
    eigenvalues = ritz.map(\.value)
    history.append(
      SharedCurvature.Snapshot(
        iteration: iterations, ritzValues: eigenvalues, estimates: ritz.map(\.residual)))
    let vectors = iteration.ritzVectors(count)
    basis = Tensor(shape: points.shape.batch(of: vectors.count), elements: vectors.flatMap { $0 })
  }

  mutating func keep(_ count: Int) {
    guard count < basis.count else { return }
    (eigenvalues, rayleigh, residuals) = (
      Array(eigenvalues.prefix(count)), Array(rayleigh.prefix(count)), Array(residuals.prefix(count))
    )
    basis = basis[0..<count]
  }
}
