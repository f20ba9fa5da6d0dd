import Drawing

/// A smooth diverging field with a sharp boundary in half blocks, 32 levels; or noise of 240 colours.
struct Picture {
  let step: Int
  let isNoise: Bool

  /// The table vik-32 of the palette with 256 colours, as indices and as 24-bit colours.
  private static let indices: [UInt8] = [
    17, 18, 18, 19, 24, 24, 24, 24, 31, 67, 74, 110, 152, 152, 253, 254, 254, 224, 181, 180, 180, 173, 173,
    173, 130,
    130, 130, 124, 88, 88, 52, 52,
  ]

  private static func color(_ level: Int) -> Color {
    let index = indices[level]
    let (red, blue) = (UInt8(level * 8), UInt8(255 - level * 8))
    return Color(red: red, green: 90, blue: blue, indexed: index, ansi: level < 16 ? 4 : 1)
  }

  private func color(row: Int, column: Int, _ size: Size) -> Color {
    if isNoise {
      let mixed = (row &* 7919 &+ column &* 104_729 &+ step &* 31) &* 2_654_435_761 >> 7
      return Self.color(mixed & 31)
    }
    let x = Float(column) / Float(max(1, size.columns)) - 0.5
    let y = Float(row) / Float(max(1, 2 * size.rows)) - 0.5
    let boundary = x + 0.6 * y * y + 0.02 * Float(step)
    let value = boundary / (0.1 + abs(boundary))
    return Self.color(min(31, max(0, Int((value + 1) * 16))))
  }

  func draw(on canvas: inout Canvas) {
    for row in 0..<canvas.size.rows {
      for column in 0..<canvas.size.columns {
        let upper = color(row: 2 * row, column: column, canvas.size)
        let lower = color(row: 2 * row + 1, column: column, canvas.size)
        let glyph: Unicode.Scalar = canvas.appearance.glyphs == .ascii ? "+" : "▀"
        canvas[row, column] = Cell(glyph, foreground: upper, background: lower)
      }
    }
  }
}
