import Drawing
import Foundation
import Testing

/// Sizes of the terminal, at the start and while it is used.
@Suite(.serialized) struct ResizeTests {
  @Test("Any size can be drawn on", arguments: [(1, 1), (1, 80), (24, 1), (10, 40), (500, 200)])
  func anySize(rows: Int, columns: Int) throws {
    let terminal = try PseudoTerminal(size: Size(rows: rows, columns: columns))
    try terminal.wait(for: "\u{1b}[?2004h")
    terminal.type("sq")
    #expect(try terminal.waitForEnd() == 0)
    #expect(terminal.text.contains("input: key(Drawing.Key.character(\"s\"))"))
    #expect(terminal.areModesRestored)
  }

  @Test("A storm of sizes ends with the last one")
  func storm() throws {
    let terminal = try PseudoTerminal()
    try terminal.wait(for: "ready 24x80")
    var generator = LinearGenerator(seed: 5)
    for step in 0..<300 {
      let size = Size(
        rows: 1 + Int(generator.next() % (step % 10 == 0 ? 500 : 60)),
        columns: 1 + Int(generator.next() % 200))
      terminal.resize(size)
      if step % 7 == 0 { terminal.type("s") }
      _ = terminal.takeOutput(waiting: 2)
    }
    terminal.resize(Size(rows: 1, columns: 1))
    terminal.resize(Size(rows: 31, columns: 101))
    while terminal.takeOutput(waiting: 100) {}
    terminal.type("q")
    #expect(try terminal.waitForEnd() == 0)
    let sizes = terminal.text.matches(of: /resized\(Drawing.Size\(rows: (\d+), columns: (\d+)\)/)
    #expect(sizes.last.map { "\($0.1)x\($0.2)" } == "31x101")
    #expect(PrivateModes(after: terminal.output).areOrdinary)
    #expect(terminal.areModesRestored)
  }

  @Test("LINES and COLUMNS do not fix the size")
  func environmentSize() throws {
    let terminal = try PseudoTerminal(environment: ["LINES": "10", "COLUMNS": "30"])
    try terminal.wait(for: "ready 24x80")
  }
}
