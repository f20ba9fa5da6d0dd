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
          LinePlot.Series("", x: x, y: [0.65, 0.65], showsMarkers: false, color: .blue),
          LinePlot.Series("", x: x, y: [0.55, 0.55], showsMarkers: false, color: .orange),
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
        [LinePlot.Series("", x: [0, 1], y: [0, 1], color: .blue)],
        references: [LinePlot.Reference("flat", y: y)], vertical: Axis(0...1)), in: canvas.bounds)
    #expect(canvas.text.contains("flat"))
  }

  @Test("Letters stand for columns whose names have no room, and names come back with it")
  func letters() {
    let names = ["lenet-shapes", "lenet-cure-shapes"]
    let plot = MatrixPlot([[1, 0.5], [0.5, 1]], rowNames: names, columnNames: names, digits: nil)
    func text(_ columns: Int) -> String {
      var canvas = Canvas(Size(rows: 5, columns: columns))
      canvas.draw(plot, in: canvas.bounds)
      return canvas.text
    }
    #expect(text(30).contains("A lenet-shapes") && text(30).contains("B lenet-cure-shapes"))
    #expect(text(30).split(separator: "\n")[0].split(separator: " ") == ["A", "B"])
    let short = MatrixPlot([[1]], rowNames: ["UAP"], columnNames: ["UAP"])
    var canvas = Canvas(Size(rows: 5, columns: 30))
    canvas.draw(short, in: canvas.bounds)
    #expect(canvas.text.split(separator: "\n")[0].contains("UAP"))
  }
}
