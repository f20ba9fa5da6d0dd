public import Experiments
public import Geometry
public import Networks
internal import Tensors

/// Runs an experiment and gives what came of it, from what is kept where it is there.
public protocol ExperimentRunner {
  func outcome<E: Experiment>(of experiment: E, on subject: Subject) throws -> E.Outcome
}

/// Everything that a page on a classifier says, within a budget of seconds.
///
/// Labels come first and tell what a pass costs; every further part takes as many images as its share of the budget
/// allows, and is left out, and said so, where the least that it needs would take more. Directions are learnt from the
/// first half of the images, every rate is of the second half; distances, alterations and checks are of the second half,
/// labels of all.
public struct Examination {
  public var seconds: Double
  public var seed: UInt64 = 1
  /// ξ in pixel units; a fifth of the norm at which noise changes 80 % of the labels where nil.
  public var radius: Double?

  public init(seconds: Double = 60) { self.seconds = seconds }

  public struct Outcome: Sendable {
    public var model: String
    public var images: String
    public var count: Int
    public var findings: Evidence
    public var noise: NoiseTolerance.Outcome?
    public var radius: Double?
    /// How many labels one vector changes, by its norm: the even universal, S_c 1, random noise.
    public var universals: [Curve] = []
    public var curvature: SharedCurvature.Outcome?
    public var shape: SubspaceShape.Outcome?
    /// Elements of an image.
    public var pixels: Int
    public var remarks: [String]
    public var isPiecewiseLinear: Bool
    public var seconds = 0.0
  }

  /// A vector at several norms, on images that it was not learnt from.
  public struct Curve: Codable, Sendable, Equatable {
    public var name: String
    public var points: [Point]

    public struct Point: Codable, Sendable, Equatable {
      public var radius: Double
      public var rate: Double
      public var interval: [Double]
      public var opposite: Double
      public var ceiling: Double
    }
  }
}

extension Examination.Outcome {
  /// The largest of all norms that were found, pixels in [0, 1].
  public var largestNorm: Double {
    max(radius ?? 0, findings.masking?.each.filter(\.isFooled).map(\.refined).max() ?? 0)
  }
}

extension Examination {
  /// Takes half of the images as those that are learnt from; the rest is judged on.
  public func run(
    on classifier: Classifier, _ images: ImageSet, judgement: ReadingJudgement.Outcome?,
    by runner: some ExperimentRunner
  ) throws -> Outcome {
    let start = ContinuousClock.now
    var parts = Parts(self, classifier, images, runner)
    try parts.label(judgement)
    try parts.look()
    try parts.search()
    try parts.alter()
    try parts.keeping("one vector for all images") { try $0.perturb() }
    try parts.keeping("curvature") { try $0.bend() }
    parts.outcome.seconds = (ContinuousClock.now - start) / .seconds(1)
    return parts.outcome
  }
}

/// The parts of an examination, one after the other.
private struct Parts<Runner: ExperimentRunner> {
  let examination: Examination
  let classifier: Classifier
  let images: ImageSet
  let runner: Runner
  /// Those that directions are learnt from, and those that are judged on.
  let learnt: ImageSet
  let judged: ImageSet
  var outcome: Examination.Outcome
  /// Seconds of a forward pass of one image.
  private var pace = 0.0
  private let start = ContinuousClock.now

  init(_ examination: Examination, _ classifier: Classifier, _ images: ImageSet, _ runner: Runner) {
    (self.examination, self.classifier, self.images, self.runner) = (examination, classifier, images, runner)
    let half = images.count / 2
    learnt = images.gathering(Array(0..<half))
    judged = images.gathering(Array(half..<images.count))
    outcome = Examination.Outcome(
      model: classifier.name, images: images.name, count: images.count, findings: Evidence(),
      pixels: images.images.entryCount, remarks: images.remarks,
      isPiecewiseLinear: classifier.network.isPiecewiseLinear)
    outcome.findings.classNames = classifier.classNames.isEmpty ? images.classNames : classifier.classNames
    // The importer's remark is what is left of the mode: it is switched off in the graph.
    outcome.findings.isInTrainingMode = classifier.remark?.contains("training mode") ?? false
    outcome.findings.passesStraight = classifier.network.isStraightThrough
  }

  private func subject(_ set: ImageSet, _ count: Int? = nil) -> Subject {
    let count = min(set.count, count ?? set.count)
    return Subject(
      classifier: classifier, images: count == set.count ? set : set.gathering(Array(0..<count)))
  }

  /// Images that a share of the budget is enough for; nil, and said so, where it is not for the fewest.
  private mutating func fitting(
    _ name: String, share: Double, passes: Double, least: Int, most: Int
  ) -> Int? {
    // What earlier parts have left over is there for the later ones.
    let left = examination.seconds - (ContinuousClock.now - start) / .seconds(1)
    let allowed = max(share * examination.seconds, 0.3 * left)
    let count = Int(min(1e6, allowed / max(1e-9, pace * passes)))
    if count >= least { return min(count, most) }
    let needed = Double(least) * pace * passes / share
    outcome.findings.skipped.append("\(name) (--seconds \(Int(needed.rounded(.up))) has room for it)")
    return nil
  }

  /// A part that the images may have nothing for, such as a boundary: why not is said, and the page goes on.
  mutating func keeping(_ name: String, _ body: (inout Self) throws -> Void) throws {
    do {
      try body(&self)
    } catch let error as SubjectError {
      outcome.findings.skipped.append("\(name): \(error)")
    }
  }

