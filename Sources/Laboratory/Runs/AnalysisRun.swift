internal import Experiments
internal import Explorer
internal import Images
internal import Jobs
internal import LinearAlgebra
internal import Networks
internal import Tensors

/// One request of a screen, ready to run: which experiment, on which images.
struct AnalysisRun: Sendable {
  let analysis: Analysis
  let model: OpenModel
  /// The model that is seen in the plane of the other; nil for that model itself.
  let judge: OpenModel?
  let set: any DataSet
  /// What the set was opened by, for other models, which may take images of another size.
  let spec: String
  /// Tells the set apart from others of this session.
  let setDigest: String
  let store: ResultStore?
  let cache: ImageCache
  let aid: SectionAid

  /// - Throws: ``Interrupted``, or what is wrong with the images, in a sentence.
  func callAsFunction(_ job: JobContext<Finding>) throws -> Finding {
    switch analysis {
    case .classify(let range): return try classify(range, job)
    case .noise(let experiment, let range): return try experiment.finding(on: subject(range), in: store, job)
    case .perturb(let image): return try perturb(image, job)
    case .section(let request): return try section(request, job)
    case .spectrum(let experiment, let range):
      return try experiment.finding(on: subject(range), in: store, job)
    case .normals(let experiment, let range):
      return try experiment.finding(on: subject(range), in: store, job)
    case .subspace(let request): return try subspace(request, job)
    case .study(let request): return try study(request, job)
    case .universal(let experiment, let training, let validation):
      return try experiment.finding(on: subject(training, validation), in: store, job)
    }
  }

  private func images(_ range: Range<Int>) throws -> ImageSet {
    try cache.images(of: setDigest, range) { try model.images(of: set, range) }
  }

  func subject(_ range: Range<Int>, _ validation: Range<Int>? = nil) throws -> Subject {
    Subject(
      classifier: model.classifier, images: try images(range), validation: try validation.map(images))
  }
}

// MARK: - Single images

extension AnalysisRun {
  /// Indices count in the whole set, not in the range that was classified.
  private func classify(_ range: Range<Int>, _ job: JobContext<Finding>) throws -> Finding {
    guard case .prediction(var outcome) = try Prediction().finding(on: subject(range), in: nil, job) else {
      preconditionFailure("a prediction finds a prediction")
    }
    for i in outcome.predictions.indices { outcome.predictions[i].index += range.lowerBound }
    return .prediction(outcome)
  }

  private func perturb(_ image: Int, _ job: JobContext<Finding>) throws -> Finding {
    guard
      case .robustness(var outcome) = try Robustness().finding(on: subject(image..<image + 1), in: store, job)
    else { preconditionFailure("a perturbation finds robustness") }
    for i in outcome.each.indices { outcome.each[i].index += image }
    return .robustness(outcome)
  }

  private func section(_ request: SectionRequest, _ job: JobContext<Finding>) throws -> Finding {
    let along = try direction(request.direction, request.learning, from: request.image, job)
    var experiment = SectionMap(
      index: 0, along: along, extent: request.extent, width: request.resolution, height: request.resolution,
      product: request.product, shift: request.shift)
    var one = try subject(request.image..<request.image + 1)
    if let judge {
      experiment.towards = try ownPerturbation(of: one, request.image, job)
      one = Subject(classifier: judge.classifier, images: one.images)
    }
    let context = ExperimentContext<SectionMap.Outcome>(interruption: job.interruption) { progress, partial in
      try job.report(progress, partial: partial.map { .section($0.about(request.image)) })
    }
    return .section(try experiment.outcome(on: one, in: store, context, aid: aid).about(request.image))
  }

  /// r of the one image of a subject, as the direction of a plane in which another model is seen.
  private func ownPerturbation(of one: Subject, _ image: Int, _ job: JobContext<Finding>) throws -> Basis {
    let found = try Robustness().outcome(on: one, in: store, quiet(job))
    guard found.fooled == 1 else {
      throw Refusal(.badData, "no decision boundary was found near image \(image)")
    }
    return Basis(name: "r of \(model.classifier.name)", vectors: found.perturbations)
  }
}

