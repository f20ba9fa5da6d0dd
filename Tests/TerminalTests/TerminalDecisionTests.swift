import Drawing
import Terminal
import Testing

@Suite struct TerminalDecisionTests {
  struct Case: Sendable {
    let environment: [String: String]
    var colors: Int?
    var asked: Appearance.ColorLevel?
    let level: Appearance.ColorLevel
    let isEmbedded: Bool
  }

  static let cases = [
    Case(environment: ["TERM": "xterm-256color"], colors: 256, level: .indexed, isEmbedded: true),
    Case(environment: ["TERM": "xterm"], colors: 8, level: .ansi8, isEmbedded: true),
    Case(environment: ["TERM": "xterm"], colors: 8, asked: .direct, level: .direct, isEmbedded: true),
    Case(
      environment: ["TERM": "xterm", "NO_COLOR": "1"], colors: 8, asked: .indexed, level: .indexed,
      isEmbedded: true),
    Case(
      environment: ["TERM": "xterm-256color", "NO_COLOR": "1"], colors: 256, level: .none, isEmbedded: true),
    Case(
      environment: ["TERM": "xterm-256color", "NO_COLOR": ""], colors: 256, level: .indexed, isEmbedded: true),
    Case(
      environment: ["TERM": "xterm-256color", "COLORTERM": "truecolor"], colors: 256, level: .direct,
      isEmbedded: true),
    Case(
      environment: ["TERM": "xterm-256color", "COLORTERM": "yes"], colors: 256, level: .indexed,
      isEmbedded: true),
    Case(
      environment: ["TERM": "screen-256color", "COLORTERM": "24bit"], colors: 256, level: .indexed,
      isEmbedded: true),
    Case(
      environment: ["TERM": "screen-256color", "COLORTERM": "24bit", "TMUX": "/tmp/x"], colors: 256,
      level: .direct,
      isEmbedded: true),
    Case(
      environment: ["TERM": "screen-256color", "STY": "1.pts"], colors: 256, level: .indexed,
      isEmbedded: false),
    Case(environment: ["TERM": "linux"], colors: 8, level: .ansi8, isEmbedded: false),
    Case(environment: ["TERM": "linux"], colors: 8, asked: .indexed, level: .indexed, isEmbedded: true),
    Case(
      environment: ["TERM": "vt100", "COLORTERM": "truecolor"], colors: 0, level: .none, isEmbedded: false),
    Case(environment: ["TERM": "rxvt-16color"], colors: 16, level: .ansi16, isEmbedded: false),
    Case(environment: ["TERM": "xterm-direct"], level: .direct, isEmbedded: true),
    Case(environment: ["TERM": "xterm-ghostty"], level: .indexed, isEmbedded: true),
    Case(environment: ["TERM": "nonsense"], level: .ansi8, isEmbedded: true),
  ]

  @Test("The first rule that applies decides", arguments: cases)
  func level(of test: Case) throws {
    let facts = Capabilities(environment: test.environment, installedColors: test.colors)
    let decision = try TerminalDecision(facts, TerminalOptions(colors: test.asked))
    #expect(decision.appearance.colors == test.level)
    if case .embedded = decision.entry { #expect(test.isEmbedded) } else { #expect(!test.isEmbedded) }
    #expect(decision.reasons.allSatisfy { !$0.why.isEmpty && !$0.value.isEmpty })
  }

  @Test("Terminals that cannot place text are refused", arguments: [[:], ["TERM": ""], ["TERM": "dumb"]])
  func refused(environment: [String: String]) {
    #expect(throws: TerminalFailure.self) { try TerminalDecision(Capabilities(environment: environment)) }
  }

  @Test("ASCII without UTF-8, without known widths, or on demand")
  func glyphs() throws {
    let term = ["TERM": "xterm"]
    func glyphs(_ facts: Capabilities, _ asked: Appearance.GlyphSet? = nil) throws -> Appearance.GlyphSet {
      try TerminalDecision(facts, TerminalOptions(glyphs: asked)).appearance.glyphs
    }
    #expect(try glyphs(Capabilities(environment: term)) == .blocks)
    #expect(try glyphs(Capabilities(environment: term), .ascii) == .ascii)
    #expect(try glyphs(Capabilities(environment: term, codeset: "ANSI_X3.4-1968")) == .ascii)
    #expect(try glyphs(Capabilities(environment: term, codeset: "ANSI_X3.4-1968"), .blocks) == .blocks)
    #expect(try glyphs(Capabilities(environment: term, blocksAreNarrow: false), .blocks) == .ascii)
  }

  @Test(
    "Copied text goes to the terminal or to tmux, and not into nothing",
    arguments: [
      (["TERM": "xterm-256color"], Clipboard.terminal),
      (["TERM": "tmux-256color", "TMUX": "/tmp/x"], .tmux),
      (["TERM": "screen-256color", "STY": "1.x"], .screen), (["TERM": "vt100"], .unknown),
    ])
  func clipboard(environment: [String: String], expected: Clipboard) throws {
    let decision = try TerminalDecision(Capabilities(environment: environment, installedColors: 8))
    #expect(decision.clipboard == expected)
    #expect(decision.reasons.contains { $0.what == "copying (y)" })
  }

  @Test(
    "A network gives escape sequences more time, and ESCDELAY decides",
    arguments: [
      ([:], 25), (["SSH_TTY": "/dev/pts/1"], 50), (["ESCDELAY": "100"], 100), (["ESCDELAY": "never"], 25),
    ] as [([String: String], Int)])
  func escapeDelay(environment: [String: String], delay: Int) throws {
    let facts = Capabilities(environment: environment.merging(["TERM": "xterm"]) { $1 })
    #expect(try TerminalDecision(facts).escapeDelay == delay)
  }

  @Test(
    "COLORFGBG tells the background",
    arguments: [("15;0", Appearance.Background.dark), ("0;default;15", .light)])
  func background(value: String, background: Appearance.Background) throws {
    let facts = Capabilities(environment: ["TERM": "xterm", "COLORFGBG": value])
    #expect(try TerminalDecision(facts).appearance.background == background)
  }
}
