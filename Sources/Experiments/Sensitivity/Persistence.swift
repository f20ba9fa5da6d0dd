public import Geometry
internal import Jobs
internal import Networks
internal import Tensors

/// How long each image keeps its label on the straight way along ±v, and what of v's effect its sign decides.
///
/// On x + t·v̂ with −T ≤ t ≤ T the distances where the label changes, see ``LabelsAlong``; σ_γ at x, see
/// ``LabelPersistence``; and for v of norm ξ the odd and even parts of the margin's change, see ``OddEven``, beside the
/// rates of +v and −v. Judged on the validation images where there are any. Cost for each image: 2·steps + 1 forward
/// passes and 20 for each change, the draws of σ_γ some 20 to 40 times, and six more.
public struct Persistence: Experiment {
  public static let name = "persistence"
  public static let version = 1

  /// v: the way takes its direction alone, the split its norm too where ``radius`` is nil.
  public var along: Direction
  /// T in pixel units.
  public var reach: Double
  /// Places on each side of x.
  public var steps = 100
  /// ξ of the split; nil leaves v as it is.
  public var radius: Double?
  /// nil measures no σ_γ.
  public var noise: LabelPersistence.Settings?

  public var others: [OtherModel] { along.directions.others }

  public init(
    along: Direction, reach: Double, radius: Double? = nil, noise: LabelPersistence.Settings? = .init()
  ) {
    self.along = along
    self.reach = reach
    self.radius = radius
    self.noise = noise
  }

  /// How long labels last, and what of v's effect its sign decides, over the images judged.
  public struct Outcome: StoredOutcome {
    /// v.
    public var along: String
    /// T in pixel units.
    public var reach: Double
    public var count: Int
    /// Share of images that keep k(x) all the way along +v, and along −v.
    public var kept: Double
    /// Share of images that keep k(x) all the way along −v.
    public var keptOpposite: Double
    /// Median distance in pixel units to the first change along +v and along −v; nil where most images have none.
    @OrNull public var first: Double?
    /// Median distance in pixel units to the first change along −v; nil where half of the images have none.
    @OrNull public var firstOpposite: Double?
    /// γ and the median of σ_γ in pixel units; nil where it was not measured.
    @OrNull public var gamma: Double?
    /// Median of σ_γ in pixel units; nil where it was not measured, or half of the labels stand all noise.
    @OrNull public var persistence: Double?
    /// The odd and even parts of what v does, with the rates of +v and −v.
    public var split: Split
    /// One an image judged, in their order.
    public var each: [Each]
  }

  /// G(x ± v) = G(x) + even ± odd.
  public struct Split: Codable, Sendable, Equatable {
    /// ‖v‖₂ in pixel units.
    public var radius: Double
    /// Shares of labels that +v, −v, and one of them change.
    public var rate: Double
    /// Share of labels that −v changes.
    public var opposite: Double
    /// Share of labels that v or −v changes.
    public var either: Double
    /// Shares of images whose margin the even part alone, and the odd part alone with its better sign, carry over 0.
    public var evenAlone: Double
    /// Share of images whose margin the odd part alone, with its better sign, carries over 0.
    public var oddAlone: Double
    /// Mean and standard deviation over the images, in logit units; of the odd part the magnitude.
    public var even: Spread
    /// The magnitude of the odd part over the images, in logit units.
    public var odd: Spread
  }

  /// Of one part over the images judged.
  public struct Spread: Codable, Sendable, Equatable {
    /// In logit units.
    public var mean: Double
    /// Standard deviation with n − 1, in logit units.
    public var deviation: Double

    init(_ numbers: [Double]) {
      let statistics = Statistics(numbers)
      (mean, deviation) = (statistics.mean, statistics.deviation)
    }
  }

