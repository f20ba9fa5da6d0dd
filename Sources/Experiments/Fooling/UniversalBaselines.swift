internal import Geometry
internal import Jobs
internal import Networks
internal import Tensors

extension UniversalFooling {
  /// Stochastic gradient ascent.
  func ascend(
    _ training: FoolingTest, _ validation: FoolingTest?, _ context: ExperimentContext<Outcome>
  ) throws -> Outcome {
    var search = GradientUniversal(
      training, validation: validation, settings: try ascentSettings(training.images))
    if let place = context.checkpoint?.place(Place.self) { search.resume(at: place.place) }
    while true {
      let before = search.place
      guard let place = try context.step(from: { Place(before) }, { try search.advance() }) else { break }
      let progress = Progress(
        completed: place.passes.count * search.batches + place.position, total: passes * search.batches,
        phase: "steps")
      let partial = partial(place, training)
      try context.step(from: { Place(place) }, { try context.report(progress, partial: partial) })
    }
    let place = search.place
    var outcome = try context.step(from: { Place(place) }, { try ended(place, training, validation) })
    let each = passes * training.images.count * (method == .even ? 2 : 1)
    outcome.ascent = Ascent(
      gradients: gradients == nil ? each : passes * search.batches * search.settings.batch, loss: loss,
      augmentation: augmentation)
    return outcome
  }

  private func ascentSettings(_ images: Tensor) throws -> GradientUniversal.Settings {
    let most = 1_000_000_000
    guard (1...most).contains(gradients ?? 1), passes <= most / max(1, images.count) else {
      throw SubjectError("an ascent takes one to a billion gradients over all its passes")
    }
    try augmentation.check(images)
    var settings = GradientUniversal.Settings(ball)
    (settings.passes, settings.gradients, settings.seed) = (passes, gradients, seed)
    (settings.loss, settings.augmentation, settings.isEven) = (loss, augmentation, method == .even)
    return settings
  }

  /// The outcome of an ascent that is over; what is even in v has the sign that fools more of the training images.
  private func ended(
    _ place: UniversalPerturbation.Place, _ training: FoolingTest, _ validation: FoolingTest?
  ) throws -> Outcome {
    guard method == .even else { return try outcome(place, training, validation) }
    var place = place
    let opposite = scaled(place.best, by: -1)
    if try training.share(fooledBy: opposite).rate > training.share(fooledBy: place.best).rate {
      place.best = opposite
    }
    return try outcome(place, training, validation)
  }

  /// Singular vectors of hidden layers; the layer and the sign are chosen on the training images.
  func pursue(
    _ training: FoolingTest, _ validation: FoolingTest?, _ context: ExperimentContext<Outcome>
  ) throws -> Outcome {
    let network = training.network
    let layers = layer.map { [$0] } ?? network.hiddenLayers(5)
    guard layers.allSatisfy(network.graph.nodes.indices.contains) else {
      throw SubjectError("the network has layers 0 to \(network.graph.nodes.count - 1)")
    }
    // As many as published; more change little.
    let batch = training.images[0..<min(64, training.images.count)]
    var best: (rate: Double, layer: Int, v: [Float])?
    let steps = 30
    for (i, layer) in layers.enumerated() {
      var search = SingularPerturbation(
        network, layer: layer, images: batch, ball: ball, steps: steps, seed: seed)
      while try search.advance() != nil {
        try context.report(
          Progress(
            completed: i * steps + search.values.count, total: layers.count * steps, phase: "power steps"))
      }
      let rate = try training.rate(of: search.current)
      if max(rate.rate, rate.opposite.rate) > best?.rate ?? -1 {
        best = (max(rate.rate, rate.opposite.rate), layer, search.current)
      }
    }
    guard let best else { throw SubjectError("the network has no hidden layer") }
    let v = Tensor(shape: training.images.shape.batch(of: 1), elements: best.v)
    var outcome = try judged(v, training, validation)
    outcome.layer = best.layer
    outcome.layerName = network.graph.nodes[best.layer].name
    return outcome
  }
}
