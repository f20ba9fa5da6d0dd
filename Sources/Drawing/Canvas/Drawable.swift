/// Something that can be drawn on a canvas of any size, 0×0 included.
///
/// It fills the whole canvas it is given, in that canvas's own coordinates, and chooses glyphs and colours by
/// the canvas's appearance.
public protocol Drawable {
  func draw(on canvas: inout Canvas)
}

extension Canvas {
  /// Draws `picture` in a part of the canvas; nothing outside `area` changes.
  public mutating func draw(_ picture: some Drawable, in area: Rectangle) {
    with(area) { picture.draw(on: &$0) }
  }

  /// Lets `body` draw on a canvas of its own that starts as a copy of `area`, then puts it back, clipped.
  public mutating func with(_ area: Rectangle, _ body: (inout Canvas) -> Void) {
    guard !area.isEmpty, !size.isEmpty else { return }
    var part = Canvas(area.size, appearance: appearance)
    part.copy(self, row: -area.row, column: -area.column)
    body(&part)
    put(part, row: area.row, column: area.column)
  }

  /// Copies another canvas onto this one, its upper left cell at (`row`, `column`).
  public mutating func put(_ part: Canvas, row: Int, column: Int) { copy(part, row: row, column: column) }

  /// Sets every cell of `area`.
  public mutating func fill(_ area: Rectangle, with cell: Cell = .blank) {
    let columns = max(0, area.column)..<max(0, area.column, min(size.columns, area.column + area.columns))
    for row in max(0, area.row)..<max(0, area.row, min(size.rows, area.row + area.rows)) {
      fill(row: row, columns, with: cell)
    }
  }

  /// Whether block elements and line drawing may be used.
  public var hasBlocks: Bool { appearance.glyphs == .blocks }

  /// The colours and styles that suit the canvas's appearance.
  public var theme: Theme { Theme(appearance) }
}

extension Size {
  /// Whether it holds no cell.
  public var isEmpty: Bool { rows == 0 || columns == 0 }
}
