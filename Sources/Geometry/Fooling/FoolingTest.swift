public import Networks
public import Tensors

/// Images with their clean labels, on which universal perturbations are tried.
public struct FoolingTest: Sendable {
  public let network: Network
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
    let reached = try network.labels(images.addingToEach(1, Self.scaled(v, to: radius)))
    return Proportion(changed(reached).filter { $0 }.count, of: images.count)
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
      labels: histogram, reached: reached)
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
  /// How many of the images at x + v get each label.
  public let labels: [Int]
  /// k(x + v) of every image.
  public let reached: [Int]

  public var count: Int { forward.trials }
  public var rate: Double { forward.rate }
  public var interval: ClosedRange<Double> { forward.interval }
}
