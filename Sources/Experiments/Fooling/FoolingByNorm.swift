internal import Geometry
public import Jobs
internal import Networks
internal import Tensors

/// How many labels one vector changes, by its norm: on the validation images where there are any, else on the images.
///
/// Cost: a forward pass an image, and three for each norm, for +v, −v and the clipped image.
public struct FoolingByNorm: Experiment {
  public static let name = "fooling-by-norm"
  public static let version = 1

  /// v.
  public var perturbation: Direction
  /// The ‖v‖₂ that are tried, in pixel units.
  public var radii: [Double]

  public var others: [OtherModel] { perturbation.directions.others }

  public init(perturbation: Direction, radii: [Double]) {
    (self.perturbation, self.radii) = (perturbation, radii)
  }

  public struct Outcome: StoredOutcome {
    public var count: Int
    public var points: [Point]
  }

  /// The rates at one norm.
  public struct Point: Codable, Sendable, Equatable {
    public var radius: Double
    public var rate: Double
    /// Lower and upper end of the 95 % Wilson interval.
    public var interval: [Double]
    public var opposite: Double
    /// What the rate could be at most: 1 − the share of the class that most fooled images get.
    public var ceiling: Double

    public init(radius: Double, rate: Double, interval: [Double], opposite: Double, ceiling: Double) {
      (self.radius, self.rate, self.interval) = (radius, rate, interval)
      (self.opposite, self.ceiling) = (opposite, ceiling)
    }
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
      let rates = FoolingRates(try test.rate(of: v, radius: radius))
      outcome.points.append(
        Point(
          radius: radius, rate: rates.rate, interval: rates.interval, opposite: rates.opposite,
          ceiling: rates.ceiling))
    }
    return outcome
  }
}
