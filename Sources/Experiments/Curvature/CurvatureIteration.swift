internal import Geometry
internal import Jobs
internal import LinearAlgebra
internal import Networks
internal import Tensors

extension SharedCurvature {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    guard points > 0, eigenvectors > 0, iterations > 0, climb >= 0, ascent >= 0, starts > 0 else {
      throw SubjectError(
        "points, eigenvectors, iterations and starts must be positive, climb and ascent not negative"
      )
    }
    let hessian = try hessian(network, try sources(subject), context)
    var run = CurvatureRun(
      RecordedOperator(hessian, known: context.checkpoint?.place(Place.self)?.products), context,
      outcome: beginning(hessian, network))
    let steps = min(iterations, hessian.dimension)
    let plan = plan(steps)
    run.total = plan.products + ascentProducts(steps)
    var iteration = LanczosIteration(run.recorded, seed: seed)
    while iteration.factorization.count < steps, try run.advance(&iteration, count: candidates) {}
    var verification = Verification(of: iteration, count: candidates)
    while try run.advance(&verification) {}
    try polish(&run, plan)
    run.outcome.keep(eigenvectors)
    try ascend(&run)
    return run.outcome
  }

  /// Ritz vectors whose quotient is evaluated anew: the largest quotient of a secant often belongs to one of the first
  /// ten, not to the first.
  var candidates: Int { max(10, eigenvectors) }

  /// The images whose boundary points are averaged: the first ones, or draws of all in turn.
  func sources(_ subject: Subject) throws -> Subject {
    guard augmentation != .none else { return subject.first(points) }
    let images = subject.images.images
    try augmentation.check(images)
    guard points <= 100 * images.count else {
      throw SubjectError(
        "\(points) points are more than a hundred draws from each of \(images.count) images; choose fewer points or more images"
      )
    }
    var generator = SeededGenerator(seed: seed, stream: 1 << 33)
    let drawn = augmentation.draw(
      images.gathering((0..<points).map { $0 % images.count }), using: &generator)
    return Subject(
      classifier: subject.classifier,
      images: ImageSet(name: "\(subject.images.name), varied", images: drawn))
  }

  /// The average over the boundary points of the recipe.
  func hessian<Found>(
    _ network: Network, _ subject: Subject, _ context: ExperimentContext<Found>
  ) throws -> AverageHessian {
    switch recipe {
    case .authors(let target):
      guard target < network.classCount else {
        throw SubjectError("class \(target) does not exist; the classes are 0 to \(network.classCount - 1)")
      }
      let approach = try TargetedApproach(network, images: subject.images.images, target: target)
      guard approach.points.count > 0 else {
        throw SubjectError(
          "no image could be moved into class \(target); try another target or more images")
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

extension Augmentation {
  /// Fails where the images are too small for the shift.
  func check(_ images: Tensor) throws {
    let (rows, columns) = (images.shape[2], images.shape[3])
    guard reach < min(rows, columns) else {
      throw SubjectError(
        "images of \(rows)×\(columns) cannot be shifted by \(reach); choose a smaller shift, or none")
    }
  }
}

// MARK: - Outcomes

extension SharedCurvature {
  private func beginning(_ hessian: AverageHessian, _ network: Network) -> Outcome {
    Outcome(
      recipe: recipe, product: product.name, step: product.step, beta: product.beta,
      points: hessian.points.count, augmentation: augmentation,
      eigenvalues: [], rayleigh: [], residuals: [], normalised: hessian.isNormalised, iterations: 0,
      products: 0,
      seed: seed, history: [],
      remark: product.remark(on: network))
  }
}
