public import Geometry

extension Robustness {
  /// One image's way to the boundary.
  public struct Each: Sendable, Equatable {
    public var index: Int
    /// k(x).
    public var from: Int
    /// The label beyond the boundary at z; null in JSON where the boundary was not reached.
    public var to: Int
    /// ‖r‖ in pixel units.
    ///
    /// It, `deepfool`, `cosine` and `residual` are 0 where the boundary was not reached, and null in JSON.
    public var norm: Double
    /// The norm of DeepFool's r, before refinement.
    public var deepfool: Double
    /// The way that r was refined.
    public var refinement: Refinement
    /// Linearisations of DeepFool.
    public var iterations: Int
    /// cos(r, ∇G(z)): 1 where r is normal to the boundary.
    public var cosine: Double
    /// |G(z)| / (‖∇G(z)‖·‖r‖).
    public var residual: Double
    /// Why the boundary was not reached; nil where it was.
    public var obstacle: Obstacle?

    /// Whether the boundary was reached.
    public var isFooled: Bool { obstacle == nil }

    /// Whether r is so far from normal to the boundary that a nearer one is likely.
    public var isAskew: Bool { cosine < Refinement.leastCosine }
  }
}

extension Robustness.Each {
  /// Image `n` of what was found, and the norm of DeepFool's r.
  init(index: Int, _ found: MinimalPerturbations, _ n: Int, deepfool: Double, refinement: Refinement) {
    let obstacle = found.obstacles[n]
    func known(_ number: Double) -> Double { obstacle == nil ? number : 0 }
    self.init(
      index: index, from: found.from[n], to: obstacle == nil ? found.to[n] : found.from[n],
      norm: known(found.norms[n]), deepfool: known(deepfool), refinement: refinement,
      iterations: found.iterations[n], cosine: known(found.cosines[n]), residual: known(found.residuals[n]),
      obstacle: obstacle)
  }
}

extension Robustness.Each: Codable {
  private enum Key: CodingKey {
    case index, from, to, norm, deepfool, refinement, iterations, cosine, residual, isFooled, obstacle
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    func number(_ key: Key) throws -> Double { try values.decodeIfPresent(Double.self, forKey: key) ?? 0 }
    let from = try values.decode(Int.self, forKey: .from)
    self.init(
      index: try values.decode(Int.self, forKey: .index), from: from,
      to: try values.decodeIfPresent(Int.self, forKey: .to) ?? from, norm: try number(.norm),
      deepfool: try number(.deepfool), refinement: try values.decode(Refinement.self, forKey: .refinement),
      iterations: try values.decode(Int.self, forKey: .iterations), cosine: try number(.cosine),
      residual: try number(.residual), obstacle: try values.decodeIfPresent(Obstacle.self, forKey: .obstacle))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(index, forKey: .index)
    try values.encode(from, forKey: .from)
    try values.encode(isFooled ? to : nil, forKey: .to)
    for (key, number) in [(Key.norm, norm), (.deepfool, deepfool), (.cosine, cosine), (.residual, residual)] {
      try values.encode(isFooled ? number : nil, forKey: key)
    }
    try values.encode(refinement, forKey: .refinement)
    try values.encode(iterations, forKey: .iterations)
    try values.encode(isFooled, forKey: .isFooled)
    try values.encode(obstacle, forKey: .obstacle)
  }
}

extension Obstacle {
  /// What stood in the way of one image, as a clause.
  public var clause: String {
    switch self {
    case .tie: "two classes share its largest logit, so it lies on the boundary itself"
    case .flat:
      "no margin has a gradient that leads anywhere, so to first order its label does not depend on its pixels"
    case .lost: "no other label was found within the iterations allowed"
    }
  }

  /// What stood in the way of these images, and what would work.
  static func summary(of obstacles: [Obstacle?]) -> String {
    let found = obstacles.compactMap { $0 }
    let parts = allCases.compactMap { kind in
      let count = found.filter { $0 == kind }.count
      return count == 0 ? nil : kind.clause(count)
    }
    let isConstant = Set(found) == [.flat]
    let advice = isConstant ? "the network may be constant; choose another" : "choose other images"
    return (parts + [advice]).joined(separator: "; ")
  }

  private func clause(_ count: Int) -> String {
    switch self {
    case .tie: "\(count) lie on it already, two classes sharing the largest logit"
    case .flat: "no margin has a gradient at \(count)"
    case .lost: "\(count) met no other label within the iterations allowed"
    }
  }
}
