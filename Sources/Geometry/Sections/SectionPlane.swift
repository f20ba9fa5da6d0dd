public import Networks
public import Tensors

/// A plane through an image x: the point (s, t) is x + s·ŝ + t·t̂, in pixel units.
///
/// t̂ = r/‖r‖ points to the nearest boundary point z = (0, ‖r‖); ŝ is the part of a direction v that is orthogonal
/// to r, made a unit vector. Where r is not quite normal to the boundary, ŝ is not quite tangent to it.
public struct SectionPlane: Sendable {
  /// x, a batch of one.
  public let origin: Tensor
  /// The unit vector ŝ.
  public let across: [Float]
  /// The unit vector t̂.
  public let towards: [Float]
  /// The t of z: ‖r‖.
  public private(set) var distance: Double
  /// The cosine of v and r: what of v the plane's s axis leaves out.
  public let cosine: Double

  /// The plane of r and v at x; nil where they span none because either is zero or they are parallel.
  public init?(through x: Tensor, towards r: [Float], along v: [Float]) {
    precondition(x.count == 1, "a section goes through one image, not \(x.count)")
    let (length, reach) = (norm(r), norm(v))
    guard length > 0, reach > 0, length.isFinite, reach.isFinite else { return nil }
    let t = scaled(r, by: Float(1 / length))
    var s = scaled(v, by: Float(1 / reach))
    cosine = dot(s, t)
    for _ in 0..<2 { add(-Float(dot(s, t)), t, to: &s) }
    let rest = norm(s)
    guard rest > 1e-4 else { return nil }
    origin = x
    across = scaled(s, by: Float(1 / rest))
    towards = t
    distance = length
  }

  /// The same plane with its boundary point elsewhere on the t axis: that of another network.
  public func reaching(_ distance: Double) -> SectionPlane {
    var plane = self
    plane.distance = distance
    return plane
  }

  /// The same plane seen from z: its axes along the tangent and the normal of the boundary there, z at the origin.
  func turned(to normal: Place) -> SectionPlane {
    SectionPlane(
      origin: boundaryPoint, across: vector(Place(s: normal.t, t: -normal.s)), towards: vector(normal))
  }

  /// s·ŝ + t·t̂.
  func vector(_ place: Place) -> [Float] {
    var sum = scaled(across, by: Float(place.s))
    add(Float(place.t), towards, to: &sum)
    return sum
  }

  /// Axes that are orthonormal already.
  private init(origin: Tensor, across: [Float], towards: [Float]) {
    (self.origin, self.across, self.towards) = (origin, across, towards)
    (distance, cosine) = (0, 0)
  }

  /// The t of the first place beyond x, up to `reach`, where class k stops to win; nil where it wins everywhere.
  ///
  /// Looks at 64 places, then halves the interval down to float precision. Cost: some 90 forward passes.
  public func crossing(_ network: Network, own k: Int, within reach: Double) throws -> Double? {
    func margins(_ t: [Double]) throws -> [Float] {
      let margin = Margin.region(own: [Int](repeating: k, count: t.count))
      return try network.values(of: margin, at: images(at: t.map { Place(s: 0, t: $0) }))
    }
    let probes = (1...64).map { reach * Double($0) / 64 }
    guard let first = try margins(probes).firstIndex(where: { $0 >= 0 }) else { return nil }
    var (low, high) = (first == 0 ? 0 : probes[first - 1], probes[first])
    while high - low > 1e-7 * reach {
      let middle = (low + high) / 2
      if try margins([middle])[0] >= 0 { high = middle } else { low = middle }
    }
    return high
  }

  /// A place in the plane.
  public struct Place: Hashable, Sendable, Codable {
    /// Along ŝ from the plane's origin, in pixel units.
    public var s: Double
    /// Along t̂ from the plane's origin, in pixel units.
    public var t: Double

    public init(s: Double, t: Double) {
      self.s = s
      self.t = t
    }
  }

  /// The images at these places, as a batch.
  public func images(at places: [Place]) -> Tensor {
    let size = origin.entryCount
    return Tensor(shape: origin.shape.batch(of: places.count)) { out in
      for (n, place) in places.enumerated() {
        let (s, t) = (Float(place.s), Float(place.t))
        for i in 0..<size { out[n * size + i] = origin.elements[i] + s * across[i] + t * towards[i] }
      }
    }
  }

  /// z, a batch of one.
  public var boundaryPoint: Tensor { images(at: [Place(s: 0, t: distance)]) }

  /// κ at z along ŝ, projected on the tangent space there, of the boundary of the whole region of class k.
  ///
  /// That of the normal section, not of the curve in this plane: see ``PlaneCurve``. With a secant a mean over ±h, to
  /// which no osculating circle belongs. Unit 1/length. Cost: a gradient and a Hessian product.
  public func curvature(_ network: Network, own k: Int, product: HessianProduct) throws -> Double {
    try NormalCurvature(network, at: boundaryPoint, margin: .region(own: [k]), product: product)
      .along(across).normalised[0]
  }
}
