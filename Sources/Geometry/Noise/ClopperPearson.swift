internal import LinearAlgebra

extension Proportion {
  /// The largest p with P(at least so many successes) ≤ α: the exact lower bound of the share at confidence 1 − α.
  ///
  /// The α-quantile of Beta(k, n − k + 1); 0 without successes. Source: Clopper, Pearson, Biometrika 26, 1934.
  public func lowerBound(alpha: Double) -> Double {
    guard successes > 0 else { return 0 }
    return BetaDistribution(Double(successes), Double(trials - successes + 1)).quantile(alpha)
  }

  /// The exact upper bound at confidence 1 − α: the (1 − α)-quantile of Beta(k + 1, n − k); 1 without failures.
  public func upperBound(alpha: Double) -> Double {
    guard successes < trials else { return 1 }
    return BetaDistribution(Double(successes + 1), Double(trials - successes)).quantile(1 - alpha)
  }
}
