import Testing

@testable import Drawing

@Suite struct LinePlotTests {
  private static let size = Size(rows: 8, columns: 40)

  /// Two flat lines that fall into the upper and the lower half of the middle one of three rows.
  private func canvas(_ colors: Appearance.ColorLevel, _ dots: Dots) -> Canvas {
    var canvas = Canvas(
      Size(rows: 3, columns: 40), appearance: Appearance(colors: colors, glyphs: .blocks, dots: dots))
    let x = [0.0, 1]
    canvas.draw(
      LinePlot(
        [
          LinePlot.Series("", x: x, y: [0.6, 0.6], showsMarkers: false, style: CurveStyle(.blue)),
          LinePlot.Series("", x: x, y: [0.45, 0.45], showsMarkers: false, style: CurveStyle(.orange)),
        ], vertical: Axis(0...1)), in: canvas.bounds)
    return canvas
  }

  @Test("Two lines through one cell are both seen, in the first one's colour", arguments: Dots.allCases)
  func sharedCell(dots: Dots) {
    let cells = canvas(.direct, dots).cells.filter { $0.foreground == .blue }
    #expect(cells.count > 8)
    guard dots.rows > 1 else { return }
    for cell in cells.dropFirst().dropLast() {
      let mask = Dots.mask(of: cell.glyph)?.mask ?? 0
      let rows = (0..<dots.rows).filter { mask >> (2 * $0) & 3 != 0 }
      #expect(rows.count == 2, "\(cell.glyph)")
    }
    #expect(canvas(.direct, dots).cells.allSatisfy { $0.foreground != .orange })
  }

  @Test("The legend gives the value at the cursor, and none of a neighbour where a series has no point there")
  func cursor() {
    func legend(at cursor: Double) -> String {
      var canvas = Canvas(Size(rows: 14, columns: 60), appearance: .plain)
      canvas.draw(
        LinePlot(
          [.init("all", x: [1, 2, 3], y: [10, 20, 30]), .init("some", x: [1, 3], y: [7, 9])], cursor: cursor),
        in: canvas.bounds)
      return canvas.text.split(separator: "\n").last.map(String.init) ?? ""
    }
    #expect(legend(at: 1).contains("all 10.0") && legend(at: 1).contains("some 7.00"))
    #expect(legend(at: 2).contains("all 20.0") && legend(at: 2).contains("some –"))
    #expect(legend(at: 2.4).contains("all 20.0") && legend(at: 2.4).contains("some 9.00"))
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
      #expect(canvas.cells.count { $0.foreground == color && Dots.mask(of: $0.glyph)?.dots == .braille } > 8)
    }
    let marks = canvas.cells.filter { $0.style.contains(.bold) }
    #expect(!marks.isEmpty && marks.allSatisfy { $0.foreground == .blue })
  }
}
