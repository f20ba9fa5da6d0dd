extension Field {
  /// A field read at the points of another grid.
  struct Samples {
    let columns: Int
    let rows: Int
    /// Bilinear; NaN outside the field and where a neighbour is not finite.
    var values: [Float]
    /// The nearest label whose margin has the sign of the interpolated one, so that regions end at the contour.
    var labels: [Int]
    /// Whether the nearest sample is computed.
    var known: [Bool]

    func index(_ row: Int, _ column: Int) -> Int { row * columns + column }

    /// How many samples each label has among those whose value passes.
    func counts(where passes: (Float) -> Bool) -> [Int: Int] {
      var counts: [Int: Int] = [:]
      var (label, run) = (0, 0)
      for i in values.indices where passes(values[i]) {
        // Neighbours mostly share a label: a look-up a run, not a sample.
        if labels[i] != label, run > 0 {
          counts[label, default: 0] += run
          run = 0
        }
        label = labels[i]
        run += 1
      }
      if run > 0 { counts[label, default: 0] += run }
      return counts
    }
  }

  /// Reads the field at every pair of `s` and `t`; row after row of `t`.
  func samples(s: [Float], t: [Float]) -> Samples {
    let count = s.count * t.count
    var samples = Samples(
      columns: s.count, rows: t.count, values: [Float](repeating: .nan, count: count),
      labels: [Int](repeating: 0, count: count), known: [Bool](repeating: false, count: count))
    guard !isEmpty else { return samples }
    let across = s.map { Self.place($0, in: columns) }
    let down = t.map { Self.place($0, in: rows) }
    for (row, y) in down.enumerated() {
      for (column, x) in across.enumerated() {
        if let x, let y { read(x, y, into: &samples, at: row * s.count + column) }
      }
    }
    return samples
  }

  /// The index before a coordinate, and the share of the way to the next one; nil outside.
  private static func place(_ value: Float, in grid: [Float]) -> (Int, Float)? {
    guard let first = grid.first, let last = grid.last, value.isFinite else { return nil }
    // A hundredth of the extent covers rounding at the edges.
    let slack = (last - first) * 0.01
    guard value >= first - slack, value <= last + slack else { return nil }
    var (low, high) = (0, grid.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if grid[middle] <= value { low = middle } else { high = middle }
    }
    let width = grid[high] - grid[low]
    return (low, width > 0 ? min(1, max(0, (value - grid[low]) / width)) : 0)
  }

  private func read(_ x: (Int, Float), _ y: (Int, Float), into samples: inout Samples, at index: Int) {
    let right = min(columns.count - 1, x.0 + 1)
    let above = min(rows.count - 1, y.0 + 1)
    let width = columns.count
    var sum: Float = 0
    var (nearest, heaviest) = (y.0 * width + x.0, Float(-1))
    func visit(_ body: (Int, Float) -> Void) {
      body(y.0 * width + x.0, (1 - x.1) * (1 - y.1))
      body(y.0 * width + right, x.1 * (1 - y.1))
      body(above * width + x.0, (1 - x.1) * y.1)
      body(above * width + right, x.1 * y.1)
    }
    visit { i, weight in
      // A neighbour without weight may be unknown.
      if weight > 0 { sum += weight * values[i] }
      if weight > heaviest { (nearest, heaviest) = (i, weight) }
    }
    samples.values[index] = sum
    samples.known[index] = known[nearest]
    var label = labels[nearest]
    if (values[nearest] < 0) != (sum < 0) {
      var best: Float = 0
      visit { i, weight in
        if weight > best, (values[i] < 0) == (sum < 0) { (best, label) = (weight, labels[i]) }
      }
    }
    samples.labels[index] = label
  }
}
