public import LinearAlgebra
public import Networks
public import Tensors

/// The average over n boundary points of their curvature operators, v ↦ mean over i of Pᵢ Hᵢ Pᵢ v / ‖∇Fᵢ‖.
///
/// Pᵢ projects on the tangent space of point i's boundary, by ∇Fᵢ; Hᵢ is the Hessian of its margin. Eigenvalues are
/// positive where the boundary bends towards the images; unit 1/length when normalised. A secant product is taken
/// along the projected direction and makes the operator homogeneous and odd but not linear. Cost of a product: one
/// Hessian product a point; memory: some five times the points.
/// Source: Moosavi-Dezfooli et al., ICLR 2018, section 5.
public struct AverageHessian: SymmetricOperator {
  public let product: HessianProduct
  /// Where the Hessians are taken, N×C×H×W.
  public let points: Tensor
  public let margin: Margin
  public let isProjected: Bool
  public let isNormalised: Bool
  /// ∇F/‖∇F‖ at every point, N×C×H×W; zero where there is no gradient.
  public let normals: Tensor
  /// ‖∇F‖ at every point.
  public let slopes: [Double]
  private let network: Network
  private let kind: HessianProduct

  /// The operator at these points; costs one gradient a point.
  ///
  /// With a softened product the gradients are the softened network's too, so that all derivatives are of one
  /// function.
  public init(
    _ network: Network, at points: Tensor, margin: Margin, product: HessianProduct, projected: Bool = true,
    normalised: Bool = true
  ) throws {
    precondition(points.count > 0, "an average over no points")
    precondition(margin.own.count == points.count, "\(margin.own.count) margins for \(points.count) points")
    self.product = product
    self.points = points
    self.margin = margin
    isProjected = projected
    isNormalised = normalised
    if case .softened(let beta) = product {
      self.network = network.softened(beta: beta)
      kind = .exact
    } else {
      self.network = network
      kind = product
    }
    let gradients = try self.network.gradients(of: margin, at: points).gradients
    slopes = gradients.entryNorms
    normals = gradients.scalingEntries(by: slopes.map { $0 > 0 ? Float(1 / $0) : 0 })
  }

  public var dimension: Int { points.entryCount }

  public func product(_ v: [Float]) throws -> [Float] {
    let each = try products(v)
    var sum = [Float](repeating: 0, count: dimension)
    for n in 0..<each.count { add(1 / Float(each.count), Array(each.entryElements(n)), to: &sum) }
    return sum
  }

  /// Pᵢ Hᵢ Pᵢ v / ‖∇Fᵢ‖ at every point, N×C×H×W.
  public func products(_ v: [Float]) throws -> Tensor {
    precondition(v.count == dimension, "a vector of \(v.count) elements for images of \(dimension)")
    let directions = tangents(Tensor(zeros: points.shape).addingToEach(1, v))
    let bent = try network.hessianProduct(kind, of: margin, at: points, along: directions)
    let projected = tangents(bent)
    return isNormalised ? projected.scalingEntries(by: slopes.map { $0 > 0 ? Float(1 / $0) : 0 }) : projected
  }

  /// Pᵢ vᵢ for every point, or v itself where nothing is projected.
  func tangents(_ v: Tensor) -> Tensor {
    guard isProjected else { return v }
    let parts = (0..<v.count).map { n in
      -Float(dot(Array(v.entryElements(n)), Array(normals.entryElements(n))))
    }
    return v.adding(normals, scales: parts)
  }
}
