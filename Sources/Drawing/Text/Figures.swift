internal import Foundation

/// A whole number in groups of three.
package func grouped(_ n: Int) -> String {
  var digits = Array(String(n))
  for i in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: i) }
  return String(digits)
}

/// A number to so many significant digits.
package func figure(_ x: Double, _ digits: Int = 4) -> String { String(format: "%.\(digits)g", x) }

/// A share as a percentage.
package func percent(_ x: Double) -> String { String(format: "%.1f %%", 100 * x) }

/// A rate with the ends of its interval.
package func percent(_ x: Double, _ interval: [Double]) -> String {
  guard interval.count == 2 else { return percent(x) }
  return String(format: "%.1f %% [%.1f, %.1f]", 100 * x, 100 * interval[0], 100 * interval[1])
}
