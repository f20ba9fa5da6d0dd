internal import Drawing
internal import Foundation

/// Names on the left, what they are on the right.
func printRows(_ rows: [(String, String)]) {
  let rows = rows.map { (Text.visible($0), Text.visible($1)) }
  let width = rows.map(\.0.count).max() ?? 0
  for (name, value) in rows { print(name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + value) }
}

/// A table with right-aligned columns under a header.
func printTable(_ header: [String], _ rows: [[String]]) {
  let rows = rows.map { $0.map(Text.visible) }
  let widths = header.indices.map { i in ([header] + rows).map { $0[i].count }.max() ?? 0 }
  for row in [header] + rows {
    print(zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  "))
  }
}
