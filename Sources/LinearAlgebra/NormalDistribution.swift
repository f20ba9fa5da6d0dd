internal import Glibc

/// The standard normal distribution.
public enum NormalDistribution {
  /// Φ(x) = P(X ≤ x), to full relative precision in the lower tail.
  public static func cumulative(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

  /// Φ⁻¹(p), by bisection to double precision; infinite at 0 and 1.
  public static func quantile(_ p: Double) -> Double {
    precondition((0...1).contains(p), "a quantile of \(p)")
    if p == 0 || p == 1 { return p == 0 ? -.infinity : .infinity }
    // The lower tail alone is precise.
    if p > 0.5 { return -quantile(1 - p) }
    var (low, high) = (-40.0, 0.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if cumulative(middle) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
