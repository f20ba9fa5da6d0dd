internal import Drawing

/// What `bench --scaling` measured.
package struct ScalingReport: Encodable {
  struct Row: Encodable {
    /// Of the axis; bytes where it is a bound on memory.
    let value: Int
    let rate: Double
    /// Bytes resident at most; under a bound, beyond what was resident before.
    let memory: Int
  }

  struct Axis: Encodable {
    let name: String
    let unit: String
    /// Of what the rates are.
    let of: String
    let rows: [Row]
  }

  let model: String
  let machine: String
  let threads: Int
  let axes: [Axis]
  /// Rates and memory of a job under bounds on the memory of its passes.
  let bounds: [Row]

  package func describe() {
    print("\(model) on \(machine), \(threads) threads")
    for axis in axes {
      print("\n\(axis.name): \(axis.unit), \(axis.of)")
      let most = axis.rows.map(\.rate).max() ?? 1
      for row in axis.rows {
        line("\(row.value)", row, share: row.rate / most)
      }
    }
    print("\n--memory: gradients/s of 16 images of 64×64, the ResNet-18")
    for row in bounds {
      line("\(row.value >> 20)M", row, share: Double(row.memory) / Double(max(1, row.value)))
    }
  }

  /// A value with its rate, a bar and what memory it took; under a bound the bar is the share of it that was used.
  private func line(_ value: String, _ row: Row, share: Double) {
    let cells = Int((40 * min(1, share)).rounded())
    let bar = String(repeating: "█", count: cells) + String(repeating: "·", count: 40 - cells)
    let label = String(repeating: " ", count: max(0, 6 - value.count)) + value
    let rate = Number.figure(row.rate)
    let gap = String(repeating: " ", count: max(1, 10 - rate.count))
    print("\(label)\(gap)\(rate) \(bar) \(Number.grouped(row.memory >> 20)) MiB")
  }
}
