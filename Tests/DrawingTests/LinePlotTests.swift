import Drawing
import Testing

@Suite struct LinePlotTests {
  private static let size = Size(rows: 8, columns: 40)

  /// Two flat lines that fall into the upper and the lower half of one of six rows.
  private func canvas(_ colors: Appearance.ColorLevel) -> Canvas {
    var canvas = Canvas(Self.size, appearance: Appearance(colors: colors, glyphs: .blocks, background: .dark))
    let x = [0.0, 1]
    canvas.draw(
      LinePlot(
        [
          LinePlot.Series("", x: x, y: [0.65, 0.65], showsMarkers: false, style: CurveStyle(.blue)),
          LinePlot.Series("", x: x, y: [0.55, 0.55], showsMarkers: false, style: CurveStyle(.orange)),
        ], vertical: Axis(0...1)), in: canvas.bounds)
    return canvas
  }

  @Test("Two lines through one cell are both seen")
  func sharedCell() {
    let cells = canvas(.direct).cells.filter { $0.foreground == .orange }
    #expect(!cells.isEmpty)
    #expect(cells.allSatisfy { $0.background == .blue }, "the line above has the other half")
    let halves = canvas(.none).cells.filter { $0.glyph == "▀" || $0.glyph == "▄" }
    #expect(halves.isEmpty, "without colours the cell is full")
  }

  @Test("A reference's name stands where no curve does", arguments: [0.5, 0.02, 0.98])
  func names(y: Double) {
    var canvas = Canvas(
      Self.size, appearance: Appearance(colors: .direct, glyphs: .blocks, background: .dark))
    canvas.draw(
      LinePlot(
        [LinePlot.Series("", x: [0, 1], y: [0, 1], style: CurveStyle(.blue))],
        references: [LinePlot.Reference("flat", y: y)], vertical: Axis(0...1)), in: canvas.bounds)
    #expect(canvas.text.contains("flat"))
  }

  @Test("Of lines that coincide none hides another, and the first one's marks lie on top")
  func coinciding() {
    var canvas = Canvas(
      Self.size, appearance: Appearance(colors: .direct, glyphs: .blocks, background: .dark))
    let both = [Color.blue, .orange].map {
      LinePlot.Series("", x: [0, 1], y: [0.6, 0.6], style: CurveStyle($0))
    }
    canvas.draw(LinePlot(both, vertical: Axis(0...1)), in: canvas.bounds)
    for color in [Color.blue, .orange] {
      #expect(canvas.cells.count { $0.foreground == color && $0.glyph == "▀" || $0.glyph == "▄" } > 8)
    }
    let marks = canvas.cells.filter { $0.style.contains(.bold) }
    #expect(!marks.isEmpty && marks.allSatisfy { $0.foreground == .blue })
  }
}
