import Drawing
import Foundation
import Testing

/// How many bytes frames take on the wire.
@Suite(.serialized) struct FrameBudgetTests {
  /// Measured 30–37 kB with 256 colours and 74–79 kB with 24 bits, for 32 levels.
  @Test(
    "A full frame of 60 rows and 200 columns stays in its budget",
    arguments: [("256", 45_000), ("true", 95_000)])
  func fullFrame(colors: String, limit: Int) throws {
    let terminal = try PseudoTerminal(["still", "colors=\(colors)"], size: Size(rows: 60, columns: 200))
    try terminal.wait(for: "ready 60x200")
    while terminal.takeOutput(waiting: 200) {}
    let first = terminal.output.count
    terminal.type("s")
    while terminal.takeOutput(waiting: 200) {}
    let step = terminal.output.count - first
    print("60x200 \(colors): first frame \(first) bytes, next \(step) bytes")
    #expect(first < limit)
    #expect(step > 0 && step < limit)
  }

  @Test("A frame like the last one takes no bytes")
  func idleFrame() throws {
    let terminal = try PseudoTerminal(["still"])
    try terminal.wait(for: "ready 24x80")
    while terminal.takeOutput(waiting: 200) {}
    let before = terminal.output.count
    terminal.type("xyz")
    while terminal.takeOutput(waiting: 200) {}
    #expect(terminal.output.count == before)
  }
}
