internal import Glibc
internal import LinearAlgebra

/// Lemma 1: how much of a uniformly random unit vector of ℝᵈ falls in m given coordinates.
///
/// β₁·m/d ≤ ‖P_m v‖² ≤ β₂·m/d with probability 1 − 2δ at least, each side failing with δ at most;
/// β₁ = max(δ^(2/m)/e, 1 − √(2(1 − δ^(2/m)))), β₂ = 1 + 2√(ln(1/δ)/m) + 2·ln(1/δ)/m.
/// Source: Moosavi-Dezfooli et al., ICLR 2018, appendix A, after Dasgupta and Gupta.
public struct SphereProjection: Hashable, Sendable, Codable {
  /// β₁ and β₂.
  public let lower: Double
  /// β₂ = 1 + 2√(ln(1/δ)/m) + 2·ln(1/δ)/m.
  public let upper: Double
  /// The probabilities with which either side really fails, by the exact law.
  public let failsBelow: Double
  /// The probability that ‖P_m v‖² > β₂·m/d, by the exact law.
  public let failsAbove: Double

  /// Needs 0 < m < d and 0 < δ < 1.
  public init(coordinates m: Int, of d: Int, delta: Double) {
    let power = pow(delta, 2 / Double(m))
    let logarithm = log(1 / delta) / Double(m)
    lower = max(power / M_E, 1 - (2 * (1 - power)).squareRoot())
    upper = 1 + 2 * logarithm.squareRoot() + 2 * logarithm
    let law = BetaDistribution(coordinates: m, of: d)
    let mean = Double(m) / Double(d)
    failsBelow = law.cumulative(lower * mean)
    failsAbove = 1 - law.cumulative(upper * mean)
  }
}

/// Theorem 1: flat boundaries whose normals lie near an m-dimensional subspace S, ‖P_S r̂‖ ≥ 1 − ξ.
///
/// Some v of S with ‖v‖ ≤ ρ fools a share 1 − δ of the images, by +v or −v. Lengths are multiples of ‖r‖.
/// Source: Moosavi-Dezfooli et al., ICLR 2018, theorem 1.
public struct FlatBound: Hashable, Sendable, Codable {
  /// √(e·m) / (δ(1 − ξ)).
  public let printed: Double
  /// 1 / ((1 − ξ)·t) with t² the δ-quantile of Beta(½, (m − 1)/2): the same argument with the exact law.
  public let sharp: Double

  /// Infinite where no normal has a part in S (ξ = 1).
  public init(dimension m: Int, xi: Double, delta: Double) {
    let share = max(0, 1 - xi)
    printed = (M_E * Double(m)).squareRoot() / (delta * share)
    let t = m > 1 ? BetaDistribution(coordinates: 1, of: m).quantile(delta).squareRoot() : 1
    sharp = 1 / (share * t)
  }
}

/// Theorem 2: boundaries that lie within a disc of curvature κ in most normal sections (r, v), v of S.
///
/// κ is the paper's, without Taylor's ½ and with ‖r‖ = 1: half of ‖r‖ times the geometric curvature. Some v with
/// ‖v‖ ≤ ρ fools a share 1 − δ − β. Lengths are multiples of ‖r‖.
/// Source: Moosavi-Dezfooli et al., ICLR 2018, theorem 2.
public struct CurvedBound: Hashable, Sendable, Codable {
  /// √(2·ln(2/δ)/m)/κ + κ^(−½).
  public let printed: Double
  /// (|1 − 2κ|t + √((1 − 2κ)²t² + 4κ(1 − κ))) / 2κ, t = √(2·ln(2/δ)/m): the proof's inequality solved exactly.
  public let sharp: Double

  /// Nil unless 0 < κ ≤ 1: a straight boundary has no such bound, and with κ > 1 the disc would leave x outside.
  public init?(dimension m: Int, kappa: Double, delta: Double) {
    guard kappa > 0, kappa <= 1 else { return nil }
    let t = (2 * log(2 / delta) / Double(m)).squareRoot()
    printed = t / kappa + 1 / kappa.squareRoot()
    let slope = abs(1 - 2 * kappa) * t
    sharp = (slope + (slope * slope + 4 * kappa * (1 - kappa)).squareRoot()) / (2 * kappa)
  }
}
