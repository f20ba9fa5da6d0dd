import Drawing
import Foundation
import Testing

/// Types of terminals, locales and colour levels, on the wire.
@Suite(.serialized) struct TerminalMatrixTests {
  enum Colors: String, Sendable { case mono, eight, indexed, direct }

  static let terminals: [(String, Colors)] = [
    ("xterm-256color", .indexed), ("tmux-256color", .indexed), ("screen-256color", .indexed),
    ("xterm", .eight),
    ("linux", .eight), ("vt100", .mono), ("nonsense", .eight), ("xterm-kitty", .indexed),
  ]

  static func colors(of text: String) -> Colors {
    if text.contains("[38;2;") { return .direct }
    if text.contains("[38;5;") { return .indexed }
    return text.contains(/\u{1b}\[3[0-7]m/) ? .eight : .mono
  }

  private func run(_ environment: [String: String], _ arguments: [String] = []) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(arguments, environment: environment)
    try terminal.wait(for: "ready 24x80")
    terminal.type("s")
    terminal.type([0x1b, 0x5b, 0x41])
    terminal.type("q")
    #expect(try terminal.waitForEnd() == 0)
    #expect(terminal.text.contains("input: key(Drawing.Key.up)"))
    #expect(PrivateModes(after: terminal.output).areOrdinary)
    #expect(terminal.areModesRestored)
    return terminal
  }

  @Test("Each type of terminal gets the colours it has", arguments: terminals)
  func types(term: String, colors: Colors) throws {
    #expect(Self.colors(of: try run(["TERM": term]).text) == colors)
    #expect(Self.colors(of: try run(["TERM": term, "NO_COLOR": "1"]).text) == .mono)
  }

  @Test("Colours that are asked for beat the rest", arguments: [("true", Colors.direct), ("256", .indexed)])
  func asked(name: String, colors: Colors) throws {
    let terminal = try run(["TERM": "xterm", "NO_COLOR": "1"], ["colors=\(name)"])
    #expect(Self.colors(of: terminal.text) == colors)
  }

  @Test("24-bit colours need no file on the host")
  func trueColor() throws {
    let terminal = try run(["COLORTERM": "truecolor", "TERMINFO": "/nowhere"])
    #expect(Self.colors(of: terminal.text) == .direct)
    #expect(terminal.text.contains("TERMINFO: /nowhere"), "children find the variable as it was")
  }

  @Test("A terminal that cannot place text is refused in one sentence", arguments: ["dumb", ""])
  func refused(term: String) throws {
    let terminal = try PseudoTerminal(environment: ["TERM": term])
    #expect(try terminal.waitForEnd() == 69)
    #expect(terminal.text.contains("set TERM to its real type"))
    #expect(!terminal.output.contains(0x1b))
  }

  @Test(
    "The locale decides about glyphs",
    arguments: [("C", false), ("C.UTF-8", true), ("xx_YY.UTF-8", true), ("", true)])
  func locale(name: String, hasBlocks: Bool) throws {
    #expect(try run(["LANG": name]).text.contains("▀") == hasBlocks)
  }
}
