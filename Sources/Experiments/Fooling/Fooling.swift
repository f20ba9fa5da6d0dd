internal import Geometry
internal import Networks
internal import Tensors

/// How many labels one given perturbation changes: on the validation images where there are any, else on the images.
public struct Fooling: Experiment {
  public static let name = "fool"
  public static let version = 3
  public static let tellsNames = true

  /// v.
  public var perturbation: Direction
  /// ‖v‖₂ is scaled to this many pixel units; nil leaves v as it is.
  public var radius: Double?

  public var others: [OtherModel] { perturbation.directions.others }

  public init(perturbation: Direction, radius: Double? = nil) {
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
    /// What the rate could be at most: 1 − the share of the class that most fooled images get.
    public var ceiling: Double
    /// How many perturbed images have which label.
    public var labels: [String: Int]
    /// The flow of labels: how many images of which label got which other one, the largest first.
    public var flow: [Flow] = []
    /// The label that most fooled images get, and its share of them; nil where none is fooled.
    @OrNull public var dominant: Dominant?
    /// k(x) and k(x + v) of every image.
    public var before: [Int] = []
    public var after: [Int] = []
  }

  public struct Flow: Codable, Sendable, Equatable {
    public var from: Int
    public var to: Int
    public var count: Int
  }

  public struct Dominant: Codable, Sendable, Equatable {
    public var label: Int
    public var name: String
    public var share: Double
  }
}

extension Fooling {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.network(interruptibleBy: context.interruption)
    let v = try context.vector(perturbation, on: subject).vectors.elements
    let judged = subject.validation ?? subject.images
    let test = try FoolingTest(network, images: judged.images)
    let result = try test.rate(of: v, radius: radius)
    let rates = FoolingRates(result)
    var labels: [String: Int] = [:]
    for (k, count) in result.labels.enumerated() where count > 0 {
      labels[subject.classifier.className(k), default: 0] += count
    }
    return Outcome(
      count: rates.count, radius: result.radius, rate: rates.rate, interval: rates.interval,
      opposite: rates.opposite, either: rates.either, clipped: rates.clipped, ceiling: rates.ceiling,
      labels: labels,
      flow: Self.flow(from: test.labels, to: result.reached),
      dominant: Self.dominant(test.labels, result.reached, subject.classifier), before: test.labels,
      after: result.reached)
  }

  private static func flow(from before: [Int], to after: [Int]) -> [Flow] {
    var counts: [[Int]: Int] = [:]
    for (from, to) in zip(before, after) where from != to { counts[[from, to], default: 0] += 1 }
    return counts.map { Flow(from: $0.key[0], to: $0.key[1], count: $0.value) }
      .sorted { ($1.count, $0.from, $0.to) < ($0.count, $1.from, $1.to) }
  }

  private static func dominant(
    _ before: [Int], _ after: [Int], _ classifier: Classifier
  ) -> Dominant? {
    var counts: [Int: Int] = [:]
    for (from, to) in zip(before, after) where from != to { counts[to, default: 0] += 1 }
    guard let top = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return nil }
    let total = counts.values.reduce(0, +)
    return Dominant(
      label: top.key, name: classifier.className(top.key), share: Double(top.value) / Double(total))
  }
}
