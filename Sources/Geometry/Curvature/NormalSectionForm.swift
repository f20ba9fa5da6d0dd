public import Networks
internal import Tensors

/// The second derivative in the planes spanned by r(x) and directions v, at boundary points: ΠᵀHΠ, 2×2.
///
/// Π holds r̂ and the part of v orthogonal to it. What Theorem 2 assumes is on the smaller eigenvalue of this matrix,
/// so on the second derivative along r too, not on the curvature along the boundary alone. Nothing is projected on
/// the tangent plane here. Cost: one Hessian product a point once, and one a direction.
/// Source: Moosavi-Dezfooli et al., ICLR 2018, section 4 and theorem 2.
public struct NormalSectionForm: Sendable {
  /// α⁻¹·ΠᵀHΠ of one plane, α = ‖∇F‖/‖r‖: dimensionless.
  public struct Entry: Sendable, Equatable {
    /// r̂ᵀHr̂, r̂ᵀHŝ (the mean of both orders) and ŝᵀHŝ, times ‖r‖/‖∇F‖.
    public let along: Double
    /// r̂ᵀHŝ, the mean of both orders, times ‖r‖/‖∇F‖.
    public let mixed: Double
    /// ŝᵀHŝ times ‖r‖/‖∇F‖.
    public let across: Double

    /// The smaller eigenvalue.
    public var smallest: Double {
      let half = (along - across) / 2
      return (along + across) / 2 - (half * half + mixed * mixed).squareRoot()
    }
  }

  private let network: Network
  private let margin: Margin
  private let product: HessianProduct
  private let points: Tensor
  private let unit: Tensor
  private let bent: Tensor
  private let scales: [Double]

  /// Prepares boundary points that were reached; costs a gradient and a Hessian product each.
  public init(_ network: Network, at found: MinimalPerturbations, margin: Margin, product: HessianProduct)
    throws
  {
    if case .softened(let beta) = product {
      (self.network, self.product) = (network.softened(beta: beta), .exact)
    } else {
      (self.network, self.product) = (network, product)
    }
    self.margin = margin
    points = found.points
    unit = found.perturbations.scalingEntries(by: found.norms.map { $0 > 0 ? Float(1 / $0) : 0 })
    let slopes = try self.network.gradients(of: margin, at: points).gradients.entryNorms
    scales = zip(found.norms, slopes).map { $1 > 0 ? $0 / $1 : 0 }
    bent = try self.network.hessianProduct(self.product, of: margin, at: points, along: unit)
  }

  /// The matrices of all points for one direction v, C×H×W.
  public func entries(along v: [Float]) throws -> [Entry] {
    let across = orthogonal(v)
    let product = try network.hessianProduct(self.product, of: margin, at: points, along: across)
    return (0..<points.count).map { n in
      let (r, s) = (Array(unit.entryElements(n)), Array(across.entryElements(n)))
      let (hr, hs) = (Array(bent.entryElements(n)), Array(product.entryElements(n)))
      return Entry(
        along: scales[n] * dot(r, hr), mixed: scales[n] * (dot(r, hs) + dot(s, hr)) / 2,
        across: scales[n] * dot(s, hs))
    }
  }

  /// The part of v orthogonal to each r̂, of norm 1; zero where v is parallel to r̂.
  private func orthogonal(_ v: [Float]) -> Tensor {
    let all = Tensor(zeros: points.shape).addingToEach(1, v)
    let parts = (0..<points.count).map { n in -Float(dot(v, Array(unit.entryElements(n)))) }
    let rest = all.adding(unit, scales: parts)
    return rest.scalingEntries(by: rest.entryNorms.map { $0 > 0 ? Float(1 / $0) : 0 })
  }
}
