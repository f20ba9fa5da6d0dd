public import Networks
public import Tensors

/// Images with their clean labels, on which universal perturbations are tried.
public struct FoolingTest: Sendable {
  /// The classifier that is to be fooled.
  public let network: Network
  /// x, N×C×H×W, pixels in [0, 1].
  public let images: Tensor
  /// k(x) of every image.
  public let labels: [Int]

  /// Labels the images; costs one forward pass each.
  public init(_ network: Network, images: Tensor) throws {
    self.init(network, images: images, labels: try network.labels(images))
  }

  /// Images whose clean labels are known already.
  public init(_ network: Network, images: Tensor, labels: [Int]) {
    precondition(images.count == labels.count, "\(labels.count) labels for \(images.count) images")
    self.network = network
    self.images = images
    self.labels = labels
  }

  /// The share of labels that v, C×H×W, changes when ‖v‖₂ is scaled to `radius`; as it is where nil.
  ///
  /// Cost: one forward pass an image.
  public func share(fooledBy v: [Float], radius: Double? = nil) throws -> Proportion {
    try trial(of: v, radius: radius).share
  }

  /// The share of labels that v changes, and the ceiling of such a share.
  ///
  /// Cost: one forward pass an image.
  public func trial(of v: [Float], radius: Double? = nil) throws -> (share: Proportion, ceiling: Double) {
    let reached = try network.labels(images.addingToEach(1, Self.scaled(v, to: radius)))
    return (share(changed(reached)), ceiling(of: reached))
  }

  /// The share of images that are not of the class that most fooled ones get.
  ///
  /// A vector that turns all images into one class changes no label of those that have it already, so that its rate ends
  /// here, however large it is. Where none is fooled it is told of the rarest class.
  package func ceiling(of reached: [Int]) -> Double {
    var (own, taken) = ([Int: Int](), [Int: Int]())
    for (before, after) in zip(labels, reached) {
      own[before, default: 0] += 1
      if before != after { taken[after, default: 0] += 1 }
    }
    let swallows = taken.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    let rarest = own.count < network.classCount ? 0 : own.values.min() ?? 0
    let count = swallows.map { own[$0] ?? 0 } ?? rarest
    return labels.isEmpty ? 1 : 1 - Double(count) / Double(labels.count)
  }

  /// Everything that is worth knowing of v on these images, with ‖v‖₂ scaled to `radius`; as it is where nil.
  ///
  /// Cost: three forward passes an image.
  public func rate(of v: [Float], radius: Double? = nil) throws -> FoolingRate {
    let v = Self.scaled(v, to: radius)
    let moved = images.addingToEach(1, v)
    let reached = try network.labels(moved)
    let back = try network.labels(images.addingToEach(-1, v))
    let inside = Tensor(shape: moved.shape, elements: moved.elements.map { min(1, max(0, $0)) })
    let clipped = try network.labels(inside)
    var histogram = [Int](repeating: 0, count: network.classCount)
    for label in reached { histogram[label] += 1 }
    let (ahead, opposite) = (changed(reached), changed(back))
    return FoolingRate(
      radius: norm(v), forward: share(ahead), opposite: share(opposite),
      either: share(zip(ahead, opposite).map { $0 || $1 }), clipped: share(changed(clipped)),
      ceiling: ceiling(of: reached), labels: histogram, reached: reached, isOpposed: opposite,
      isClippedChanged: changed(clipped))
  }

  private func changed(_ reached: [Int]) -> [Bool] { zip(reached, labels).map { $0 != $1 } }

  private func share(_ changed: [Bool]) -> Proportion {
    Proportion(changed.filter { $0 }.count, of: changed.count)
  }

  /// The vector with its norm set to `radius`; zero stays zero.
  static func scaled(_ v: [Float], to radius: Double?) -> [Float] {
    let length = norm(v)
    guard let radius, length > 0 else { return v }
    return Tensors.scaled(v, by: Float(radius / length))
  }
}

/// How many labels one vector changes, and into what.
public struct FoolingRate: Sendable, Codable {
  /// ‖v‖₂ in pixel units.
  public let radius: Double
  /// k(x + v) ≠ k(x), pixels not clipped: the paper's rate.
  public let forward: Proportion
  /// k(x − v) ≠ k(x).
  public let opposite: Proportion
  /// At least one of the two.
  public let either: Proportion
  /// k(x + v clipped to [0, 1]) ≠ k(x): what an image file can hold.
  public let clipped: Proportion
  /// What the rate could be at most where images become the class that most fooled ones get: 1 − its own share.
  public let ceiling: Double
  /// How many of the images at x + v get each label.
  public let labels: [Int]
  /// k(x + v) of every image.
  public let reached: [Int]
  /// Whether −v changes the label of each image, and whether v does that is clipped to pixels.
  public let isOpposed: [Bool]
  /// Whether x + v, clipped to [0, 1], has another label than each image x.
  public let isClippedChanged: [Bool]

  public var count: Int { forward.trials }
  /// The share of labels that v changes, pixels not clipped: 0 to 1.
  public var rate: Double { forward.rate }
  /// The 95 % interval of Wilson for that share.
  public var interval: ClosedRange<Double> { forward.interval }
}
