internal import Drawing

/// Where the sections of a contact sheet stand: a panel a direction, lines of cells that are nearly square, so that
/// circles stay round.
struct SheetLayout {
  /// Columns of the narrowest cell: it has room for a number, a label and a curvature.
  private static let narrowest = 18

  let remark: Rectangle
  let lines: Int
  let perLine: Int
  private let panels: [Rectangle]

  var perPage: Int { lines * perLine }

  init(_ size: Size) {
    let all = Rectangle(row: 0, column: 0, rows: size.rows, columns: size.columns)
    let (both, remark) = all.split(top: size.rows - 1)
    let (top, bottom) = both.split(top: both.rows / 2)
    self.remark = remark
    panels = [top, bottom]
    let inside = Frame.interior(of: bottom)
    lines = inside.rows >= 16 ? 2 : 1
    // A cell of the terminal is about twice as high as wide; one line and one column are the caption's and the gap.
    let square = 2 * (inside.rows / lines - 1) + 1
    perLine = max(
      1, min(inside.columns / (Self.narrowest + 1), (inside.columns + square / 2) / max(1, square)))
  }

  func panel(_ side: SectionScreen.Side) -> Rectangle { panels[side == .left ? 0 : 1] }

  /// The cell of a place of the page, counted from 0: the section, and its caption in the last line.
  func cell(_ place: Int, _ side: SectionScreen.Side) -> Rectangle {
    let inside = Frame.interior(of: panel(side))
    let (line, column) = (place / perLine, place % perLine)
    let (start, end) = (column * inside.columns / perLine, (column + 1) * inside.columns / perLine)
    let (top, bottom) = (line * inside.rows / lines, (line + 1) * inside.rows / lines)
    return Rectangle(
      row: inside.row + top, column: inside.column + start, rows: bottom - top,
      columns: max(0, end - start - (column + 1 < perLine ? 1 : 0)))
  }
}
