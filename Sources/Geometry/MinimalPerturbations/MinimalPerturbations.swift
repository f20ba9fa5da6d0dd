public import Networks
public import Tensors

/// The shortest way across the boundary that was found for each image of a batch, and where it lands.
public struct MinimalPerturbations: Sendable {
  /// r, from x to the boundary, N×C×H×W; not meaningful where ``isFooled`` is false.
  public private(set) var perturbations: Tensor
  /// z = x + r, N×C×H×W.
  public private(set) var points: Tensor
  /// k(x), the label on this side.
  public let from: [Int]
  /// The label on the other side at z: argmax of the logits without that of k(x).
  public private(set) var to: [Int]
  /// ‖r‖ in pixel units.
  public private(set) var norms: [Double]
  /// How many linearisations each image took.
  public private(set) var iterations: [Int]
  /// The cosine of r and ∇G(z): 1 where r is normal to the boundary.
  public private(set) var cosines: [Double]
  /// |G(z)| / (‖∇G(z)‖·‖r‖): how far from the boundary z may be, as a share of ‖r‖.
  public private(set) var residuals: [Double]
  /// Why another label was not reached; nil where one was.
  public private(set) var obstacles: [Obstacle?]
  /// ∇G(z), G the region margin: N×C×H×W.
  public private(set) var gradients: Tensor

  public var count: Int { from.count }
  /// Whether another label was reached within the iterations allowed.
  public var isFooled: [Bool] { obstacles.map { $0 == nil } }
  /// Indices of the images for which another label was reached, ascending.
  public var fooledIndices: [Int] { obstacles.indices.filter { obstacles[$0] == nil } }

  /// Unit normals ∇G(z)/‖∇G(z)‖, N×C×H×W; they point away from x.
  public var normals: Tensor {
    gradients.scalingEntries(by: gradients.entryNorms.map { $0 > 0 ? Float(1 / $0) : 0 })
  }

  public init(
    perturbations: Tensor, points: Tensor, from: [Int], to: [Int], norms: [Double], iterations: [Int],
    cosines: [Double], residuals: [Double], obstacles: [Obstacle?], gradients: Tensor
  ) {
    self.perturbations = perturbations
    self.points = points
    self.from = from
    self.to = to
    self.norms = norms
    self.iterations = iterations
    self.cosines = cosines
    self.residuals = residuals
    self.obstacles = obstacles
    self.gradients = gradients
  }

  /// Those of the images with these indices, in this order.
  public func gathering(_ indices: [Int]) -> MinimalPerturbations {
    MinimalPerturbations(
      perturbations: perturbations.gathering(indices), points: points.gathering(indices),
      from: indices.map { from[$0] }, to: indices.map { to[$0] }, norms: indices.map { norms[$0] },
      iterations: indices.map { iterations[$0] }, cosines: indices.map { cosines[$0] },
      residuals: indices.map { residuals[$0] }, obstacles: indices.map { obstacles[$0] },
      gradients: gradients.gathering(indices))
  }
}

extension MinimalPerturbations {
  /// Puts what `found` holds in the place of the images with these indices.
  mutating func replace(_ indices: [Int], with found: MinimalPerturbations) {
    let size = perturbations.entryCount
    for (n, i) in indices.enumerated() {
      let range = i * size..<(i + 1) * size
      perturbations.elements.replaceSubrange(range, with: found.perturbations.entryElements(n))
      points.elements.replaceSubrange(range, with: found.points.entryElements(n))
      gradients.elements.replaceSubrange(range, with: found.gradients.entryElements(n))
      (to[i], norms[i], iterations[i]) = (found.to[n], found.norms[n], found.iterations[n])
      (cosines[i], residuals[i], obstacles[i]) = (found.cosines[n], found.residuals[n], found.obstacles[n])
    }
  }

  /// The region margin of the boundary points: that of all classes but k(x).
  public var regionMargin: Margin { .region(own: from) }

  /// The margin of the nearest class alone.
  public var pairMargin: Margin { .pair(own: from, other: to) }
}
