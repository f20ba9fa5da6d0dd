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
public struct Examination: Hashable, Sendable {
  /// The budget: about what all parts together may take.
  public var seconds: Double
  /// Seed of noise, random vectors, walks and probes.
  public var seed: UInt64 = 1
  /// ξ in pixel units; a fifth of the norm at which noise changes 80 % of the labels where nil.
  public var radius: Double?

  public init(seconds: Double = 60) { self.seconds = seconds }

  /// What the parts that fitted into the budget found.
  public struct Outcome: Sendable {
    /// What the page calls the classifier.
    public var model: String
    /// Name of the image set: a file, a folder, a range.
    public var images: String
    public var count: Int
    /// What signs and verdict follow from.
    public var findings = Evidence()
    /// How far random directions must go to change labels; nil where it was not tried.
    public var noise: NoiseTolerance.Outcome?
    /// ξ of vectors, sections and curvature in pixel units; nil where it was neither given nor found.
    public var radius: Double?
    /// How many labels one vector changes, by its norm: the even universal, S_c 1, random noise.
    public var universals: [Curve] = []
    /// The image at the median distance, by its place in the set: sections and spectrum are of it.
    public var looked: Int?
    /// Along r and the even universal, along r and a random vector.
    public var sections: [SectionMap.Outcome] = []
    /// The density of the principal curvatures at the boundary point of ``looked``; nil where not tried.
    public var spectrum: PointSpectrum.Outcome?
    public var curvature: SharedCurvature.Outcome?
    /// How the boundary of unseen images bends along the first direction of S_c; nil where not tried.
    public var shape: SubspaceShape.Outcome?
    /// Elements of an image.
    public var pixels: Int
    public var remarks: [String] = []
    /// What the run took by the clock; 0 where its parts were asked for one by one.
    public var seconds = 0.0

    public init(model: String, images: String, count: Int, pixels: Int) {
      (self.model, self.images, self.count, self.pixels) = (model, images, count, pixels)
    }
  }

  /// A vector at several norms, on images that it was not learnt from.
  public struct Curve: Codable, Sendable, Equatable {
    public var name: String
    /// The rates by ascending norm: at a quarter of ξ, half of it, ξ, and 2ξ.
    public var points: [FoolingByNorm.Point]

    public init(name: String, points: [FoolingByNorm.Point]) { (self.name, self.points) = (name, points) }
  }
}

extension Examination.Outcome {
  /// The largest of all norms that were found, pixels in [0, 1].
  public var largestNorm: Double {
    max(radius ?? 0, findings.masking?.each.filter(\.isFooled).map(\.refined).max() ?? 0)
  }
}

// MARK: - What it asks

extension Examination {
  /// What changes are tried where corruptions fit, or do not.
  public func alterations(_ part: ExaminationPart, covering pixel: [Int]?) -> Alterations {
    Alterations(includesCorruptions: part == .corruptions, covered: pixel, seed: seed)
  }

  /// One vector that fools by both signs, of twenty gradients an image.
  public func even(radius: Double, images: Int) -> UniversalFooling {
    var even = UniversalFooling(method: .even, radius: radius, seed: seed)
    even.gradients = 20 * images
    return even
  }

  /// S_c as far as two vectors of sixteen products tell it.
  public func curvature(radius: Double, points: Int) -> SharedCurvature {
    var shared = SharedCurvature(product: .secant(step: Float(radius)), eigenvectors: 2)
    (shared.iterations, shared.climb, shared.seed, shared.points) = (16, 0, seed, points)
    return shared
  }

  /// How much the boundary bends along the first direction of S_c.
  public func bending(along directions: Directions, radius: Double) -> SubspaceShape {
    SubspaceShape(basis: directions, dimensions: [1], product: .secant(step: Float(radius)))
  }

  /// The plane through an image at distance `norm` of the boundary, as far as both that and ξ reach.
  ///
  /// `count` is how much there is time for, as ``ExaminationPlan/size(of:)`` says it.
  public func section(
    along direction: Direction, norm: Double, radius: Double, count: Int
  ) -> SectionMap {
    let side = ExaminationPart.side(ofSections: count)
    return SectionMap(
      index: 0, along: direction, extent: max(3 * norm, 1.25 * radius), width: side, height: side,
      product: .secant(step: Float(radius)))
  }

  /// How dense the principal curvatures lie at one boundary point.
  public var spectrum: PointSpectrum {
    var spectrum = PointSpectrum(index: 0, method: .density, product: .softened(beta: 10))
    (spectrum.probes, spectrum.steps, spectrum.seed) = (2, 24, seed)
    return spectrum
  }

  /// A vector at a quarter of ξ, half of it, ξ, and 2ξ.
  public func curve(of direction: Direction, radius: Double) -> FoolingByNorm {
    FoolingByNorm(perturbation: direction, radii: [0.25, 0.5, 1, 2].map { $0 * radius })
  }
}

extension Examination {
  /// Takes half of the images as those that are learnt from; the rest is judged on.
  public func run(
    on classifier: Classifier, _ images: ImageSet, judgement: ReadingJudgement.Outcome?,
    by runner: some ExperimentRunner
  ) throws -> Outcome {
    let start = ContinuousClock.now
    var parts = ExaminationRun(self, classifier, images, runner)
    try parts.label(judgement)
    try parts.look()
    try parts.search()
    try parts.alter()
    try parts.keeping("one vector for all images") { try $0.perturb() }
    try parts.keeping("two sections") { try $0.cut() }
    try parts.keeping("curvature") { try $0.bend() }
    parts.outcome.seconds = (ContinuousClock.now - start) / .seconds(1)
    return parts.outcome
  }
}