  mutating func label(_ judgement: ReadingJudgement.Outcome?) throws {
    outcome.findings.judgement = judgement
    let start = ContinuousClock.now
    let found = try runner.outcome(of: Prediction(includesLogits: true), on: subject(images))
    let expected = Double(classifier.network.multiplyAdds) * Prediction.expectedPace
    // Labels that were kept cost nothing, and say nothing of the next pass.
    pace = max((ContinuousClock.now - start) / .seconds(1) / Double(max(1, images.count)), expected / 2)
    outcome.findings.logits = found.predictions.compactMap(\.logits)
    outcome.findings.duplicates = Duplicates(images.images)
    let known = found.predictions.filter { $0.truth != nil }
    guard !known.isEmpty else { return }
    let truth = known.map { $0.truth! }
    outcome.findings.confusion = Confusion(
      truth: truth, labels: known.map(\.label), classes: classifier.network.classCount)
    outcome.findings.calibration = Calibration(
      probabilities: known.map(\.probability), isRight: known.map { $0.truth == $0.label },
      logits: known.compactMap(\.logits), truth: truth)
  }

  mutating func look() throws {
    guard let count = fitting("channels", share: 0.05, passes: 2, least: 16, most: 2000) else { return }
    let start = ContinuousClock.now
    outcome.findings.activity = try runner.outcome(of: Activity(), on: subject(images, count))
    // The first passes are slower than those to come.
    let seen = (ContinuousClock.now - start) / .seconds(1) / Double(2 * count)
    pace = min(pace, max(seen, Double(classifier.network.multiplyAdds) * Prediction.expectedPace / 2))
  }

  mutating func search() throws {
    let masking = Masking(seed: examination.seed)
    guard let count = fitting("distances", share: 0.4, passes: 390, least: 8, most: 64) else { return }
    outcome.findings.masking = try runner.outcome(of: masking, on: subject(judged, count))
  }

  mutating func alter() throws {
    if let count = fitting("corruptions", share: 0.2, passes: 45, least: 40, most: 500) {
      outcome.findings.alterations = try runner.outcome(
        of: Alterations(covered: outcome.findings.activity?.strongest, seed: examination.seed),
        on: subject(judged, count))
    } else if let count = fitting(
      "mirror, shift, border and grey", share: 0.2, passes: 5, least: 20, most: 500)
    {
      let few = Alterations(
        includesCorruptions: false, covered: outcome.findings.activity?.strongest, seed: examination.seed)
      outcome.findings.alterations = try runner.outcome(of: few, on: subject(judged, count))
    }
    if let count = fitting("outliers", share: 0.05, passes: 3, least: 20, most: 300) {
      outcome.findings.outliers = try runner.outcome(
        of: Outliers(seed: examination.seed), on: subject(judged, count))
    }
  }

  /// One vector for all images, at fixed norms.
  mutating func perturb() throws {
    if let count = fitting("noise", share: 0.08, passes: 13, least: 16, most: 300) {
      outcome.noise = try runner.outcome(
        of: NoiseTolerance(seed: examination.seed), on: subject(learnt, count))
    }
    outcome.radius = examination.radius ?? outcome.noise?.radius.map { $0 / 5 }
    guard let radius = outcome.radius, radius > 0 else { return }
    try universal(.even, radius)
    try universal(.random, radius)
  }

  private mutating func universal(_ method: UniversalFooling.Method, _ radius: Double) throws {
    var one = UniversalFooling(method: method, radius: radius, seed: examination.seed)
    if method == .even {
      guard let count = fitting("a universal perturbation", share: 0.15, passes: 60, least: 16, most: 150)
      else { return }
      one.gradients = 20 * count
      let found = try runner.outcome(of: one, on: subject(learnt, count))
      try follow("even universal", found.perturbation, radius)
    } else {
      guard outcome.universals.count == 1 else { return }
      let found = try runner.outcome(of: one, on: subject(learnt, 16))
      try follow("one random vector", found.perturbation, radius)
    }
  }

  private mutating func follow(_ name: String, _ vector: Tensor, _ radius: Double) throws {
    let count = min(judged.count, 400)
    let points = try [0.25, 0.5, 1, 2].map { share in
      let fooling = Fooling(perturbation: .given(Basis(name: name, vectors: vector)), radius: share * radius)
      let rates = try runner.outcome(of: fooling, on: subject(judged, count))
      return Examination.Curve.Point(
        radius: share * radius, rate: rates.rate, interval: rates.interval, opposite: rates.opposite,
        ceiling: rates.ceiling)
    }
    outcome.universals.append(.init(name: name, points: points))
  }

  /// S_c, and how much the boundary of unseen images bends along it.
  mutating func bend() throws {
    guard let radius = outcome.radius, radius > 0 else { return }
    var shared = SharedCurvature(product: .secant(step: Float(radius)), eigenvectors: 2)
    (shared.iterations, shared.climb, shared.seed) = (16, 0, examination.seed)
    guard let count = fitting("curvature", share: 0.2, passes: 16 * 4.4 + 120, least: 10, most: 100) else {
      return
    }
    shared.points = count
    let found = try runner.outcome(of: shared, on: subject(learnt, count))
    outcome.curvature = found
    try follow("S_c 1", found.basis[0..<1], radius)
    let basis = Basis(name: "S_c", vectors: found.basis)
    guard let few = fitting("curvature of unseen images", share: 0.1, passes: 140, least: 10, most: 100)
    else { return }
    outcome.shape = try runner.outcome(
      of: SubspaceShape(basis: .given(basis), dimensions: [1], product: shared.product),
      on: subject(judged, few))
  }
}