  /// The way of one image, and what v does to its margin.
  public struct Each: Codable, Sendable, Equatable {
    public var index: Int
    /// k(x).
    public var label: Int
    /// By ascending distance, those along −v negative.
    public var changes: [LabelsAlong.Change]
    /// σ_γ with its 95 % interval, in pixel units.
    @OrNull public var persistence: LabelPersistence.Extent?
    /// G(x) and the parts of its change, in logit units.
    public var margin: Double
    /// ½(G(x + v) + G(x − v)) − G(x), in logit units.
    public var even: Double
    /// ½(G(x + v) − G(x − v)), in logit units.
    public var odd: Double

    /// The distance to the first change along +v, and along −v.
    public var first: Double? { changes.first { $0.distance > 0 }?.distance }
    /// The distance in pixel units to the first change along −v, positive; nil where there is none.
    public var firstOpposite: Double? { changes.last { $0.distance < 0 }.map { -$0.distance } }
  }
}

extension Persistence {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    guard reach > 0, reach.isFinite, steps > 0, radius.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw SubjectError("persistence needs a positive reach and radius and at least one step")
    }
    let v = try context.vector(along, on: subject).vectors.elements
    let judged = subject.validation ?? subject.images
    let test = try FoolingTest(network, images: judged.images)
    let ways = try ways(test, v, context)
    let extents = try persistences(test, context)
    let split = try OddEven(of: v, radius: radius, on: test)
    let each = judged.indices.enumerated().map { i, index in
      Each(
        index: index, label: test.labels[i], changes: ways[i],
        persistence: extents.isEmpty ? nil : extents[i],
        margin: Double(split.margins[i]), even: Double(split.even[i]), odd: Double(split.odd[i]))
    }
    return outcome(each, Split(split, try test.rate(of: v, radius: radius)))
  }

  private func ways(
    _ test: FoolingTest, _ v: [Float], _ context: ExperimentContext<Outcome>
  ) throws -> [[LabelsAlong.Change]] {
    var search = LabelsAlong(test.network, from: test.images, along: v, reach: reach, steps: steps)
    while try search.advance() != nil {
      try context.report(
        Progress(completed: search.changes.count, total: test.images.count, phase: "images on their way"))
    }
    return search.changes
  }

  private func persistences(
    _ test: FoolingTest, _ context: ExperimentContext<Outcome>
  ) throws -> [LabelPersistence.Extent] {
    guard let noise else { return [] }
    guard noise.gamma > 0, noise.gamma < 1, noise.draws > 0 else {
      throw SubjectError("γ must be a share between 0 and 1, over at least one draw")
    }
    var search = LabelPersistence(test, settings: noise)
    while try search.advance() != nil {
      try context.report(
        Progress(completed: search.found.count, total: test.images.count, phase: "images under noise"))
    }
    return search.found
  }

  private func outcome(_ each: [Each], _ split: Split) -> Outcome {
    func median(_ distances: [Double?]) -> Double? {
      let median = Statistics(distances.map { $0 ?? .infinity }).median
      return median.isFinite ? median : nil
    }
    func share(_ distances: [Double?]) -> Double {
      Double(distances.count { $0 == nil }) / Double(max(1, distances.count))
    }
    let (ahead, back) = (each.map(\.first), each.map(\.firstOpposite))
    return Outcome(
      along: along.name, reach: reach, count: each.count, kept: share(ahead), keptOpposite: share(back),
      first: median(ahead), firstOpposite: median(back), gamma: noise?.gamma,
      persistence: noise == nil ? nil : median(each.map { $0.persistence?.sigma }), split: split, each: each)
  }
}

extension Persistence.Split {
  fileprivate init(_ split: OddEven, _ rates: FoolingRate) {
    self.init(
      radius: rates.radius, rate: rates.rate, opposite: rates.opposite.rate, either: rates.either.rate,
      evenAlone: split.alone.even.rate, oddAlone: split.alone.odd.rate,
      even: .init(split.even.map(Double.init)), odd: .init(split.odd.map { Double(abs($0)) }))
  }
}
