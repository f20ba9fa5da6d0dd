internal import Experiments
internal import Explorer
internal import Jobs
internal import Networks
internal import ONNX

// The analyses behind the screens Universal, Transfer and Theory, and behind second plots.
extension AnalysisRun {
  func study(_ request: StudyRequest, _ job: JobContext<Finding>) throws -> Finding {
    let (training, validation) = (request.training, request.validation)
    switch request.question {
    case .shape(let source, let dimensions, let product, let draws):
      var shape = SubspaceShape(
        basis: try basis(of: source, dimensions, job), dimensions: dimensions, product: product)
      (shape.draws, shape.seed) = (draws, request.seed)
      return try shape.finding(on: subject(validation), in: store, job)
    case .pointSpectrum(let spectrum, let image):
      return try spectrum.finding(on: subject(image..<image + 1), in: store, job)
    case .scan(let scan): return try scan.finding(on: subject(training, validation), in: store, job)
    case .flow(let direction, let learning, let radius):
      let v = try vector(direction, learning, from: validation.lowerBound, job)
      return try Fooling(perturbation: v, radius: radius).finding(on: subject(validation), in: store, job)
    case .diversity(let learning, let dimension, let radius, let count):
      var diversity = Diversity(
        .draws(try basis(of: learning, job), dimension: dimension, radius: radius), count: count)
      diversity.seed = request.seed
      return try diversity.finding(on: subject(training, validation), in: store, job)
    case .angles(let other, let curvature, let images):
      let models = try [model, OpenModel(path: other, options: Profile())]
      let bases = try models.map { try shared(curvature, of: $0, images, job) }
      return try PrincipalAngles(bases[0], bases[1]).finding(on: subject(0..<1), in: store, job)
    case .transfer(let others, let curvature, let images, let radius):
      return try transfer(others, curvature, images, radius, validation, job)
    case .theorems(let normals, let curvature, let dimensions, let product):
      var theorems = Theorems(
        normals: try basis(of: normals, job), basis: try basis(of: curvature, job), dimensions: dimensions,
        product: product)
      theorems.seed = request.seed
      return try theorems.finding(on: subject(training, validation), in: store, job)
    }
  }

  private func transfer(
    _ others: [String], _ curvature: SharedCurvature, _ images: Range<Int>, _ radius: Double,
    _ validation: Range<Int>, _ job: JobContext<Finding>
  ) throws -> Finding {
    let opened = try others.map { try OpenModel(path: $0, options: Profile()) }
    let vectors = try ([model] + opened).map { one in
      try shared(curvature, of: one, images, job).vector(0, name: one.classifier.name)
    }
    let transfer = Transfer(
      others: opened.map { ComparedModel($0.classifier) }, perturbations: vectors, radius: radius)
    return try transfer.finding(on: subject(validation), in: store, job)
  }

  /// S_c of a model, on the images that all models look at.
  private func shared(
    _ curvature: SharedCurvature, of one: OpenModel, _ range: Range<Int>, _ job: JobContext<Finding>
  ) throws -> Basis {
    let set = one.path == model.path ? self.set : try one.dataSet(spec)
    let subject = Subject(classifier: one.classifier, images: try one.images(of: set, range))
    let outcome = try curvature.outcome(on: subject, in: store, quiet(job))
    return Basis(name: one.classifier.name, vectors: outcome.basis)
  }
}
