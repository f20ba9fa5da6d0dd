import Drawing
import Foundation
import Testing

@testable import Terminal

/// The explorer in terminals that show pictures.
@Suite("Pictures in a terminal", .serialized)
struct TerminalPicturesTests {
  private static func explorer(name: String, attributes: String = "62") throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      ["explore"], program: "boundaryscope", environment: ["COLORTERM": "truecolor"],
      size: Size(rows: 40, columns: 120), answers: false)
    try terminal.wait(for: "\u{1b}[c")
    terminal.type("\u{1b}P>|\(name)\u{1b}\\\u{1b}[6;20;10t\u{1b}[?\(attributes)c")
    return terminal
  }

  private static func numbers(_ terminal: PseudoTerminal, _ prefix: String) -> Set<Substring> {
    Set(
      GraphicsTests.commands(terminal.output).filter { $0.keys.hasPrefix(prefix) }.compactMap {
        $0.keys.split(separator: ",").first { $0.hasPrefix("i=") }
      })
  }

  @Test(
    "However the explorer ends, what it sent is taken from the terminal",
    arguments: [nil, SIGTERM, SIGHUP, SIGSEGV, SIGABRT] as [Int32?])
  func farewell(signal: Int32?) throws {
    let terminal = try Self.explorer(name: "kitty(0.41.1)")
    try terminal.wait(for: "\u{1b}_Ga=T,U=1,")
    try terminal.wait(for: "\u{10EEEE}")
    while terminal.takeOutput(waiting: 300) {}
    if let signal { terminal.signal(signal) } else { terminal.type("qy") }
    _ = try terminal.waitForEnd()
    let sent = Self.numbers(terminal, "a=T")
    #expect(!sent.isEmpty)
    let sequence = try #require(terminal.text.range(of: "\u{1b}[?1049l", options: .backwards))
    let before = terminal.text[..<sequence.lowerBound]
    for number in sent { #expect(before.contains("a=d,d=I,\(number),"), "\(number)") }
    #expect(terminal.areModesRestored)
  }

  @Test("A terminal with sixel gets bands, one with inline images files, any other one cells")
  func others() throws {
    for (name, attributes, sequence) in [
      ("XTerm(390)", "64;4;22", "\u{1b}P0;1q\"1;1;"), ("iTerm2 3.5.4", "64", "\u{1b}]1337;File=inline=1;"),
    ] {
      let terminal = try Self.explorer(name: name, attributes: attributes)
      try terminal.wait(for: sequence)
      terminal.type("qy")
      _ = try terminal.waitForEnd()
    }
    let plain = try Self.explorer(name: "VTE(7600)")
    try plain.wait(for: "Boundaryscope")
    while plain.takeOutput(waiting: 500) {}
    #expect(
      !plain.text.contains("\u{1b}_G") && !plain.text.contains("\u{1b}P0;1q")
        && !plain.text.contains("]1337;"))
    plain.type("qy")
    _ = try plain.waitForEnd()
  }

  @Test("None are sent where none are wanted, and nothing is asked")
  func none() throws {
    let terminal = try PseudoTerminal(
      ["explore", "--graphics", "none", "--background", "dark"], program: "boundaryscope",
      environment: ["COLORTERM": "truecolor"], answers: false)
    try terminal.wait(for: "Boundaryscope")
    while terminal.takeOutput(waiting: 300) {}
    #expect(!terminal.text.contains("\u{1b}[c") && !terminal.text.contains("\u{1b}_G"))
    terminal.type("qy")
    _ = try terminal.waitForEnd()
  }
}
