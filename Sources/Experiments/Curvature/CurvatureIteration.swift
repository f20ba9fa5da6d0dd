internal import Geometry
internal import Jobs
internal import LinearAlgebra
internal import Networks
internal import Tensors

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

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    guard points > 0, eigenvectors > 0, iterations > 0, ascent >= 0, starts > 0 else {
      throw SubjectError(
        "points, eigenvectors, iterations and starts have to be positive, ascent steps not negative")
    }
    let hessian = try hessian(network, subject.first(points), context)
    let recorded = RecordedOperator(hessian, known: context.checkpoint?.place(Place.self)?.products)
    var iteration = LanczosIteration(recorded, seed: seed)
    var outcome = beginning(hessian, network)
    let steps = min(iterations, hessian.dimension)
    let total =
      steps + min(candidates, steps) + (ascent > 0 ? ascent * min(starts, eigenvectors, steps) + 1 : 0)
    while iteration.factorization.count < steps,
      try context.step(from: recorded.place, { try iteration.advance() }) != nil
    {
      outcome.advance(iteration, count: candidates, like: hessian.points)
      try context.report(.products(outcome.products, of: total), partial: outcome)
    }
    var verification = Verification(of: iteration, count: candidates)
    while let checked = try context.step(from: recorded.place, { try verification.advance() }) {
      outcome.take(verification.spectrum)
      outcome.products = iteration.factorization.count + checked
      try context.report(.products(outcome.products, of: total), partial: outcome)
    }
    outcome.keep(eigenvectors)
    try climb(recorded, &outcome, total, context)
    return outcome
  }

  /// Ritz vectors whose quotient is evaluated anew: the largest quotient of a secant often belongs to one of the first
  /// ten, not to the first.
  private var candidates: Int { max(10, eigenvectors) }

  /// The length of an ascent's first step; the others fall linearly to none.
  private static let stride = 0.6

  /// Ascends from the first Ritz vectors; the best end becomes the first vector of the basis, the others are made
  /// orthogonal to it.
  private func climb(
    _ recorded: RecordedOperator<AverageHessian>, _ outcome: inout Outcome, _ total: Int,
    _ context: ExperimentContext<Outcome>
  ) throws {
    guard ascent > 0 else { return }
    guard let h = product.step.map({ Float($0) }) else {
      throw SubjectError(
        "an ascent looks h to either side, which a secant product says: --product secant --step H")
    }
    let ritz = (0..<outcome.basis.count).map { Array(outcome.basis.entryElements($0)) }
    var best = (vector: ritz[0], value: -Double.infinity)
    for start in ritz.prefix(starts) {
      var v = start
      for step in 0..<ascent {
        let gradient = try context.step(from: recorded.place) {
          try recorded.recorded { try recorded.base.carried(along: v, step: h).gradient }
        }
        v = moved(v, along: gradient, by: Self.stride * (1 - Double(step) / Double(ascent)))
        outcome.products += 1
        try context.report(.products(outcome.products, of: total), partial: outcome)
      }
      let value = try recorded.base.carriedValue(along: v, step: h)
      outcome.ascents.append(
        Ascent(
          before: try recorded.base.carriedValue(along: start, step: h), after: value, overlap: dot(v, start))
      )
      if value > best.value { best = (v, value) }
    }
    let product = try context.step(from: recorded.place, { try recorded.product(best.vector) })
    outcome.products += 1
    outcome.lead(with: best.vector, product, over: ritz)
  }

  /// The unit vector a step along a gradient, zero gradients aside.
  private func moved(_ v: [Float], along gradient: [Float], by length: Double) -> [Float] {
    guard norm(gradient) > 0 else { return v }
    var next = v
    add(Float(length / norm(gradient)), gradient, to: &next)
    return scaled(next, by: Float(1 / norm(next)))
  }

  /// The average over the boundary points of the recipe.
  private func hessian(
    _ network: Network, _ subject: Subject, _ context: ExperimentContext<Outcome>
  ) throws -> AverageHessian {
    switch recipe {
    case .authors(let target):
      guard target < network.classCount else {
        throw SubjectError("there is no class \(target); the classes are 0 to \(network.classCount - 1)")
      }
      let approach = try TargetedApproach(network, images: subject.images.images, target: target)
      guard approach.points.count > 0 else {
        throw SubjectError(
          "no image could be moved into class \(target); another target or more images would work")
      }
      return try AverageHessian(
        network, at: approach.points, margin: approach.margin, product: product, projected: false,
        normalised: isNormalised)
    case .region, .paper:
      let found = try context.boundary(of: subject)
      return try AverageHessian(
        network, at: found.points, margin: recipe == .paper ? found.pairMargin : found.regionMargin,
        product: product, normalised: isNormalised)
    }
  }
}

// MARK: - Outcomes

extension SharedCurvature {
  private func beginning(_ hessian: AverageHessian, _ network: Network) -> Outcome {
    Outcome(
      recipe: recipe, product: product.name, step: product.step, beta: product.beta,
      points: hessian.points.count,
      eigenvalues: [], rayleigh: [], residuals: [], normalised: hessian.isNormalised, iterations: 0,
      products: 0,
      seed: seed, history: [],
      remark: product.remark(on: network))
  }
}

extension Progress {
  fileprivate static func products(_ completed: Int, of total: Int) -> Progress {
    Progress(completed: completed, total: total, phase: "operator products")
  }
}

extension RecordedOperator {
  fileprivate func place() -> SharedCurvature.Place { SharedCurvature.Place(products: products) }
}

extension SharedCurvature.Outcome {
  /// Puts v, whose product is Av, in front of the basis.
  fileprivate mutating func lead(with v: [Float], _ product: [Float], over ritz: [[Float]]) {
    rayleigh[0] = dot(v, product)
    var rest = product
    add(-Float(rayleigh[0]), v, to: &rest)
    residuals[0] = norm(rest)
    let spanned = Subspace(spanning: [v] + ritz, dimension: v.count).tensor(like: basis)
    basis = spanned.gathering(Array(0..<min(ritz.count, spanned.count)))
  }

  /// Takes the pairs that are checked, in their order, before those that are not.
  fileprivate mutating func take(_ spectrum: Spectrum) {
    rayleigh = spectrum.rayleighQuotients
    residuals = spectrum.residuals
    eigenvalues.replaceSubrange(0..<rayleigh.count, with: spectrum.eigenvalues)
    let checked = spectrum.subspace.tensor(like: basis)
    let left = basis[rayleigh.count..<basis.count]
    basis = left.count > 0 ? Tensor(concatenating: [checked, left]) : checked
  }

  fileprivate mutating func keep(_ count: Int) {
    guard count < basis.count else { return }
    (eigenvalues, rayleigh, residuals) = (
      Array(eigenvalues.prefix(count)), Array(rayleigh.prefix(count)), Array(residuals.prefix(count))
    )
    basis = basis[0..<count]
  }

  fileprivate mutating func advance(
    _ iteration: LanczosIteration<RecordedOperator<AverageHessian>>, count: Int, like points: Tensor
  ) {
    let ritz = iteration.factorization.ritz(count)
    iterations = iteration.factorization.count
    products = iterations
    eigenvalues = ritz.map(\.value)
    history.append(
      SharedCurvature.Snapshot(
        iteration: iterations, ritzValues: eigenvalues, estimates: ritz.map(\.residual)))
    let vectors = iteration.ritzVectors(count)
    basis = Tensor(shape: points.shape.batch(of: vectors.count), elements: vectors.flatMap { $0 })
  }
}
