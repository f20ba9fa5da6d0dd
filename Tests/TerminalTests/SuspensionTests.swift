import Testing

/// Stopping with ^Z and going on.
@Suite(.serialized) struct SuspensionTests {
  @Test("^Z gives the terminal to the shell and fg takes it back")
  func stopAndContinue() throws {
    let terminal = try PseudoTerminal(script: "\"$@\"; echo IN-THE-SHELL; read line; fg")
    try terminal.wait(for: "ready 24x80")
    terminal.type([0x1a])
    try terminal.wait(for: "IN-THE-SHELL")
    #expect(PrivateModes(after: terminal.output).areOrdinary)
    #expect(terminal.areModesRestored)
    let stopped = terminal.output.count
    terminal.type("\n")
    try terminal.wait(for: "ready 24x80", after: stopped)
    try terminal.wait(for: "\u{1b}[?2004h", after: stopped)
    let modes = PrivateModes(after: terminal.output).on
    #expect(modes.isSuperset(of: [PrivateModes.alternateScreen, PrivateModes.drags, PrivateModes.pastes]))
    terminal.type("q")
    #expect(try terminal.waitForEnd() == 0)
    #expect(PrivateModes(after: terminal.output).areOrdinary)
    #expect(terminal.areModesRestored)
  }

  @Test("Stopped behind its back, the program takes the screen again")
  func stopSignal() throws {
    let terminal = try PseudoTerminal()
    try terminal.wait(for: "ready 24x80")
    terminal.signal(19)
    let stopped = terminal.output.count
    terminal.signal(18)
    try terminal.wait(for: "ready 24x80", after: stopped)
    terminal.type("q")
    #expect(try terminal.waitForEnd() == 0)
    #expect(PrivateModes(after: terminal.output).areOrdinary)
  }
}
