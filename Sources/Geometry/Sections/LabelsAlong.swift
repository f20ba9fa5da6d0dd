public import Networks
public import Tensors

/// The labels that an image passes on a straight way: where along x + t·v̂ the label changes, −T ≤ t ≤ T.
///
/// The way is looked at in equal steps, and every change between two neighbours is halved down to float precision; two
/// changes within one step that undo each other are not seen. Cost for each image: 2·steps + 1 forward passes, and some
/// 20 for each change.
public struct LabelsAlong: Sendable {
  /// One change of the label.
  public struct Change: Codable, Sendable, Equatable {
    /// The distance from x along v̂ in pixel units, negative against it.
    public var distance: Double
    /// The labels before and behind it, by ascending t.
    public var from: Int
    /// The label behind the change, at larger t.
    public var to: Int
  }

  /// What was found on the way of each image done so far, by ascending distance.
  public private(set) var changes: [[Change]] = []
  private let network: Network
  private let images: Tensor
  private let direction: [Float]
  private let reach: Double
  private let steps: Int

  /// The ways along v, C×H×W, whose norm does not matter, up to T = `reach` pixel units to each side in `steps` steps.
  public init(_ network: Network, from images: Tensor, along v: [Float], reach: Double, steps: Int = 100) {
    precondition(steps > 0 && reach > 0, "a way of \(steps) steps to \(reach)")
    self.network = network
    self.images = images
    direction = FoolingTest.scaled(v, to: 1)
    self.reach = reach
    self.steps = steps
  }

  /// The next image; nil once all are done.
  public mutating func advance() throws -> [Change]? {
    guard changes.count < images.count else { return nil }
    let x = images.entry(changes.count)
    let places = (-steps...steps).map { reach * Double($0) / Double(steps) }
    let labels = try labels(x, places)
    let found = try places.indices.dropFirst().filter { labels[$0] != labels[$0 - 1] }.flatMap { i in
      try search(x, (places[i - 1], labels[i - 1]), (places[i], labels[i]))
    }
    changes.append(found)
    return found
  }

  /// The change between two places with different labels; two where a third label lies between.
  private func search(_ x: Tensor, _ first: (t: Double, label: Int), _ last: (t: Double, label: Int)) throws
    -> [Change]
  {
    var (low, high) = (first, last)
    while high.t - low.t > 1e-6 * reach {
      let middle = (low.t + high.t) / 2
      let label = try labels(x, [middle])[0]
      if label != low.label, label != high.label {
        return try search(x, low, (middle, label)) + search(x, (middle, label), high)
      }
      if label == low.label { low.t = middle } else { high.t = middle }
    }
    return [Change(distance: (low.t + high.t) / 2, from: low.label, to: high.label)]
  }

  private func labels(_ x: Tensor, _ places: [Double]) throws -> [Int] {
    let copies = x.gathering([Int](repeating: 0, count: places.count))
    let ways = Tensor(
      shape: copies.shape, elements: places.flatMap { scaled(direction, by: Float($0)) })
    return try network.labels(copies + ways)
  }
}
