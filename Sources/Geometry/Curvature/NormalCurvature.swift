public import Networks
public import Tensors

/// How much the boundary bends at given points along a direction: κ(v) = uᵀ·H·u / ‖∇F(z)‖ with u = P·v/‖P·v‖.
///
/// Positive where it bends towards the region of k: a ball of radius R gives +1/R from inside. Unit 1/length, in
/// pixel units. Cost of a direction: one Hessian product a point.
public struct NormalCurvature: Sendable {
  private let hessian: AverageHessian

  /// Prepares the points; costs one gradient each.
  public init(_ network: Network, at points: Tensor, margin: Margin, product: HessianProduct) throws {
    hessian = try AverageHessian(network, at: points, margin: margin, product: product, normalised: false)
  }

  public var product: HessianProduct { hessian.product }
  /// Unit normals at the points, N×C×H×W.
  public var normals: Tensor { hessian.normals }
  /// ‖∇F‖ at the points, in logit units per pixel unit.
  public var slopes: [Double] { hessian.slopes }

  /// κ at every point along v, in 1/length, and uᵀHu as it is, in logit units: the paper's K.
  ///
  /// Zero at a point where v is normal to the boundary.
  public func along(_ v: [Float]) throws -> (normalised: [Double], raw: [Double]) {
    let tangents = hessian.tangents(Tensor(zeros: hessian.points.shape).addingToEach(1, v))
    let products = try hessian.products(v)
    let raw = (0..<products.count).map { n in
      let tangent = Array(tangents.entryElements(n))
      let square = dot(tangent, tangent)
      return square > 0 ? dot(tangent, Array(products.entryElements(n))) / square : 0
    }
    return (zip(raw, slopes).map { $1 > 0 ? $0 / $1 : 0 }, raw)
  }
}
