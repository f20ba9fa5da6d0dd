/// A row of small bars: the last values that fit, scaled to their range.
public struct Sparkline: Hashable, Sendable, Drawable {
  public var values: [Double]
  /// The values at the bottom and the top; nil takes 0 or the smallest, and the largest.
  public var range: ClosedRange<Double>?

  public init(_ values: [Double], range: ClosedRange<Double>? = nil) {
    self.values = values
    self.range = range
  }

  public func draw(on canvas: inout Canvas) {
    let shown = values.suffix(canvas.size.columns)
    let finite = shown.filter(\.isFinite)
    guard let smallest = finite.min(), let largest = finite.max() else { return }
    let range = range ?? min(0, smallest)...max(largest, 0)
    let extent = range.upperBound - range.lowerBound
    let ascii = Array("_.-=+*#".unicodeScalars)
    for (column, value) in shown.enumerated() where value.isFinite {
      let height = extent > 0 ? min(1, max(0, (value - range.lowerBound) / extent)) : 0
      for row in 0..<canvas.size.rows {
        let part = height * Double(canvas.size.rows) - Double(canvas.size.rows - 1 - row)
        guard part > 0 || row == canvas.size.rows - 1 else { continue }
        let filled = min(1, max(row == canvas.size.rows - 1 ? 0.125 : 0, part))
        let glyph = canvas.hasBlocks ? Bar.rising(filled, .blocks) : ascii[Int((filled * 6).rounded())]
        canvas[row, column] = Cell(glyph, foreground: canvas.theme.accent.foreground)
      }
    }
  }
}
