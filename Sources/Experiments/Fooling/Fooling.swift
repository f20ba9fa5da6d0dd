internal import Geometry
internal import Networks
public import Tensors

/// How many labels one given perturbation changes: on the validation images where there are any, else on the images.
public struct Fooling: Experiment, JudgedImageByImage {
  public static let name = "fool"
  public static let version = 4
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

  /// What becomes of the labels of the images judged.
  public struct Outcome: StoredOutcome {
    public var count: Int
    /// ‖v‖₂.
    public var radius: Double
    /// Share of the images with k(x + v) ≠ k(x), pixels not clipped.
    public var rate: Double
    /// Lower and upper end of the 95 % Wilson interval.
    public var interval: [Double]
    /// Share of the images with k(x − v) ≠ k(x), pixels not clipped.
    public var opposite: Double
    /// Share of the images that v or −v fools.
    public var either: Double
    /// The rate of v where x + v is clipped to [0, 1].
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
    /// k(x + v) of every image, pixels not clipped.
    public var after: [Int] = []
    /// N×2, 0 or 1: whether −v changes the label of each image, and whether v does that is clipped to pixels.
    var ways = Tensor(zeros: [0])

    public var arrays: [String: Tensor] {
      get { ["ways": ways] }
      set { ways = newValue["ways"] ?? ways }
    }

    private enum CodingKeys: CodingKey {
      case count, radius, rate, interval, opposite, either, clipped, ceiling, labels, flow, dominant, before,
        after
    }
  }

  /// Images that went from one label to the same other one.
  public struct Flow: Codable, Sendable, Equatable {
    /// k(x).
    public var from: Int
    /// k(x + v), another one.
    public var to: Int
    public var count: Int
  }

  /// The commonest label of fooled images, the lowest of equals.
  public struct Dominant: Codable, Sendable, Equatable {
    /// k(x + v), as an index of the classes.
    public var label: Int
    public var name: String
    /// Share of the fooled images, from 0 to 1.
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
    let ways = zip(result.isOpposed, result.isClippedChanged).flatMap { [$0 ? 1 : 0, $1 ? 1 : 0] as [Float] }
    return Self.outcome(
      test, after: result.reached, Tensor(shape: [result.count, 2], elements: ways), radius: result.radius,
      subject.classifier)
  }

  public func suits(_ outcome: Outcome, _ subject: Subject) -> Bool {
    let (count, classes) = (Self.extent(of: subject), 0..<subject.classifier.network.classCount)
    return [outcome.before, outcome.after].allSatisfy { $0.count == count && $0.allSatisfy(classes.contains) }
      && outcome.ways.shape == [count, 2]
  }

  public func joined(_ parts: [Outcome], on subject: Subject) throws -> Outcome {
    let judged = subject.validation ?? subject.images
    let test = FoolingTest(
      subject.classifier.network, images: judged.images, labels: parts.flatMap(\.before))
    return Self.outcome(
      test, after: parts.flatMap(\.after), Tensor(concatenating: parts.map(\.ways)), radius: parts[0].radius,
      subject.classifier)
  }

  /// From the labels of all images, before and after, and what else changes them.
  private static func outcome(
    _ test: FoolingTest, after: [Int], _ ways: Tensor, radius: Double, _ classifier: Classifier
  ) -> Outcome {
    let before = test.labels
    let isChanged = zip(before, after).map { $0 != $1 }
    func share(_ holds: (Int) -> Bool) -> Proportion {
      Proportion(before.indices.count(where: holds), of: before.count)
    }
    let forward = share { isChanged[$0] }
    var labels: [String: Int] = [:]
    for k in after { labels[classifier.className(k), default: 0] += 1 }
    return Outcome(
      count: before.count, radius: radius, rate: forward.rate,
      interval: [forward.interval.lowerBound, forward.interval.upperBound],
      opposite: share { ways.elements[2 * $0] > 0 }.rate,
      either: share { isChanged[$0] || ways.elements[2 * $0] > 0 }.rate,
      clipped: share { ways.elements[2 * $0 + 1] > 0 }.rate, ceiling: test.ceiling(of: after), labels: labels,
      flow: flow(from: before, to: after), dominant: dominant(before, after, classifier), before: before,
      after: after, ways: ways)
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
