import Drawing
import Foundation
import Testing

/// The question for the background, from the terminal's side.
@Suite(.serialized) struct BackgroundTests {
  private static let question = "\u{1b}]11;?\u{1b}\\\u{1b}[>q\u{1b}[16t\u{1b}[c"
  private static let light = "\u{1b}]11;rgb:ffff/ffff/ffff\u{1b}\\"
  private static let identity = "\u{1b}[?62;22c"

  @Test("Nobody waits for the answer, and it counts when it comes, late and in pieces too")
  func late() throws {
    let terminal = try PseudoTerminal(answers: false)
    try terminal.wait(for: "ready 24x80")
    #expect(terminal.text.contains(Self.question))
    terminal.type("x")
    try terminal.wait(for: "character(\"x\")")
    for piece in [Self.light.prefix(9), Self.light.dropFirst(9)] {
      terminal.type(String(piece))
      _ = terminal.takeOutput(waiting: 150)
    }
    try terminal.wait(for: "light")
    terminal.type(Self.identity + "q")
    #expect(try terminal.waitForEnd() == 0)
  }

  @Test("An answer that is on its way when the program ends reaches no shell")
  func leak() throws {
    let script = "\"$1\"; stty -icanon min 0 time 3; printf 'left:'; od -An -c"
    let terminal = try PseudoTerminal(script: script, answers: false)
    try terminal.wait(for: Self.question)
    try terminal.wait(for: "ready 24x80")
    terminal.type("q")
    _ = terminal.takeOutput(waiting: 60)
    terminal.type(Self.light + Self.identity)
    #expect(try terminal.waitForEnd() == 0)
    let rest = try #require(terminal.text.components(separatedBy: "left:").last)
    #expect(!rest.contains("r   g   b"), "\(rest)")
  }

  @Test("A terminal is not asked whose background was said, or that is not like xterm")
  func unasked() throws {
    let environments = [["TERM": "linux"], ["TERM": "vt220"]]
    for environment in environments {
      let terminal = try PseudoTerminal(environment: environment)
      try terminal.wait(for: "ready 24x80")
      #expect(!terminal.text.contains("]11;?"))
      terminal.type("q")
      #expect(try terminal.waitForEnd() == 0)
    }
    let told = try PseudoTerminal(["explore", "--background", "light"], program: "boundaryscope")
    try told.wait(for: "Boundaryscope")
    #expect(!told.text.contains("]11;?"))
    told.type("q")
    _ = told.takeOutput(waiting: 300)
  }
}
