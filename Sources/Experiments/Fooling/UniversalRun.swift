internal import Geometry
internal import Jobs
internal import Networks
internal import Tensors

extension UniversalFooling {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    guard radius > 0, radius.isFinite, passes > 0 else {
      throw SubjectError("a universal perturbation needs a positive radius and at least one pass")
    }
    let training = try FoolingTest(network, images: subject.images.images)
    let validation = try subject.validation.map { try FoolingTest(network, images: $0.images) }
    switch method {
    case .uap: return try walk(training, validation, context)
    case .curvature:
      let shared = curvature ?? SharedCurvature(product: .secant(step: Float(radius)))
      return try judged(try context.basis(.curvature(shared), on: subject).vectors, training, validation)
    case .normals:
      return try judged(
        try context.basis(.normals(NormalSpectrum()), on: subject).vectors, training, validation)
    case .random:
      return try judged(try context.basis(.random(seed: seed), on: subject).vectors, training, validation)
    case .gradient, .logistic, .even: return try ascend(training, validation, context)
    case .singular: return try pursue(training, validation, context)
    }
  }

  /// The outcome of the first direction of a basis, scaled to the radius, with the sign that fools more of the
  /// training images: a singular vector or an eigenvector has none of its own.
  func judged(_ basis: Tensor, _ training: FoolingTest, _ validation: FoolingTest?) throws -> Outcome {
    let v = Array(basis.entryElements(0))
    let length = norm == .l2 ? Tensors.norm(v) : Double(v.reduce(0) { max($0, abs($1)) })
    var perturbation = scaled(v, by: Float(radius / length))
    let opposite = scaled(perturbation, by: -1)
    if method != .random,
      try training.share(fooledBy: opposite).rate > training.share(fooledBy: perturbation).rate
    {
      perturbation = opposite
    }
    return try outcome(perturbation, training, validation, passes: [], best: nil)
  }

  func outcome(
    _ v: [Float], _ training: FoolingTest, _ validation: FoolingTest?, passes: [Pass], best: Int?
  ) throws -> Outcome {
    let own = try training.trial(of: v)
    return Outcome(
      method: method, radius: radius, norm: norm,
      training: Training(count: training.images.count, rate: own.share.rate, ceiling: own.ceiling),
      validation: try validation.map { FoolingRates(try $0.rate(of: v)) }, passes: passes, best: best,
      seed: seed,
      perturbation: Tensor(shape: training.images.shape.batch(of: 1), elements: v))
  }
}

// MARK: - Passes over the images

extension UniversalFooling {
  /// Where a run of the published algorithm, or of the gradient ascent, stands.
  struct Place: StoredOutcome {
    var passes: [UniversalPerturbation.Pass]
    var position: Int
    /// v so far and the best v, 2×d.
    var vectors = Tensor(zeros: [0])

    var arrays: [String: Tensor] {
      get { ["vectors": vectors] }
      set { vectors = newValue["vectors"] ?? vectors }
    }

    private enum CodingKeys: CodingKey {
      case passes
      case position
    }

    init(_ place: UniversalPerturbation.Place) {
      passes = place.passes
      position = place.position
      vectors = Tensor(shape: [2, place.current.count], elements: place.current + place.best)
    }

    var place: UniversalPerturbation.Place {
      UniversalPerturbation.Place(
        current: Array(vectors.entryElements(0)), best: Array(vectors.entryElements(1)), passes: passes,
        position: position)
    }
  }

  /// The published algorithm.
  private func walk(
    _ training: FoolingTest, _ validation: FoolingTest?, _ context: ExperimentContext<Outcome>
  ) throws -> Outcome {
    var settings = UniversalPerturbation.Settings(ball)
    settings.target = target
    settings.passes = passes
    settings.seed = seed
    var search = UniversalPerturbation(training, validation: validation, settings: settings)
    if let place = context.checkpoint?.place(Place.self) { search.resume(at: place.place) }
    while true {
      let before = search.place
      guard let step = try context.step(from: { Place(before) }, { try search.advance() }) else { break }
      let progress = Progress(
        completed: step.images, total: step.count, phase: Self.phase(pass: step.pass, of: passes))
      let place = search.place
      let partial = partial(place, training)
      try context.step(from: { Place(place) }, { try context.report(progress, partial: partial) })
    }
    let place = search.place
    return try context.step(from: { Place(place) }, { try outcome(place, training, validation) })
  }

  var ball: UniversalPerturbation.Ball { norm == .l2 ? .l2(radius) : .linf(radius) }

  /// The best v of a run that is over, judged.
  func outcome(
    _ place: UniversalPerturbation.Place, _ training: FoolingTest, _ validation: FoolingTest?
  ) throws -> Outcome {
    try outcome(
      place.best, training, validation, passes: known(place), best: place.passes.lastIndex { $0.isBest })
  }

  /// What is known between two passes: v so far, and the rates of the passes that have ended.
  func partial(_ place: UniversalPerturbation.Place, _ training: FoolingTest) -> Outcome {
    Outcome(
      method: method, radius: radius, norm: norm,
      training: Training(
        count: training.images.count, rate: place.passes.map(\.training.rate).max() ?? 0), validation: nil,
      passes: known(place), best: place.passes.lastIndex { $0.isBest }, seed: seed,
      perturbation: Tensor(shape: training.images.shape.batch(of: 1), elements: place.current))
  }

  private func known(_ place: UniversalPerturbation.Place) -> [Pass] {
    place.passes.map { Pass(training: $0.training.rate, validation: $0.validation?.rate) }
  }
}
