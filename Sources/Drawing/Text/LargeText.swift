/// Text in letters of 3×5 half blocks, three rows high and four columns a letter, to be read from afar; ordinary text where
/// there are no blocks or no room.
public struct LargeText: Hashable, Sendable, Drawable {
  /// What it says; letters are capital.
  public var text: String
  /// Colours of the letters.
  public var look: Look
  /// At which edge it stands.
  public var alignment: Alignment

  public init(_ text: String, _ look: Look = .plain, alignment: Alignment = .leading) {
    self.text = text
    self.look = look
    self.alignment = alignment
  }

  /// Rows of large letters.
  public static let rows = 3

  /// Columns that the letters take.
  public static func columns(_ text: String) -> Int { max(0, 4 * text.unicodeScalars.count - 1) }

  public func draw(on canvas: inout Canvas) {
    let width = Self.columns(text)
    guard canvas.hasBlocks, canvas.size.rows >= Self.rows, width <= canvas.size.columns else {
      canvas.put(
        text, row: canvas.size.rows / 2, column: 0, look, width: canvas.size.columns, alignment: alignment)
      return
    }
    let gap = canvas.size.columns - width
    let start = alignment == .leading ? 0 : alignment == .center ? gap / 2 : gap
    for (i, letter) in text.unicodeScalars.enumerated() {
      canvas.put(letter: letter, row: 0, column: start + 4 * i, look)
    }
  }
}

extension Canvas {
  /// One letter of half blocks, three rows and three columns; cells without ink stay as they are.
  mutating func put(letter: Unicode.Scalar, row: Int, column: Int, _ look: Look) {
    guard letter != " " else { return }
    let lines = PixelFont.rows(letter)
    for r in 0..<LargeText.rows {
      for c in 0..<3 {
        func isInked(_ line: Int) -> Bool { line < lines.count && lines[line] & (4 >> c) != 0 }
        let (upper, lower) = (isInked(2 * r), isInked(2 * r + 1))
        guard upper || lower else { continue }
        let glyph: Unicode.Scalar = upper ? (lower ? "█" : "▀") : "▄"
        let under = self[row + r, column + c].background
        self[row + r, column + c] = Cell(
          glyph, foreground: look.foreground, background: look.background ?? under, style: look.style)
      }
    }
  }
}
