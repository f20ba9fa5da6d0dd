/// A zero of a continuous function between two points where its signs differ, by regula falsi that halves the
/// weight of an end that stays (Illinois) and bisects every third time.
///
/// On piecewise linear functions it takes some five evaluations. Source: Dowell and Jarratt, BIT 11, 1971.
struct Bracket: Sendable {
  private(set) var low: Double
  private(set) var high: Double
  private var lowValue: Double
  private var highValue: Double
  private var lowWeight = 1.0
  private var highWeight = 1.0
  private var rounds = 0
  /// The argument with the smallest value met so far.
  private(set) var best: Double
  private(set) var bestValue: Double

  /// Values of opposite signs at both ends; where they are not, the upper end is taken for the zero.
  init(low: Double, _ lowValue: Double, high: Double, _ highValue: Double) {
    (self.low, self.lowValue, self.high, self.highValue) = (low, lowValue, high, highValue)
    (best, bestValue) = (high, highValue)
    isFound = !((lowValue < 0) != (highValue < 0))
  }

  /// Whether nothing is left to gain.
  private(set) var isFound = false

  /// Where to evaluate next.
  var next: Double {
    if rounds % 3 == 2 { return (low + high) / 2 }
    let (a, b) = (lowValue * lowWeight, highValue * highWeight)
    let t = low + (high - low) * a / (a - b)
    return t > low && t < high ? t : (low + high) / 2
  }

  /// Narrows by the value at ``next``; found at `tolerance` times the mean slope times the first width, or when
  /// the ends are neighbours in float precision.
  mutating func narrow(_ t: Double, _ value: Double, tolerance: Double) {
    rounds += 1
    let slope = abs((highValue - lowValue) / (high - low))
    if abs(value) < abs(bestValue) || best == high && rounds == 1 { (best, bestValue) = (t, value) }
    if (value < 0) == (lowValue < 0) {
      (low, lowValue, lowWeight) = (t, value, 1)
      highWeight /= 2
    } else {
      (high, highValue, highWeight) = (t, value, 1)
      lowWeight /= 2
    }
    let isNarrow = high - low <= 6e-8 * max(abs(low), abs(high))
    isFound = abs(value) <= tolerance * slope || isNarrow || rounds >= 60
  }
}
