internal import Glibc

/// The distribution of ‖P_m v‖² for v uniform on the unit sphere of ℝᵈ: Beta(m/2, (d − m)/2).
///
/// The distribution function is the regularised incomplete beta function, by its continued fraction (Lentz's method);
/// relative error about 1e-13. Cost: some tens of terms. Source: NIST Digital Library of Mathematical Functions, 8.17.
public struct BetaDistribution: Hashable, Sendable {
  /// First shape parameter, above 0: the density is ∝ x^(a−1)·(1 − x)^(b−1) on [0, 1].
  public let a: Double
  /// Second shape parameter, above 0.
  public let b: Double

  public init(_ a: Double, _ b: Double) {
    precondition(a > 0 && b > 0, "a beta distribution of \(a) and \(b)")
    (self.a, self.b) = (a, b)
  }

  /// Of the squared length of the first m coordinates of a uniformly random unit vector of ℝᵈ, m < d.
  public init(coordinates m: Int, of d: Int) {
    precondition(0 < m && m < d, "\(m) coordinates of \(d)")
    self.init(Double(m) / 2, Double(d - m) / 2)
  }

  /// P(X ≤ x).
  public func cumulative(_ x: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges fast below the mean; above it, the complement does.
    if x > (a + 1) / (a + b + 2) { return 1 - BetaDistribution(b, a).series(1 - x) }
    return series(x)
  }

  /// The x with P(X ≤ x) = p, by bisection to double precision.
  public func quantile(_ p: Double) -> Double {
    precondition((0...1).contains(p), "a quantile of \(p)")
    var (low, high) = (0.0, 1.0)
    for _ in 0..<200 where high - low > 1e-15 * high {
      let middle = (low + high) / 2
      if cumulative(middle) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  private func series(_ x: Double) -> Double {
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    var (c, d) = (1.0, 0.0)
    d = bounded(1 - (a + b) * x / (a + 1))
    d = 1 / d
    var fraction = d
    for n in 1...500 {
      let m = Double(n)
      for term in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 / bounded(1 + term * d)
        c = bounded(1 + term / c)
        fraction *= c * d
      }
      if abs(c * d - 1) < 1e-15 { break }
    }
    return front * fraction
  }

  private func bounded(_ x: Double) -> Double { abs(x) < 1e-300 ? 1e-300 : x }
}
