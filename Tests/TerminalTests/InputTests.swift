import Testing

/// Keys and the mouse through a real terminal.
@Suite(.serialized) struct InputTests {
  @Test("Random bytes end nothing")
  func noise() throws {
    let terminal = try PseudoTerminal(["deaf"])
    try terminal.wait(for: "ready 24x80")
    var generator = LinearGenerator(seed: 11)
    // ^C ^\ ^Z end or stop; ^S ^Q hold the terminal; ^V and ^O quote.
    let reserved: Set<UInt8> = [0x03, 0x0f, 0x11, 0x13, 0x16, 0x1a, 0x1c]
    for _ in 0..<200 {
      let count = 1 + Int(generator.next() % 40)
      var bytes = (0..<count).map { _ in UInt8(generator.next() % 256) }.filter { !reserved.contains($0) }
      if generator.next() % 3 == 0 { bytes = Array("\u{1b}[".utf8) + bytes }
      terminal.type(bytes)
      _ = terminal.takeOutput(waiting: 1)
    }
    while terminal.takeOutput(waiting: 100) {}
    terminal.signal(15)
    #expect(try terminal.waitForEnd() == 143)
    #expect(PrivateModes(after: terminal.output).areOrdinary)
  }

  @Test("The mouse can be switched off and on while the program runs")
  func mouseSwitch() throws {
    let terminal = try PseudoTerminal()
    try terminal.wait(for: "ready 24x80")
    let before = terminal.output.count
    terminal.type("m")
    try terminal.wait(for: "\u{1b}[?1002l", after: before)
    #expect(PrivateModes(after: terminal.output).on.contains(PrivateModes.pastes))
    let off = terminal.output.count
    terminal.type("m")
    try terminal.wait(for: "\u{1b}[?1002h", after: off)
    terminal.type("\u{1b}[<0;5;6M")
    try terminal.wait(for: "press")
  }

  @Test("A worker's message wakes the interface")
  func woken() throws {
    let terminal = try PseudoTerminal()
    try terminal.wait(for: "ready 24x80")
    terminal.type("b")
    try terminal.wait(for: "worker's message")
  }
}
