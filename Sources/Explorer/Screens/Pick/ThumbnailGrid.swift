internal import Drawing

/// Which images stand where in an area: small pictures with a line of text below each.
struct ThumbnailGrid: Hashable, Sendable {
  let area: Rectangle
  let count: Int
  let selected: Int
  private let top: Int
  /// Columns of one picture; half as many rows, a cell being twice as high as wide.
  let side: Int

  /// Divides the area into pictures as large as leave `wanted` of them in sight, starting with line `top` as far as the selected image stays in sight.
  init(_ area: Rectangle, count: Int, selected: Int, top: Int, wanted: Int? = nil) {
    self.area = area
    self.count = count
    self.selected = selected
    self.top = top
    let widths = [32, 28, 24, 22, 20, 18, 16, 14, 12, 10, 8]
    func inSight(_ side: Int) -> Int { (area.columns / (side + 2)) * (area.rows / (side / 2 + 1)) }
    // The largest at which enough are in sight, eight, up to 15 where there is room; else at which most are, with
    // captions that can be read where their number is given.
    let enough = wanted ?? max(8, min(15, area.rows * area.columns / 280))
    let readable = wanted == nil || area.rows < 7 ? widths : widths.filter { $0 >= 12 }
    let most = readable.map(inSight).max() ?? 0
    side =
      widths.first { inSight($0) >= enough } ?? readable.first { inSight($0) >= most } ?? 8
  }

  /// What is left beside them is spread between the pictures of a line.
  var cellColumns: Int { max(side + 2, area.columns / perLine) }
  var cellRows: Int { side / 2 + 1 }
  var perLine: Int { max(1, area.columns / (side + 2)) }
  var lines: Int { area.isEmpty ? 0 : max(1, area.rows / cellRows) }
  var capacity: Int { perLine * lines }

  /// The line that stands first.
  var firstLine: Int {
    let total = (count + perLine - 1) / perLine
    let line = min(selected / perLine, max(top, selected / perLine - lines + 1))
    return max(0, min(total - lines, line))
  }

  /// Index of the first image in sight.
  var first: Int { firstLine * perLine }

  var visible: Range<Int> {
    let start = min(first, count)
    return start..<min(count, start + capacity)
  }

  /// Where an image in sight stands, its caption included.
  func cell(of image: Int) -> Rectangle {
    let place = image - first
    return Rectangle(
      row: area.row + place / perLine * cellRows, column: area.column + place % perLine * cellColumns,
      rows: cellRows, columns: side + 1)
  }

  func image(row: Int, column: Int) -> Int? {
    visible.first { cell(of: $0).contains(row: row, column: column) }
  }
}
