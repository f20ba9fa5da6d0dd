internal import CNcurses
internal import Drawing

/// Puts rows of canvases with one call of ncurses each, in buffers that are kept.
struct CanvasRows {
  private var cells: [curses_cell] = []
  private var buffer: [cchar_t] = []
  /// Columns that the C library and so ncurses gives glyphs.
  private var widths: [UInt32: Int32] = [:]

  /// Puts the first columns of a row; false when there was no pair left for some of its colours.
  mutating func put(
    _ canvas: Canvas, row: Int, columns: Int, _ pictures: PictureLedger, isUTF8: Bool,
    _ pairs: inout ColorPairs
  ) -> Bool {
    if buffer.count < columns { buffer = [cchar_t](repeating: cchar_t(), count: columns) }
    cells.removeAll(keepingCapacity: true)
    var complete = true
    var last: (foreground: Color?, background: Color?, pair: Int32) = (nil, nil, 0)
    // What a wide glyph goes on in is no cell of its own to ncurses.
    let shown = canvas.shownCells(row: row, columns: columns)
    for (column, cell) in shown.enumerated() where !isCovered(cell) {
      let left = column > 0 ? shown[column - 1] : nil
      if let tile = pictures.tile(cell, after: left, row: row, column: column) {
        let pair = pairs.number(exactly: tile.color, on: tile.background)
        if pair == nil { complete = false }
        last = (nil, nil, -1)
        cells.append(curses_cell(glyph: tile.glyph, marks: tile.marks, pair: pair ?? 0, style: []))
        continue
      }
      let isBlank = cell.glyph == " " || Self.isUniform(cell, pairs)
      // The colour of nothing is free: keeping the one before saves a change of colour.
      let keeps = isBlank && last.pair >= 0 && cell.style.isDisjoint(with: [.underline, .reverse])
      let foreground = keeps ? last.foreground : cell.foreground
      if last.pair < 0 || foreground != last.foreground || cell.background != last.background {
        let pair = pairs.number(foreground, cell.background)
        if pair == nil { complete = false }
        last = (foreground, cell.background, pair ?? 0)
      }
      let glyph = isBlank ? 0x20 : drawable(cell.glyph, isUTF8)
      let mark = isUTF8 ? cell.mark.map(\.value) : nil
      cells.append(
        curses_cell(
          glyph: glyph, marks: (mark.flatMap { width($0) == 0 ? $0 : nil } ?? 0, 0), pair: last.pair,
          style: cell.style))
    }
    curses_put_row(Int32(row), cells, Int32(cells.count), &buffer)
    return complete
  }

  /// Whether the cell is the right half of the glyph that was put last.
  private mutating func isCovered(_ cell: Cell) -> Bool {
    guard cell.glyph == Cell.rightHalf else { return false }
    return cells.last.map { width($0.glyph) == 2 } ?? false
  }

  /// A half block of one colour is a blank with that background, which no font draws with a seam.
  private static func isUniform(_ cell: Cell, _ pairs: ColorPairs) -> Bool {
    guard cell.glyph == "▀" || cell.glyph == "▄" else { return false }
    guard let foreground = cell.foreground, let background = cell.background else { return false }
    return pairs.looksAlike(foreground, background)
  }

  /// The glyph if ncurses gives it as many columns as there are, or one, else a question mark; a blank for a right half that nothing covers.
  private mutating func drawable(_ glyph: Unicode.Scalar, _ isUTF8: Bool) -> UInt32 {
    if (0x20...0x7e).contains(glyph.value) { return glyph.value }
    if glyph == Cell.rightHalf { return 0x20 }
    let width = width(glyph.value)
    return isUTF8 && (width == 1 || (width == 2 && Text.isWide(glyph))) ? glyph.value : 0x3f
  }

  private mutating func width(_ glyph: UInt32) -> Int32 {
    if (0x20...0x7e).contains(glyph) { return 1 }
    if let known = widths[glyph] { return known }
    let width = curses_width(glyph)
    widths[glyph] = width
    return width
  }
}

extension curses_cell {
  fileprivate init(glyph: UInt32, marks: (UInt32, UInt32), pair: Int32, style: Style) {
    self.init(
      glyph: glyph, marks: marks, pair: pair, bold: style.contains(.bold) ? 1 : 0,
      dim: style.contains(.dim) ? 1 : 0,
      underline: style.contains(.underline) ? 1 : 0, reverse: style.contains(.reverse) ? 1 : 0)
  }
}
