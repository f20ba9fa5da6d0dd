extension Canvas {
  /// The canvas as text with the escape sequences of its appearance's colour level, a line a row.
  ///
  /// Every line ends with all attributes off, so that lines can be printed anywhere. Without colours only bold,
  /// dim, underline and reverse are used.
  public var ansiText: String {
    (0..<size.rows).map { row in
      var line = ""
      var last = Cell.blank
      for cell in shownCells(row: row) where cell.glyph != Cell.rightHalf {
        let (now, before) = (codes(cell), codes(last))
        if now != before { line += "\u{1B}[0" + now.map { ";" + $0 }.joined() + "m" }
        line += Text.string([Glyph(cell.glyph, mark: cell.mark)])
        last = cell
      }
      return codes(last).isEmpty ? line : line + "\u{1B}[0m"
    }.joined(separator: "\n")
  }

  /// One cell with the sequence that selects its look, whatever was selected before.
  public func ansiText(of cell: Cell) -> String {
    "\u{1B}[0" + codes(cell).map { ";" + $0 }.joined() + "m"
      + Text.string([Glyph(cell.glyph, mark: cell.mark)])
  }

  private func codes(_ cell: Cell) -> [String] {
    let styles: [(Style, String)] = [(.bold, "1"), (.dim, "2"), (.underline, "4"), (.reverse, "7")]
    var codes = styles.filter { cell.style.contains($0.0) }.map(\.1)
    if let color = cell.foreground { codes += code(color, isForeground: true) }
    if let color = cell.background { codes += code(color, isForeground: false) }
    return codes
  }

  private func code(_ color: Color, isForeground: Bool) -> [String] {
    let base = isForeground ? 30 : 40
    switch appearance.colors {
    case .none: return []
    case .ansi8: return ["\(base + Int(color.ansi % 8))"]
    case .ansi16:
      return ["\(base + (color.ansi < 8 ? Int(color.ansi) : 60 + Int(color.ansi) - 8))"]
    case .indexed: return ["\(base + 8);5;\(color.indexed)"]
    case .direct: return ["\(base + 8);2;\(color.red);\(color.green);\(color.blue)"]
    }
  }
}
