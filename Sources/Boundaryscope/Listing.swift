internal import Foundation

/// Names on the left, what they are on the right.
func printRows(_ rows: [(String, String)]) {
  let width = rows.map(\.0.count).max() ?? 0
  for (name, value) in rows { print(name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + value) }
}

/// A table with right-aligned columns under a header.
func printTable(_ header: [String], _ rows: [[String]]) {
  let widths = header.indices.map { i in ([header] + rows).map { $0[i].count }.max() ?? 0 }
  for row in [header] + rows {
    print(zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  "))
  }
}

/// A whole number in groups of three.
func grouped(_ n: Int) -> String {
  var digits = Array(String(n))
  for i in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: i) }
  return String(digits)
}

/// A number to so many significant digits.
func figure(_ x: Double, _ digits: Int = 4) -> String { String(format: "%.\(digits)g", x) }

/// A share as a percentage.
func percent(_ x: Double) -> String { String(format: "%.1f %%", 100 * x) }

/// A rate with the ends of its interval.
func percent(_ x: Double, _ interval: [Double]) -> String {
  guard interval.count == 2 else { return percent(x) }
  return String(format: "%.1f %% [%.1f, %.1f]", 100 * x, 100 * interval[0], 100 * interval[1])
}
