import Drawing
import Testing

@Suite struct MatrixPlotTests {
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

  @Test("Narrow cells write one digit, and keep the last row rather than the heading")
  func narrow() {
    let names = (1...8).map { "v\($0)" }
    let values = (0..<8).map { i in (0..<8).map { $0 == i ? 1 : -0.53 } }
    var canvas = Canvas(Size(rows: 8, columns: 29))
    canvas.draw(MatrixPlot(values, rowNames: names, columnNames: names, isSigned: true), in: canvas.bounds)
    let lines = canvas.text.split(separator: "\n").map { $0.trimmingPrefix(" ") }
    #expect(lines.count == 8 && lines[7].hasPrefix("v8"))
    #expect(lines[0].dropFirst(3).hasPrefix("  1-.5-.5"))
    #expect(!canvas.text.contains("…"))
  }
}
