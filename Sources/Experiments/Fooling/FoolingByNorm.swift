internal import Geometry
public import Jobs
internal import Networks
internal import Tensors

/// How many labels one vector changes, by its norm: on the validation images where there are any, else on the images.
///
/// Cost: a forward pass an image, and three for each norm, for +v, −v and the clipped image.
public struct FoolingByNorm: Experiment {
  public static let name = "fooling-by-norm"
  public static let version = 2

  /// v.
  public var perturbation: Direction
  /// The ‖v‖₂ that are tried, in pixel units.
  public var radii: [Double]

  public var others: [OtherModel] { perturbation.directions.others }

  public init(perturbation: Direction, radii: [Double]) {
    (self.perturbation, self.radii) = (perturbation, radii)
  }

  /// The rates at each norm so far.
  public struct Outcome: StoredOutcome {
    public var count: Int
    /// One a norm, in the order asked for; grows as they are measured.
    public var points: [Point]
  }

  /// The rates at one norm.
  public struct Point: Codable, Sendable, Equatable {
    /// ‖v‖₂ in pixel units.
    public var radius: Double
    /// Share of the images with k(x + v) ≠ k(x), pixels not clipped.
    public var rate: Double
    /// Lower and upper end of the 95 % Wilson interval.
    public var interval: [Double]
    /// Share of the images with k(x − v) ≠ k(x), pixels not clipped.
    public var opposite: Double
    /// What the rate could be at most: 1 − the share of the class that most fooled images get.
    public var ceiling: Double
    /// Images whose label became another.
    public var changed = 0
    /// The labels that these got, the commonest first, six at most.
    public var taken: [Taken] = []

    public init(radius: Double, rate: Double, interval: [Double], opposite: Double, ceiling: Double) {
      (self.radius, self.rate, self.interval) = (radius, rate, interval)
      (self.opposite, self.ceiling) = (opposite, ceiling)
    }
  }

  /// What became of some images: how many got a label, and which label most of them had before.
  public struct Taken: Codable, Sendable, Equatable {
    /// k(x + v) of these images.
    public var label: Int
    public var count: Int
    /// The k(x) that most of these images have, the lowest of equals.
    public var from: Int
    /// How many of these images have it.
    public var fromCount: Int
  }

  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    extent.over(extent.selection.images).stretches(of: perturbation.directions) + [
      .init("norms", passes: Double(3 * radii.count + 1) * extent.judged)
    ]
  }

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.network(interruptibleBy: context.interruption)
    // What is learnt on the way is judged here, and nowhere else.
    let learnt = Subject(classifier: subject.classifier, images: subject.images, others: subject.others)
    let v = try context.vector(perturbation, on: learnt).vectors.elements
    let test = try FoolingTest(network, images: (subject.validation ?? subject.images).images)
    var outcome = Outcome(count: (subject.validation ?? subject.images).count, points: [])
    for (done, radius) in radii.enumerated() {
      try context.report(
        Progress(completed: done, total: radii.count, phase: "norms"), partial: outcome)
      outcome.points.append(Point(try test.rate(of: v, radius: radius), at: radius, before: test.labels))
    }
    return outcome
  }
}

extension FoolingByNorm.Point {
  fileprivate init(_ rate: FoolingRate, at radius: Double, before: [Int]) {
    let rates = FoolingRates(rate)
    self.init(
      radius: radius, rate: rates.rate, interval: rates.interval, opposite: rates.opposite,
      ceiling: rates.ceiling)
    var sources: [Int: [Int: Int]] = [:]
    for (own, label) in zip(before, rate.reached) where own != label {
      sources[label, default: [:]][own, default: 0] += 1
      changed += 1
    }
    taken = sources.map { label, counts in
      let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) } ?? (key: label, value: 0)
      return FoolingByNorm.Taken(
        label: label, count: counts.values.reduce(0, +), from: most.key, fromCount: most.value)
    }
    .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
    taken = Array(taken.prefix(6))
  }
}
