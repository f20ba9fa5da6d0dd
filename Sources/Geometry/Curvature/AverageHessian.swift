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
  /// F, with the class of every point.
  public let margin: Margin
  /// Whether Pᵢ projects on the tangent spaces; else it is the identity.
  public let isProjected: Bool
  /// Whether every term is divided by ‖∇Fᵢ‖: in 1/px then, else in logit units per px².
  public let isNormalised: Bool
  /// ∇F/‖∇F‖ at every point, N×C×H×W; zero where there is no gradient.
  public let normals: Tensor
  /// ‖∇F‖ at every point.
  public let slopes: [Double]
  private let network: Network
  private var kind: HessianProduct

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

  /// An operator of one point, that point taken several times.
  private init(repeating one: AverageHessian, count: Int) {
    let indices = [Int](repeating: 0, count: count)
    (product, network, kind) = (one.product, one.network, one.kind)
    (isProjected, isNormalised) = (one.isProjected, one.isNormalised)
    points = one.points.gathering(indices)
    margin = one.margin.gathering(indices)
    normals = one.normals.gathering(indices)
    slopes = indices.map { one.slopes[$0] }
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
    return try products(each: Tensor(zeros: points.shape).addingToEach(1, v))
  }

  /// The same with a v of its own for every point, N×C×H×W.
  func products(each v: Tensor) throws -> Tensor {
    let directions = tangents(v)
    let bent = try network.hessianProduct(kind, of: margin, at: points, along: directions)
    let projected = tangents(bent)
    return isNormalised ? projected.scalingEntries(by: slopes.map { $0 > 0 ? Float(1 / $0) : 0 }) : projected
  }

  /// What the gradient of vᵀA(v) over unit vectors has beside A(v) where products are secants: the curvature at the ends
  /// of the window, the mean over i of Pᵢ(H(zᵢ + hu) + H(zᵢ − hu))Pᵢv / 2‖∇Fᵢ‖.
  ///
  /// By the secants over (1 ± ¼)h, since that is ∂(h·A(v))/∂h. Cost: two products.
  public func windowEnds(_ v: [Float]) throws -> [Float] {
    guard case .secant(let step) = kind else { preconditionFailure("\(product) has no window") }
    let share: Float = 0.25
    let both = try [1 + share, 1 - share].map { share in
      var one = self
      one.kind = .secant(step: share * step)
      return scaled(try one.product(v), by: share)
    }
    return zip(both[0], both[1]).map { ($0 - $1) / (2 * share) }
  }

  func marginGradients(at x: Tensor) throws -> Gradients { try network.gradients(of: margin, at: x) }

  func margins(at x: Tensor) throws -> [Float] { try network.values(of: margin, at: x) }

  /// Pₙ v.
  func tangent(_ v: [Float], at n: Int) -> [Float] {
    guard isProjected else { return v }
    let normal = Array(normals.entryElements(n))
    var rest = v
    add(-Float(dot(v, normal)), normal, to: &rest)
    return rest
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

extension AverageHessian {
  /// Pᵢ Hᵢ Pᵢ eⱼ / ‖∇Fᵢ‖ for the coordinates j of `range`, one behind the other, of an average over one point.
  ///
  /// Cost: one Hessian product a coordinate, several of which share the processor.
  public func columns(_ range: Range<Int>) throws -> [Float] {
    precondition(points.count == 1, "columns of an average over \(points.count) points")
    let many = AverageHessian(repeating: self, count: range.count)
    let units = Tensor(shape: points.shape.batch(of: range.count)) { out in
      for i in 0..<out.count { out[i] = i % dimension == range.lowerBound + i / dimension ? 1 : 0 }
    }
    return try many.products(each: units).elements
  }
}
