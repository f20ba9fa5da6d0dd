internal import Geometry
internal import Networks
internal import Tensors

/// How many labels one given perturbation changes: on the validation images where there are any, else on the images.
public struct Fooling: Experiment {
  public static let name = "fool"
  public static let version = 1

  public static func finding(_ outcome: Outcome) -> Finding { .fooling(outcome) }

  /// v: the first of these directions.
  public var perturbation: Basis
  /// ‖v‖₂ is scaled to this many pixel units; nil leaves v as it is.
  public var radius: Double?

  public init(perturbation: Basis, radius: Double? = nil) {
    self.perturbation = perturbation
    self.radius = radius
  }

  public struct Outcome: StoredOutcome {
    public var count: Int
    /// ‖v‖₂.
    public var radius: Double
    public var rate: Double
    /// Lower and upper end of the 95 % Wilson interval.
    public var interval: [Double]
    public var opposite: Double
    public var either: Double
    public var clipped: Double
    /// How many perturbed images have which label.
    public var labels: [String: Int]
  }
}

extension Fooling {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.network(interruptibleBy: context.interruption)
    try subject.check(perturbation)
    let judged = subject.validation ?? subject.images
    let test = try FoolingTest(network, images: judged.images)
    let result = try test.rate(of: Array(perturbation.vectors.entryElements(0)), radius: radius)
    let rates = FoolingRates(result)
    var labels: [String: Int] = [:]
    for (k, count) in result.labels.enumerated() where count > 0 {
      labels[subject.classifier.className(k), default: 0] += count
    }
    return Outcome(
      count: rates.count, radius: result.radius, rate: rates.rate, interval: rates.interval,
      opposite: rates.opposite, either: rates.either, clipped: rates.clipped, labels: labels)
  }
}
