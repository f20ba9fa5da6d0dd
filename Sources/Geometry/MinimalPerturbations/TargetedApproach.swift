public import Networks
public import Tensors

/// Images moved towards one class by DeepFool on the pair of their label and that class alone, as the authors' code
/// does before it takes their Hessians.
///
/// Overshoot 0.05, five linearisations at x + r, the label read anew each time; the points are x + 0.84·r, inside
/// the region of k. Images that do not get there, or are there already, are left out.
/// Source: torrvision/whoneedsadversaries, curvature_analysis_matconvnet.
public struct TargetedApproach: Sendable {
  /// x + 0.84·r of the images that got there.
  public let points: Tensor
  /// The pair of their clean label and the target.
  public let margin: Margin

  static let overshoot: Float = 0.05
  static let iterations = 5
  /// 0.8 of the overshot perturbation.
  static let share: Float = 0.8 * (1 + overshoot)

  /// Cost: at most five gradients of the pair an image, and as many forward passes.
  public init(_ network: Network, images: Tensor, target: Int) throws {
    precondition((0..<network.classCount).contains(target), "class \(target) of \(network.classCount)")
    let labels = try network.labels(images)
    var active = labels.indices.filter { labels[$0] != target }
    var current = labels
    var r = Tensor(zeros: images.shape)
    var reached: [Int] = []
    for _ in 0..<Self.iterations where !active.isEmpty {
      let x = images.gathering(active)
      let moved = try Self.step(
        network, x, r.gathering(active), own: active.map { current[$0] }, target: target)
      let next = try network.labels(x.adding(1 + Self.overshoot, moved))
      let size = images.entryCount
      for (n, i) in active.enumerated() {
        r.elements.replaceSubrange(i * size..<(i + 1) * size, with: moved.entryElements(n))
        current[i] = next[n]
      }
      reached += active.filter { current[$0] == target }
      active = active.filter { current[$0] != target }
    }
    reached.sort()
    points = images.gathering(reached).adding(Self.share, r.gathering(reached))
    margin = .pair(own: reached.map { labels[$0] }, other: reached.map { _ in target })
  }

  private static func step(
    _ network: Network, _ x: Tensor, _ r: Tensor, own: [Int], target: Int
  ) throws -> Tensor {
    let searches = try network.mapTiles(of: x + r) { tile, range in
      try network.linearize(at: tile).flatSteps(
        own[range].map { Candidates(own: $0, classes: [target]) }, size: tile.entryCount, network.interruption
      )
    }.flatMap { $0 }
    return Tensor(
      shape: r.shape, elements: zip(r.elements, searches.flatMap(\.nearest.step)).map { $0 + $1 })
  }
}
