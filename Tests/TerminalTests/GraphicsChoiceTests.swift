import Drawing
import Testing

@testable import Terminal

@Suite("How pictures are shown, and why")
struct GraphicsChoiceTests {
  struct Known: Sendable {
    let environment: [String: String]
    var asked: GraphicsProtocol?
    var graphics = GraphicsProtocol.none
    var asks = false
  }

  static let known = [
    Known(environment: ["TERM": "xterm-256color"], asks: true),
    Known(environment: ["TERM": "xterm-kitty"], asks: true),
    Known(environment: ["TERM": "foot"], asks: true),
    Known(environment: ["TERM": "xterm-ghostty"], graphics: .kitty),
    Known(environment: ["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"], graphics: .iterm),
    Known(environment: ["TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"], graphics: .iterm),
    Known(environment: ["TERM": "xterm-256color", "TERM_PROGRAM": "vscode"], asks: true),
    Known(environment: ["TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"]),
    Known(environment: ["TERM": "xterm-256color", "NO_COLOR": "1"]),
    Known(environment: ["TERM": "xterm-256color", "TMUX": "/tmp/x", "LC_TERMINAL": "iTerm2"]),
    Known(environment: ["TERM": "screen-256color"]),
    Known(environment: ["TERM": "tmux-256color"]),
    Known(environment: ["TERM": "linux"]),
    Known(environment: ["TERM": "xterm-256color"], asked: GraphicsProtocol.none),
    Known(environment: ["TERM": "xterm-256color", "TMUX": "/tmp/x"], asked: .kitty, graphics: .kitty),
  ]

  @Test("By the environment, without asking where that is enough", arguments: known)
  func environment(known: Known) throws {
    let facts = Capabilities(
      environment: known.environment, installedColors: known.environment["TERM"] == "linux" ? 8 : 256)
    let decision = try TerminalDecision(facts, TerminalOptions(graphics: known.asked))
    #expect(decision.graphics == known.graphics)
    #expect(decision.asksGraphics == known.asks)
    let reason = try #require(decision.reasons.first { $0.what == "pictures" })
    #expect(!reason.why.isEmpty)
  }

  static let answers: [(name: String?, attributes: [Int], GraphicsProtocol)] = [
    ("kitty(0.41.1)", [62], .kitty), ("kitty(0.28.0)", [62], .kitty), ("kitty(0.26.5)", [62], .none),
    ("ghostty 1.2.0", [62, 22], .kitty), ("iTerm2 3.5.4", [64, 4], .iterm),
    ("WezTerm 20240203", [65, 4], .iterm),
    ("XTerm(390)", [64, 1, 2, 4, 22], .sixel), ("foot(1.16.2)", [62, 4, 22], .sixel),
    ("XTerm(390)", [64, 1, 2, 22], .none), (nil, [62, 4], .sixel), (nil, [], .none),
    ("Konsole 22.12", [62, 1, 4], .sixel),
    ("VTE(7600)", [65, 1, 9], .none),
  ]

  @Test("By what the terminal answers", arguments: answers)
  func answer(name: String?, attributes: [Int], graphics: GraphicsProtocol) {
    var answers = TerminalAnswers()
    (answers.name, answers.attributes) = (name, attributes)
    #expect(answers.graphics.value == graphics)
  }

  @Test("The answers come in any pieces, and no key is lost among them", arguments: [1, 2, 3, 7, 100])
  func pieces(length: Int) {
    let text = "\u{1b}]11;rgb:0/0/0\u{7}\u{1b}P>|kitty(0.41.1)\u{1b}\\a\u{1b}[6;20;10tb\u{1b}[?62;4;22cc"
    var decoder = KeyDecoder()
    decoder.awaitAnswer()
    var keys = ""
    for byte in text.utf8 {
      if case .key(.character(let key)) = decoder.decode(Int32(byte)) { keys.append(key) }
    }
    #expect(keys == "abc")
    #expect(decoder.answers.name == "kitty(0.41.1)")
    #expect(decoder.answers.cell.map { [$0.width, $0.height] } == [10, 20])
    #expect(decoder.answers.attributes == [62, 4, 22])
    #expect(!decoder.isAwaiting)
  }

  @Test("An answer that is cut behind its escape byte is still none of the keys")
  func cutBehindEscape() {
    var decoder = KeyDecoder()
    decoder.awaitAnswer()
    #expect(decoder.decode(0x1b) == nil)
    #expect(decoder.finish() == .key(.escape))
    for byte in "P>|foot(1.16.2)\u{1b}\\".utf8 { #expect(decoder.decode(Int32(byte)) == nil) }
    #expect(decoder.answers.name == "foot(1.16.2)")
  }

  @Test("Where nothing is awaited Alt and P are a key")
  func alt() {
    var decoder = KeyDecoder()
    #expect(decoder.decode(0x1b) == nil)
    #expect(decoder.decode(Int32(UInt8(ascii: "P"))) == .key(.character("P")))
  }

  @Test("Sixel needs the size of a cell")
  func cell() throws {
    let decision = try TerminalDecision(
      Capabilities(environment: ["TERM": "xterm-256color"], installedColors: 256))
    var answers = TerminalAnswers()
    answers.attributes = [62, 4]
    #expect(PictureMode(decision, answers: answers, cell: nil).graphics == .none)
    answers.cell = (9, 18)
    let mode = PictureMode(decision, answers: answers, cell: nil)
    #expect(mode.graphics == .sixel)
    #expect(mode.pixels.map { [$0.width, $0.height, $0.enlargement] } == [9, 18, 1])
    #expect(PictureMode(decision, answers: nil, cell: nil).graphics == .none, "nothing was answered yet")
  }
}
