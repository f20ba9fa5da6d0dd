internal import CNcurses
internal import Drawing

/// Puts rows of canvases with one call of ncurses each, in buffers that are kept.
struct CanvasRows {
  private var cells: [curses_cell] = []
  private var buffer: [cchar_t] = []
  /// Glyphs found to take one column.
  private var narrow: [UInt32: Bool] = [:]

  /// Puts the first columns of a row; false when there was no pair left for some of its colours.
  mutating func put(
    _ canvas: Canvas, row: Int, columns: Int, isUTF8: Bool, _ pairs: inout ColorPairs
  ) -> Bool {
    if buffer.count < columns { buffer = [cchar_t](repeating: cchar_t(), count: columns) }
    cells.removeAll(keepingCapacity: true)
    var complete = true
    var last: (foreground: Color?, background: Color?, pair: Int32) = (nil, nil, 0)
    let start = row * canvas.size.columns
    for cell in canvas.cells[start..<start + columns] {
      let isBlank = cell.glyph == " " || Self.isUniform(cell, pairs)
      // The colour of nothing is free: keeping the one before saves a change of colour.
      let keeps = isBlank && cell.style.isDisjoint(with: [.underline, .reverse])
      let foreground = keeps ? last.foreground : cell.foreground
      if foreground != last.foreground || cell.background != last.background {
        let pair = pairs.number(foreground, cell.background)
        if pair == nil { complete = false }
        last = (foreground, cell.background, pair ?? 0)
      }
      let glyph = isBlank ? 0x20 : drawable(cell.glyph.value, isUTF8)
      cells.append(curses_cell(glyph: glyph, pair: last.pair, style: cell.style))
    }
    curses_put_row(Int32(row), cells, Int32(columns), &buffer)
    return complete
  }

  /// A half block of one colour is a blank with that background, which no font draws with a seam.
  private static func isUniform(_ cell: Cell, _ pairs: ColorPairs) -> Bool {
    guard cell.glyph == "▀" || cell.glyph == "▄" else { return false }
    guard let foreground = cell.foreground, let background = cell.background else { return false }
    return pairs.looksAlike(foreground, background)
  }

  /// The glyph if it takes exactly one column, else a question mark.
  private mutating func drawable(_ glyph: UInt32, _ isUTF8: Bool) -> UInt32 {
    if (0x20...0x7e).contains(glyph) { return glyph }
    guard isUTF8 else { return 0x3f }
    if let known = narrow[glyph] { return known ? glyph : 0x3f }
    let isNarrow = curses_width(glyph) == 1
    narrow[glyph] = isNarrow
    return isNarrow ? glyph : 0x3f
  }
}

extension curses_cell {
  fileprivate init(glyph: UInt32, pair: Int32, style: Style) {
    self.init(
      glyph: glyph, pair: pair, bold: style.contains(.bold) ? 1 : 0, dim: style.contains(.dim) ? 1 : 0,
      underline: style.contains(.underline) ? 1 : 0, reverse: style.contains(.reverse) ? 1 : 0)
  }
}
