/// Shares over the spatial frequencies of a plane, the lowest in the middle, by colours from 0 to `limit`.
public struct FrequencyMap: Hashable, Sendable, Drawable {
  /// Row after row; NaN is not known yet.
  public var values: [[Double]]
  /// Cycles over the height of each row, and over the width of each column, ascending.
  public var rows: [Int]
  /// Cycles over the image's width of each column of ``values``, ascending.
  public var columns: [Int]
  /// The share at the upper end of the colours; the largest known one where nil.
  public var limit: Double?

  public init(_ values: [[Double]], rows: [Int], columns: [Int], limit: Double? = nil) {
    precondition(
      values.count == rows.count && values.allSatisfy { $0.count == columns.count },
      "a map of \(rows.count)×\(columns.count) frequencies needs as many values")
    self.values = values
    self.rows = rows
    self.columns = columns
    self.limit = limit
  }

  var top: Double {
    limit ?? values.joined().reduce(0) { $1.isFinite ? max($0, $1) : $0 }
  }

  public func draw(on canvas: inout Canvas) {
    let (main, foot) = canvas.bounds.split(top: max(0, canvas.size.rows - 2))
    canvas.draw(CellPicture(image), in: main)
    guard foot.rows == 2, let left = columns.first, let right = columns.last, let up = rows.first,
      let down = rows.last
    else { return }
    let axes = [
      "cycles per image: \(left) to \(right) across, \(up) to \(down) down, 0 in the middle",
      "cycles \(left)…\(right) across, \(up)…\(down) down",
    ]
    let text = axes.first { Text.columns($0, canvas.appearance.glyphs) <= foot.columns } ?? ""
    canvas.put(text, row: foot.row, column: foot.column, canvas.theme.muted, width: foot.columns)
    drawScale(on: &canvas, in: foot)
  }

  private func drawScale(on canvas: inout Canvas, in foot: Rectangle) {
    let row = foot.row + 1
    var column = canvas.put("0 ", row: row, column: foot.column, canvas.theme.muted)
    if canvas.appearance.colors >= .indexed {
      for step in 0..<16 {
        let color = ColorMap.viridis.color(at: (Double(step) + 0.5) / 16)
        canvas.fill(
          Rectangle(row: row, column: column + step, rows: 1, columns: 1), with: Cell(" ", background: color))
      }
      column += 16
    } else {
      column = canvas.put("dark … light", row: row, column: column, canvas.theme.muted)
    }
    canvas.put(" " + Number.percent(top), row: row, column: column, canvas.theme.muted)
  }

  var image: RGBImage {
    var image = RGBImage(width: columns.count, height: rows.count, fill: .black)
    for (i, row) in values.enumerated() {
      for (j, value) in row.enumerated() {
        let color = value.isFinite ? ColorMap.viridis.color(at: value / max(top, 1e-9)) : .black
        image[i, j] = color
      }
    }
    return image
  }
}
