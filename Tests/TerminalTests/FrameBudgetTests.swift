import Drawing
import Foundation
import Testing

/// How many bytes frames take on the wire.
@Suite(.serialized) struct FrameBudgetTests {
  /// A smooth field of 32 levels.
  @Test(
    "A full frame of 60 rows and 200 columns stays in its budget",
    arguments: [("256", 40_000), ("true", 80_000)])
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

  private func explorer(_ colors: String) throws -> PseudoTerminal {
    let cache = FileManager.default.temporaryDirectory.appending(path: "budget-\(UUID().uuidString)").path
    return try PseudoTerminal(
      ["explore", "--colors", colors], program: "boundaryscope",
      environment: ["XDG_CACHE_HOME": cache, "HOME": cache], size: Size(rows: 60, columns: 200))
  }

  @Test("A screen full of pictures stays in the budget too", arguments: [("256", 40_000), ("true", 100_000)])
  func pictures(colors: String, limit: Int) throws {
    let terminal = try explorer(colors)
    try terminal.wait(for: "spiral")
    // The last that the screen waits for: r, once it is as short as it gets.
    try terminal.wait(for: "DeepFool")
    while terminal.takeOutput(waiting: 60) {}
    let before = terminal.output.count
    terminal.type([0x0c])
    // Work goes on: its progress is part of what is counted.
    while terminal.output.count < before + 5000 { try #require(terminal.takeOutput(waiting: 5000)) }
    while terminal.takeOutput(waiting: 60) {}
    let bytes = terminal.output.count - before
    print("60x200 \(colors): the Pick screen \(bytes) bytes")
    #expect(bytes > 10_000 && bytes < limit)
  }

  @Test("Nobody reads: frames are left out, keys are answered, and the last picture is right")
  func slowReader() throws {
    let terminal = try explorer("true")
    try terminal.wait(for: "spiral")
    let before = terminal.output.count
    for _ in 0..<25 {
      terminal.type("12")
      usleep(40_000)
    }
    terminal.type("8")
    usleep(100_000)
    while terminal.takeOutput(waiting: 400) {}
    let bytes = terminal.output.count - before
    print("50 changes of the screen that nobody read: \(bytes) bytes")
    #expect(bytes < 8 * 100_000)
    terminal.type([0x0c])
    try terminal.wait(for: "link: ", after: before + bytes)
    for _ in 0..<5 { terminal.type("125") }
    terminal.type("qq")
    // It ends although nobody reads what it has to say.
    usleep(4_000_000)
    #expect(kill(terminal.process, 0) != 0)
    #expect(terminal.areModesRestored)
    #expect(try terminal.waitForEnd() == 0)
  }
}