extension SectionMap.Outcome {
  /// The outcome of a subject of one image, as one of that image of the whole set.
  fileprivate func about(_ image: Int) -> Self {
    var outcome = self
    outcome.index = image
    return outcome
  }
}

// MARK: - Directions

extension AnalysisRun {
  private func direction(
    _ direction: Direction, _ learning: Learning?, from image: Int, _ job: JobContext<Finding>
  ) throws -> SectionMap.Direction {
    switch direction {
    case .random(let seed): return .random(seed: seed)
    case .file(let path): return .given(try Basis(fileAt: path, for: model))
    case .image(let other):
      let towards =
        try images(other..<other + 1).images
        - model.images(
          of: set, image..<image + 1
        ).images
      guard towards.norm > 0 else { throw Refusal(.badData, "image \(other) equals image \(image)") }
      return .given(Basis(name: direction.name, vectors: towards))
    case .universal: return .given(try learnt(direction, learning, 0, job))
    case .curvature(let i), .normals(let i): return .given(try learnt(direction, learning, i, job))
    }
  }

  /// The same as a vector.
  func vector(
    _ direction: Direction, _ learning: Learning?, from image: Int, _ job: JobContext<Finding>
  ) throws -> Basis {
    switch try self.direction(direction, learning, from: image, job) {
    case .given(let basis): return basis
    case .random(let seed):
      var generator = SeededGenerator(seed: seed)
      let shape = model.classifier.network.imageShape
      return Basis(
        name: direction.name,
        vectors: Tensor(shape: shape.batch(of: 1), elements: generator.unitVector(shape.count)))
    }
  }

  private func learnt(
    _ direction: Direction, _ learning: Learning?, _ i: Int, _ job: JobContext<Finding>
  ) throws -> Basis {
    guard let learning else { preconditionFailure("\(direction) has to be learnt") }
    let basis = try basis(of: learning, job)
    guard i < basis.dimension else {
      throw Refusal(.badData, "\(direction.name): only \(basis.dimension) directions were learnt")
    }
    return basis.vector(i, name: direction.name)
  }

  /// The directions learnt, from the store if they are there; progress goes to the job that needs them.
  func basis(of learning: Learning, _ job: JobContext<Finding>) throws -> Basis {
    switch learning {
    case .universal(let experiment, let training, let validation):
      let outcome = try experiment.outcome(on: subject(training, validation), in: store, quiet(job))
      return Basis(name: "UAP", vectors: outcome.perturbation)
    case .curvature(let experiment, let range):
      return Basis(
        name: "S_c", vectors: try experiment.outcome(on: subject(range), in: store, quiet(job)).basis)
    case .normals(let experiment, let range):
      return Basis(
        name: "S_f", vectors: try experiment.outcome(on: subject(range), in: store, quiet(job)).basis)
    }
  }

  /// A context that passes progress on, without the partial outcomes: they are not this job's.
  func quiet<Outcome>(_ job: JobContext<Finding>) -> ExperimentContext<Outcome> {
    ExperimentContext(interruption: job.interruption) { progress, _ in try job.report(progress) }
  }
}

// MARK: - Subspaces

extension AnalysisRun {
  private func subspace(_ request: SubspaceRequest, _ job: JobContext<Finding>) throws -> Finding {
    var experiment = SubspaceFooling(
      basis: try basis(of: request.source, request.dimensions, job), dimensions: request.dimensions,
      radius: request.radius,
      seed: request.seed)
    experiment.draws = request.draws
    return try experiment.finding(on: subject(request.validation), in: store, job)
  }

  func basis(
    of source: SubspaceRequest.Source, _ dimensions: [Int], _ job: JobContext<Finding>
  ) throws -> Basis {
    switch source {
    case .learnt(let learning): return try basis(of: learning, job)
    case .random(let seed):
      var generator = SeededGenerator(seed: seed)
      let shape = model.classifier.network.imageShape
      let subspace = Subspace.random(
        count: min(dimensions.max() ?? 1, shape.count), dimension: shape.count, using: &generator)
      return Basis(
        name: "random", vectors: Tensor(shape: shape.batch(of: subspace.count), elements: subspace.basis))
    }
  }
}
