/// Where a sampled field changes sign, to a quarter of a cell.
struct Contour {
  /// The quarters the line runs through.
  private(set) var quarters: DotGrid
  /// For each cell the line runs through, its direction as one of `| / - \`.
  private(set) var strokes: [Unicode.Scalar?]

  /// Finds the line in samples at the centres of the quarters of all cells.
  ///
  /// Of two neighbours with opposite signs the one nearer to zero is on the line: an edge the line crosses marks
  /// the quarter that holds the crossing, so the line is one quarter thin and without gaps.
  init(_ samples: Field.Samples) {
    let (rows, columns) = (samples.rows, samples.columns)
    quarters = DotGrid(rows: rows / 2, columns: columns / 2)
    strokes = [Unicode.Scalar?](repeating: nil, count: (rows / 2) * (columns / 2))
    for row in 0..<rows {
      for column in 0..<columns {
        if column + 1 < columns { mark(samples, (row, column), (row, column + 1)) }
        if row + 1 < rows { mark(samples, (row, column), (row + 1, column)) }
      }
    }
  }

  private mutating func mark(_ samples: Field.Samples, _ a: (Int, Int), _ b: (Int, Int)) {
    let (u, v) = (samples.values[samples.index(a.0, a.1)], samples.values[samples.index(b.0, b.1)])
    guard u.isFinite, v.isFinite, (u < 0) != (v < 0) else { return }
    let (row, column) = abs(u) <= abs(v) ? a : b
    quarters.set(row, column)
    let cell = (row / 2) * (samples.columns / 2) + column / 2
    if cell < strokes.count, strokes[cell] == nil { strokes[cell] = Self.stroke(samples, row, column) }
  }

  /// The stroke across the gradient, a cell being twice as high as wide.
  private static func stroke(_ samples: Field.Samples, _ row: Int, _ column: Int) -> Unicode.Scalar {
    func value(_ r: Int, _ c: Int) -> Float {
      samples.values[
        samples.index(r.clamped(to: 0...samples.rows - 1), c.clamped(to: 0...samples.columns - 1))]
    }
    let dx = value(row, column + 1) - value(row, column - 1)
    let dy = (value(row + 1, column) - value(row - 1, column)) / 2
    guard dx.isFinite, dy.isFinite else { return "-" }
    // Strokes lean by 45 degrees at most: thresholds at 22.5 and 67.5 degrees of what is seen.
    if abs(dx) < 0.41 * abs(dy) { return "-" }
    if abs(dy) < 0.41 * abs(dx) { return "|" }
    return (dx < 0) == (dy < 0) ? "/" : "\\"
  }
}
