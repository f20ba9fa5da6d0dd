internal import Geometry
internal import Jobs
internal import Networks
internal import Tensors

/// Perturbations of some networks tried on all of them, and how far their label maps agree.
///
/// The subject's classifier is the first model. Rates are on the validation images where there are any, else on the
/// images, each against the judging model's own clean labels. Agreement is the share of the points of planes through
/// three images each (seeded; the triangle with a margin of a tenth) that two models give the same label; both must
/// know the same classes. Cost: one forward pass an image for each pair, and `planes`·`resolution`² for each model.
/// Source of the planes: Somepalli et al., Can neural nets learn the same model twice?, CVPR 2022.
public struct Transfer: Experiment {
  public static let name = "transfer"
  public static let version = 2

  /// The models besides the subject's.
  public var models: [OtherModel]
  /// One v each.
  public var perturbations: [Direction]
  /// ‖v‖₂ is scaled to this many pixel units; nil leaves each v as it is.
  public var radius: Double?
  /// Planes on which label maps are compared; none leaves ``Outcome/agreement`` empty.
  public var planes = 20
  /// Points along each side of a plane.
  public var resolution = 25
  /// Of the three images that each plane goes through.
  public var seed: UInt64 = 1

  public var others: [OtherModel] { models + perturbations.flatMap(\.directions.others) }

  public init(models: [OtherModel], perturbations: [Direction], radius: Double? = nil) {
    self.models = models
    self.perturbations = perturbations
    self.radius = radius
  }

  /// The rates of each perturbation on each model so far, and how far the models agree.
  public struct Outcome: StoredOutcome {
    /// The models' names, the subject's first: in the order of the j below.
    public var models: [String]
    /// The perturbations' names, in the order of the i below.
    public var perturbations: [String]
    /// Images judged.
    public var count: Int
    /// ‖v‖₂ of each perturbation as tried.
    public var radii: [Double]
    /// rates[i][j]: the share of labels of model j that perturbation i changes; rows grow as they are found.
    public var rates: [[Double]]
    /// What each rate could be at most.
    public var ceilings: [[Double]]
    /// Lower and upper ends of the 95 % Wilson intervals.
    public var intervals: [[[Double]]]
    /// The same for −v.
    public var opposite: [[Double]]
    /// Shares of points on which two models agree; empty before they are known.
    public var agreement: [[Double]]
    /// The same among the images alone.
    public var imageAgreement: [[Double]]
    /// As many as were asked for.
    public var planes: Int
    /// Of the three images that each plane goes through.
    public var seed: UInt64
  }
}

extension Transfer {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let models = try [subject.classifier] + models.map { try subject.other($0).classifier }
    let judged = subject.validation ?? subject.images
    let networks = try models.map { model in
      try Subject(classifier: model, images: judged).boundaryNetwork(interruptibleBy: context.interruption)
    }
    if let radius, !(radius > 0 && radius.isFinite) {
      throw SubjectError("the radius must be a positive number")
    }
    let vectors = try perturbations.map { try context.vector($0, on: subject) }
    let total = perturbations.count * models.count + models.count
    var outcome = Outcome(
      models: models.map(\.name), perturbations: perturbations.map(\.name), count: judged.count, radii: [],
      rates: [], ceilings: [], intervals: [], opposite: [], agreement: [], imageAgreement: [], planes: planes,
      seed: seed)
    var tests: [FoolingTest] = []
    for network in networks {
      try context.report(Progress(completed: 0, total: total, phase: "clean labels"))
      tests.append(try FoolingTest(network, images: judged.images))
    }
    outcome.imageAgreement = Self.agreement(tests.map(\.labels))
    for (i, v) in vectors.enumerated() {
      outcome.begin(i)
      for (j, test) in tests.enumerated() {
        let found = try test.rate(of: v.vectors.elements, radius: radius)
        outcome.take(found, at: i)
        try context.report(
          Progress(completed: i * models.count + j + 1, total: total, phase: "pairs"), partial: outcome)
      }
    }
    outcome.agreement = try agreement(of: networks, on: judged, context)
    return outcome
  }

  /// Over the points of all planes.
  private func agreement(
    of networks: [Network], on judged: ImageSet, _ context: ExperimentContext<Outcome>
  ) throws -> [[Double]] {
    guard planes > 0, judged.count >= 3 else { return [] }
    guard networks.allSatisfy({ $0.classCount == networks[0].classCount }) else { return [] }
    var labels = networks.map { _ in [Int]() }
    for plane in 0..<planes {
      let points = self.plane(plane, judged)
      for (j, network) in networks.enumerated() { labels[j] += try network.labels(points) }
      try context.report(Progress(completed: plane + 1, total: planes, phase: "planes"))
    }
    return Self.agreement(labels)
  }

  /// Points a + u·(b − a) + w·(c − a) with u and w from −0.1 to 1.1 each.
  private func plane(_ plane: Int, _ judged: ImageSet) -> Tensor {
    var generator = SeededGenerator(seed: seed, stream: UInt64(plane))
    let corners = generator.permutation(judged.count).prefix(3).map { judged.images.entry($0) }
    let (across, up) = (corners[1] - corners[0], corners[2] - corners[0])
    let places = (0..<resolution).map { Float($0) / Float(max(1, resolution - 1)) * 1.2 - 0.1 }
    return Tensor(
      concatenating: places.flatMap { w in
        places.map { u in corners[0].adding(u, across).adding(w, up) }
      })
  }

  private static func agreement(_ labels: [[Int]]) -> [[Double]] {
    labels.map { a in
      labels.map { b in
        Double(zip(a, b).filter { $0 == $1 }.count) / Double(max(1, a.count))
      }
    }
  }
}

extension Transfer.Outcome {
  fileprivate mutating func begin(_ i: Int) {
    rates.append([])
    ceilings.append([])
    intervals.append([])
    opposite.append([])
  }

  fileprivate mutating func take(_ found: FoolingRate, at i: Int) {
    if radii.count == i { radii.append(found.radius) }
    rates[i].append(found.rate)
    ceilings[i].append(found.ceiling)
    intervals[i].append([found.interval.lowerBound, found.interval.upperBound])
    opposite[i].append(found.opposite.rate)
  }
}
