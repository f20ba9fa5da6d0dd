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
    guard points > 0, eigenvectors > 0, iterations > 0, powerSteps >= 0 else {
      throw SubjectError("points, eigenvectors and iterations have to be positive, power steps not negative")
    }
    let hessian = try hessian(network, subject.first(points), context)
    let recorded = RecordedOperator(hessian, known: context.checkpoint?.place(Place.self)?.products)
    var iteration = LanczosIteration(recorded, seed: seed)
    var outcome = beginning(hessian, network)
    let steps = min(iterations, hessian.dimension)
    let total = steps + min(eigenvectors, steps) + (powerSteps > 0 ? powerSteps + 1 : 0)
    while iteration.factorization.count < steps,
      try context.step(from: recorded.place, { try iteration.advance() }) != nil
    {
      outcome.advance(iteration, count: eigenvectors, like: hessian.points)
      try context.report(.products(outcome.products, of: total), partial: outcome)
    }
    var verification = Verification(of: iteration, count: eigenvectors)
    while let checked = try context.step(from: recorded.place, { try verification.advance() }) {
      outcome.take(verification.spectrum)
      outcome.products = iteration.factorization.count + checked
      try context.report(.products(outcome.products, of: total), partial: outcome)
    }
    try climb(recorded, &outcome, total, context)
    return outcome
  }

  /// The power steps from the first Ritz vector; the other vectors are made orthogonal to what it becomes.
  private func climb(
    _ recorded: RecordedOperator<AverageHessian>, _ outcome: inout Outcome, _ total: Int,
    _ context: ExperimentContext<Outcome>
  ) throws {
    guard powerSteps > 0 else { return }
    let start = Array(outcome.basis.entryElements(0))
    var v = start
    for step in 0...powerSteps {
      let product = try context.step(from: recorded.place, { try recorded.product(v) })
      let rayleigh = dot(v, product)
      var rest = product
      add(-Float(rayleigh), v, to: &rest)
      outcome.rayleigh[0] = rayleigh
      outcome.residuals[0] = norm(rest)
      outcome.products += 1
      guard step < powerSteps, norm(product) > 0 else { break }
      v = scaled(product, by: Float(1 / norm(product)))
      outcome.power.append(PowerStep(rayleigh: rayleigh, residual: norm(rest), overlap: dot(v, start)))
      try context.report(.products(outcome.products, of: total), partial: outcome)
    }
    let others = (1..<outcome.basis.count).map { Array(outcome.basis.entryElements($0)) }
    outcome.basis = Subspace(spanning: [v] + others, dimension: v.count).tensor(like: outcome.basis)
  }

  /// The average over the boundary points of the recipe.
  private func hessian(
    _ network: Network, _ subject: Subject, _ context: ExperimentContext<Outcome>
  ) throws -> AverageHessian {
    do {
      return try average(network, subject, context)
    } catch let missing as NoBoundaryPoints {
      throw SubjectError(missing.description)
    }
  }

  private func average(
    _ network: Network, _ subject: Subject, _ context: ExperimentContext<Outcome>
  ) throws -> AverageHessian {
    let settings = try settings(network)
    var search: CurvedSubspace
    if case .authors = recipe {
      search = try CurvedSubspace(network, images: subject.images.images, settings: settings)
      while search.hessian == nil, try search.advance() != nil {}
    } else {
      let robustness = try context.outcome(of: Robustness(), on: subject)
      search = try CurvedSubspace(
        network, at: robustness.minimalPerturbations(of: subject.images.images), settings: settings)
    }
    guard let hessian = search.hessian else { throw SubjectError("no boundary points were found") }
    return hessian
  }

  private func settings(_ network: Network) throws -> CurvedSubspace.Settings {
    let recipe: CurvedSubspace.Recipe
    switch self.recipe {
    case .region: recipe = .region
    case .paper: recipe = .paper
    case .authors(let target):
      guard target < network.classCount else {
        throw SubjectError("there is no class \(target); the classes are 0 to \(network.classCount - 1)")
      }
      recipe = .authors(target: target)
    }
    var settings = CurvedSubspace.Settings(recipe, product: product, eigenvectors: eigenvectors)
    settings.normalised = isNormalised
    return settings
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
  fileprivate mutating func take(_ spectrum: Spectrum) {
    rayleigh = spectrum.rayleighQuotients
    residuals = spectrum.residuals
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
