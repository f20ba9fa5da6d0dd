internal import Geometry
internal import Glibc
internal import Jobs
internal import LinearAlgebra
internal import Networks
internal import Tensors

/// Remark 1: the theorem of flat boundaries on a linear classifier, where it is exact, trained here on the images.
///
/// The normals of f = W·x + b are wᵢ − wⱼ and span L − 1 dimensions, so ξ = 0 and ρ = √(e(L − 1))/δ times ‖r‖. Trained
/// on the images with their true classes, else with the subject's labels; judged on the validation images where there
/// are any. Cost: about a second for 1,000 images of 32×32.
public struct LinearRemark: Experiment {
  public static let name = "linear"
  public static let version = 1

  /// δ.
  public var delta = 0.2
  /// Steps of gradient descent.
  public var steps = 300
  /// Random vectors of the span that are tried.
  public var draws = 20
  /// Of the draws.
  public var seed: UInt64 = 1

  public init(delta: Double = 0.2) { self.delta = delta }

  /// Both bounds for the linear classifier, and what really fools it.
  public struct Outcome: StoredOutcome {
    /// L: classes that occur.
    public var classes: Int
    /// Whether the labels are the truth rather than what the subject's classifier says.
    public var usesTruth: Bool
    /// Training images, and the share whose label the linear classifier gets right.
    public var trained: Int
    /// Share of the training images whose label the linear classifier gets right.
    public var accuracy: Double
    /// The same on the images judged.
    public var count: Int
    /// Share of the images judged whose label the linear classifier gets right.
    public var judgedAccuracy: Double
    /// The dimension that the normals span: L − 1.
    public var dimension: Int
    /// 1 − the smallest ‖P r̂‖ over the images judged: 0 up to rounding.
    public var xi: Double
    /// R: the largest ‖r‖, and the mean, in pixel units.
    public var norm: Double
    /// Mean ‖r‖ over the images judged that reached the boundary, in pixel units.
    public var meanNorm: Double
    /// √(e·m)/δ and the exact constant, times R, in pixel units.
    public var printed: Double
    /// R/t with t² the δ-quantile of Beta(½, (m − 1)/2), in pixel units; t = 1 where m = 1.
    public var sharp: Double
    /// The share that the best of the draws fools at the sharp and at the printed bound, by +v or −v; promised 1 − δ.
    public var fooledAtSharp: Double
    /// The share that the best of the draws fools at the printed bound, by +v or −v.
    public var fooledAtPrinted: Double
    /// The smallest norm at which the best of the draws fools 1 − δ by +v or −v.
    @OrNull public var reached: Double?
    /// δ.
    public var delta: Double
    /// Of the draws.
    public var seed: UInt64
  }
}

extension LinearRemark {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    guard delta > 0, delta < 1, steps > 0, draws > 0 else {
      throw SubjectError("δ must be between 0 and 1, and steps and draws positive")
    }
    let (learnt, judged) = (subject.images, subject.validation ?? subject.images)
    let truths = learnt.completeTruth.flatMap { own in judged.completeTruth.map { (own, $0) } }
    let usesTruth = truths != nil
    let labels = try truths?.0 ?? network.labels(learnt.images)
    let expected = try truths?.1 ?? network.labels(judged.images)
    let occurring = Set(labels).sorted()
    guard occurring.count > 1 else {
      throw SubjectError("\(learnt.name) has one class; a linear classifier needs images of at least two")
    }
    let places = Dictionary(uniqueKeysWithValues: occurring.enumerated().map { ($1, $0) })
    var training = LinearTraining(
      images: learnt.images, labels: labels.map { places[$0]! }, classes: occurring.count)
    while training.steps < steps {
      try context.report(Progress(completed: training.steps, total: steps, phase: "training steps"))
      training.advance()
    }
    let linear = training.network(imageShape: network.imageShape).interruptible(by: context.interruption)
    let right = { (found: [Int], labels: [Int]) in
      Double(zip(found, labels).filter { occurring[$0] == $1 }.count) / Double(labels.count)
    }
    return try outcome(
      linear, judged.images, occurring.count, trained: learnt.count, usesTruth: usesTruth,
      accuracy: right(try linear.labels(learnt.images), labels),
      judgedAccuracy: right(try linear.labels(judged.images), expected))
  }

  private func outcome(
    _ linear: Network, _ images: Tensor, _ classes: Int, trained: Int, usesTruth: Bool, accuracy: Double,
    judgedAccuracy: Double
  ) throws -> Outcome {
    var settings = DeepFool.Settings()
    settings.candidates = classes
    let found = try DeepFool.perturbations(of: images, linear, settings: settings)
    let rows = try (1..<classes).map { k in
      let margin = Margin.pair(own: [0], other: [k])
      return try linear.gradients(of: margin, at: images.entry(0)).gradients.elements
    }
    let span = Subspace(spanning: rows, dimension: images.entryCount)
    let reached = found.fooledIndices.filter { found.norms[$0] > 0 }
    let parts = reached.map { n in
      norm(span.coordinates(of: Array(found.perturbations.entryElements(n)))) / found.norms[n]
    }
    let norms = Statistics(reached.map { found.norms[$0] })
    let bound = FlatBound(dimension: span.count, xi: 0, delta: delta)
    let radius = norms.sorted.last ?? 0
    let test = try FoolingTest(linear, images: images)
    let measured = try measure(test, span, sharp: bound.sharp * radius, printed: bound.printed * radius)
    return Outcome(
      classes: classes, usesTruth: usesTruth, trained: trained, accuracy: accuracy, count: images.count,
      judgedAccuracy: judgedAccuracy, dimension: span.count, xi: max(0, 1 - (parts.min() ?? 1)), norm: radius,
      meanNorm: norms.mean, printed: bound.printed * radius, sharp: bound.sharp * radius,
      fooledAtSharp: measured.sharp, fooledAtPrinted: measured.printed, reached: measured.reached,
      delta: delta,
      seed: seed)
  }

  /// The best of the draws at both bounds, and the norm it needs: along ±v a linear classifier is fooled more the
  /// farther it is taken, up to changes among the other classes, so that halving finds it.
  private func measure(
    _ test: FoolingTest, _ span: Subspace, sharp: Double, printed: Double
  ) throws -> (sharp: Double, printed: Double, reached: Double?) {
    var generator = SeededGenerator(seed: seed)
    let vectors = (0..<draws).map { _ in span.draw(using: &generator) }
    let best = { (radius: Double) in
      try vectors.map { try test.rate(of: $0, radius: radius).either.rate }.max() ?? 0
    }
    let (atSharp, atPrinted) = (try best(sharp), try best(printed))
    guard atPrinted >= 1 - delta else { return (atSharp, atPrinted, nil) }
    var (low, high) = (0.0, printed)
    while high - low > 0.02 * high {
      let middle = (low + high) / 2
      if try best(middle) >= 1 - delta { high = middle } else { low = middle }
    }
    return (atSharp, atPrinted, high)
  }
}
