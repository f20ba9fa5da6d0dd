public import Networks
internal import Tensors

/// How the boundary bends at z as a section shows it: the curve in which the section's plane cuts it.
///
/// The plane holds r, which is not quite normal to the boundary. With ΠG the gradient in the plane and w ⟂ ΠG in it, the
/// curve has κ = wᵀHw/‖ΠG‖, by Meusnier about 1/cos(r, ∇G) times the normal curvature along w.
public struct PlaneCurve: Sendable, Equatable {
  /// κ in 1/pixel units, positive where the curve bends towards x.
  public let curvature: Double
  /// The unit normal of the curve at z, in the plane; away from the region of k.
  public let normal: SectionPlane.Place
  /// The curve was followed so far to either side, in pixel units; nil where κ is the limit at z.
  public let halfWidth: Double?
  /// Standard error of κ from how far the curve's places lie off the circle; 0 where κ is the limit at z.
  public let error: Double

  /// Whether κ cannot be told from 0: within two standard errors.
  public var isFlat: Bool { abs(curvature) <= 2 * error }

  /// Places of the fit on either side of z.
  private static let count = 8

  /// Of the boundary of class k in `plane`, at its z; nil where there is no gradient in the plane or the boundary ends.
  ///
  /// By an exact product where that is asked for and no kink hides from it, else fitted to the boundary itself, which says
  /// of every network how the drawn curve bends: over a quarter of `reach`, that of what is drawn, and of the
  /// distance of z from x at the least. Cost: two gradients, or one and some 500 forward passes.
  public init?(
    _ network: Network, in plane: SectionPlane, own k: Int, product: HessianProduct, reach: Double? = nil
  ) throws {
    guard let slope = try PlaneSlope(network, in: plane, own: k) else { return nil }
    if product == .exact, !network.hasKinks {
      let w = plane.vector(SectionPlane.Place(s: slope.normal.t, t: -slope.normal.s))
      let margin = Margin.region(own: [k])
      let along = Tensor(shape: plane.origin.shape, elements: w)
      let bent = try network.hessianProduct(.exact, of: margin, at: plane.boundaryPoint, along: along)
      self.init(
        curvature: dot(w, bent.elements) / slope.length, normal: slope.normal, halfWidth: nil, error: 0)
    } else {
      let width = max((reach ?? 0) / 4, plane.distance / 4, slope.shortest(within: plane.distance))
      try self.init(fitting: network, in: plane, own: k, slope, width)
    }
  }

  private init(curvature: Double, normal: SectionPlane.Place, halfWidth: Double?, error: Double) {
    (self.curvature, self.normal, self.halfWidth, self.error) = (curvature, normal, halfWidth, error)
  }

  /// A circle through z by least squares: κ·(x² + y²) = −2·(y − b·x), x along the tangent and y along the normal.
  private init?(
    fitting network: Network, in plane: SectionPlane, own k: Int, _ slope: PlaneSlope, _ width: Double
  )
    throws
  {
    let frame = plane.turned(to: slope.normal)
    var trace = try BoundaryTrace(
      network, plane: frame, own: k, reach: width, count: Self.count,
      slope: PlaneSlope(normal: .init(s: 0, t: 1), length: slope.length, rounding: slope.rounding))
    while try trace.advance() != nil {}
    let places = trace.places
    guard places.filter({ $0.s < 0 }).count * 2 >= Self.count,
      places.filter({ $0.s > 0 }).count * 2 >= Self.count,
      let (bend, tilt, error) = Self.circle(through: places)
    else { return nil }
    let size = (1 + tilt * tilt).squareRoot()
    let n = slope.normal
    self.init(
      curvature: bend / size,
      normal: .init(s: (n.s - tilt * n.t) / size, t: (n.t + tilt * n.s) / size), halfWidth: width,
      error: error / size)
  }

  /// K and b of y = b·x − K·(x² + y²)/2, and the standard error of K.
  private static func circle(
    through places: [SectionPlane.Place]
  ) -> (bend: Double, tilt: Double, error: Double)? {
    var (xx, xd, dd, xy, yd) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for place in places {
      let (x, y) = (place.s, place.t)
      let d = -(x * x + y * y) / 2
      (xx, xd, dd, xy, yd) = (xx + x * x, xd + x * d, dd + d * d, xy + x * y, yd + y * d)
    }
    let determinant = xx * dd - xd * xd
    guard determinant > 0 else { return nil }
    let (bend, tilt) = ((xx * yd - xd * xy) / determinant, (dd * xy - xd * yd) / determinant)
    let misfit = places.reduce(0) { sum, place in
      let off = place.t - tilt * place.s + bend * (place.s * place.s + place.t * place.t) / 2
      return sum + off * off
    }
    let variance = misfit / Double(max(1, places.count - 3)) * xx / determinant
    return (bend, tilt, variance.squareRoot())
  }
}

/// The gradient of the region margin at z, as a section's plane sees it.
public struct PlaneSlope: Sendable {
  /// ΠG/‖ΠG‖.
  public let normal: SectionPlane.Place
  /// ‖ΠG‖, in logit units per pixel unit.
  public let length: Double
  /// How far the rounding of pixels and logits leaves a place of the boundary open, in pixel units.
  public let rounding: Double

  init(normal: SectionPlane.Place, length: Double, rounding: Double) {
    (self.normal, self.length, self.rounding) = (normal, length, rounding)
  }

  /// Nil where the gradient has no part in the plane; costs a gradient and some 16 forward passes.
  public init?(_ network: Network, in plane: SectionPlane, own k: Int) throws {
    let margin = Margin.region(own: [k])
    let gradient = try network.gradients(of: margin, at: plane.boundaryPoint).gradients.elements
    let (s, t) = (dot(gradient, plane.across), dot(gradient, plane.towards))
    let length = (s * s + t * t).squareRoot()
    guard length > 0, length.isFinite else { return nil }
    let normal = SectionPlane.Place(s: s / length, t: t / length)
    let spread = try Self.spread(network, in: plane, own: k, along: normal)
    self.init(normal: normal, length: length, rounding: spread / length)
  }

  /// By how much margins differ at places of the tangent that are but a few roundings of a pixel apart.
  private static func spread(
    _ network: Network, in plane: SectionPlane, own k: Int, along normal: SectionPlane.Place
  ) throws -> Double {
    let count = 16
    let step = 1e-7 * Double(plane.origin.entryCount).squareRoot()
    let places = (1...count).map { i in
      let x = step * (Double(i) - Double(count + 1) / 2)
      return SectionPlane.Place(s: x * normal.t, t: plane.distance - x * normal.s)
    }
    let margins = try network.values(
      of: Margin.region(own: [Int](repeating: k, count: count)), at: plane.images(at: places))
    guard let low = margins.min(), let high = margins.max() else { return 0 }
    return Double(high - low) / 2
  }

  /// The distance over which rounding changes a curvature by a hundredth of 1/`scale` at most.
  func shortest(within scale: Double) -> Double { (200 * rounding * scale).squareRoot() }
}
