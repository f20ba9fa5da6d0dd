public import Drawing

/// How the terminal is going to be used, and why.
public struct TerminalDecision: Sendable {
  /// Which description of the terminal ncurses gets.
  public enum Entry: Hashable, Sendable {
    case installed(String)
    case embedded(EmbeddedTerminfo)
  }

  /// One decision as `doctor` prints it.
  public struct Reason: Hashable, Sendable {
    /// What was decided on, such as colours, glyphs or the mouse.
    public let what: String
    /// What came out, such as `256` or `dark`.
    public let value: String
    /// The fact it rests on, such as a variable of the environment.
    public let why: String
    /// How to have it otherwise.
    public let override: String
  }

  /// Colours, glyphs and background to begin with.
  public let appearance: Appearance
  /// An embedded entry for terminals like xterm, and where the installed one is missing or lacks colours.
  public let entry: Entry
  /// Mouse and paste reports are asked for; terminals not known to be like xterm are left alone.
  public let hasReports: Bool
  /// The terminal is asked for its background, and what it answers counts.
  public let asksBackground: Bool
  /// How pictures are shown, as far as nobody has to be asked.
  public let graphics: GraphicsProtocol
  /// The fact that ``graphics`` rests on.
  let graphicsReason: String
  /// The terminal is asked what it is, and pictures follow from what it answers.
  public let asksGraphics: Bool
  /// Pictures go through tmux.
  let wrapsGraphics: Bool
  /// What becomes of copied text.
  public let clipboard: Clipboard
  /// How long a lone escape byte waits for the rest of a key, in milliseconds.
  public let escapeDelay: Int
  /// Whether the number of colours was asked for, and stays on a slow link.
  public let isLevelAsked: Bool
  /// Every decision, in the order in which `doctor` prints them.
  public let reasons: [Reason]

  /// Decides from facts alone.
  ///
  /// Throws when `TERM` is empty or `dumb`: such a terminal cannot place text on its screen.
  public init(_ facts: Capabilities, _ options: TerminalOptions = TerminalOptions()) throws(TerminalFailure) {
    let term = facts.environment["TERM"] ?? ""
    if term.isEmpty || term == "dumb" { throw Self.refusal(term) }
    let colors = ColorChoice(facts, asked: options.colors)
    let glyphs = Self.glyphs(facts, asked: options.glyphs)
    let background = Self.background(facts, asked: options.background)
    let delay = Self.escapeDelay(facts)
    let family = TerminalFamily(facts.environment)
    let entry = Self.entry(facts, colors.level, family)
    let dots = Self.dots(facts, glyphs.value, asked: options.dots)
    var appearance = Appearance(
      colors: colors.level, glyphs: glyphs.value, background: background.value, dots: dots.value)
    appearance.isPresented = options.isPresented
    self.appearance = appearance
    self.entry = entry.value
    hasReports = family.isXtermLike || facts.installedColors == nil
    asksBackground = hasReports && options.background == nil
    let pictures = GraphicsChoice(
      facts, colors, isASCII: glyphs.value == .ascii, asked: options.graphics, hasReports: hasReports)
    (graphics, graphicsReason) = (pictures.graphics, pictures.why)
    (asksGraphics, wrapsGraphics) = (pictures.asks, pictures.isWrapped)
    clipboard = Clipboard(facts.environment, hasReports: hasReports)
    escapeDelay = delay.value
    isLevelAsked = options.colors != nil
    reasons = [
      Reason(what: "terminal", value: term, why: entry.why, override: "TERM"),
      Reason(
        what: "colours", value: colors.level.title, why: colors.why,
        override: "--colors 256, config colors, : colours while it runs"),
      Reason(
        what: "glyphs", value: glyphs.value == .blocks ? "blocks" : "ASCII", why: glyphs.why,
        override: "--ascii, config glyphs, : glyphs while it runs"),
      Reason(
        what: "curves", value: dots.value.rawValue, why: dots.why,
        override: "--curves quarters, config curves"),
      Reason(
        what: "pictures", value: pictures.asks ? "asked" : pictures.graphics.rawValue, why: pictures.why,
        override: "--graphics none, config graphics"),
      Reason(what: "locale", value: facts.codeset, why: facts.localeReason, override: "LC_ALL"),
      Reason(
        what: "background", value: background.value == .dark ? "dark" : "light",
        why: background.why
          + (asksBackground ? "; the explorer asks it (OSC 11)" : ""),
        override: "--background light, config theme, : background while it runs"),
      Self.mouseReason(hasReports: hasReports, isAsked: options.mouse), clipboard.reason,
      Reason(what: "escape delay", value: "\(delay.value) ms", why: delay.why, override: "ESCDELAY"),
    ]
  }

  private static func refusal(_ term: String) -> TerminalFailure {
    TerminalFailure(
      "the terminal cannot place text on its screen (\(term.isEmpty ? "TERM is not set" : "TERM=dumb")): "
        + "set TERM to its real type, such as TERM=xterm-256color, or use the commands that print, "
        + "which --help lists")
  }

  private static func mouseReason(hasReports: Bool, isAsked: Bool) -> Reason {
    hasReports
      ? Reason(
        what: "mouse", value: isAsked ? "on" : "off", why: "click, wheel and drag (1002 with 1006)",
        override: "--no-mouse, config mouse, m while it runs")
      : Reason(
        what: "mouse", value: "not requested", why: "the terminal is not known to be like xterm",
        override: "TERM=xterm-256color where it is")
  }

  private static func glyphs(
    _ facts: Capabilities, asked: Appearance.GlyphSet?
  ) -> (value: Appearance.GlyphSet, why: String) {
    if asked == .ascii { return (.ascii, "requested") }
    if !facts.blocksAreNarrow { return (.ascii, "the C library has no width for block elements") }
    if asked == .blocks { return (.blocks, "requested") }
    return facts.codeset == "UTF-8"
      ? (.blocks, "the locale is UTF-8") : (.ascii, "the locale is not UTF-8; LC_ALL=C.UTF-8 makes it so")
  }

  /// A font that a kernel draws with has a few hundred glyphs: neither Braille nor quarters of blocks.
  private static func dots(
    _ facts: Capabilities, _ glyphs: Appearance.GlyphSet, asked: Dots?
  ) -> (value: Dots, why: String) {
    if glyphs == .ascii { return (.points, "the glyphs are ASCII") }
    if let asked { return (asked, "requested") }
    let term = facts.environment["TERM"] ?? ""
    return term == "linux" || term.hasPrefix("vt")
      ? (.points, "the fonts of TERM=\(term) have no Braille") : (.braille, "nearly every font has Braille")
  }

  private static func background(
    _ facts: Capabilities, asked: Appearance.Background?
  ) -> (value: Appearance.Background, why: String) {
    if let asked { return (asked, "requested") }
    guard let value = facts.environment["COLORFGBG"], let last = value.split(separator: ";").last else {
      return (.dark, "the terminal does not say (COLORFGBG is not set)")
    }
    return (last == "7" || last == "15" ? .light : .dark, "COLORFGBG=\(value)")
  }

  /// 25 ms is below what a hand can do between two keys; a network splits sequences by more than that.
  private static func escapeDelay(_ facts: Capabilities) -> (value: Int, why: String) {
    if let text = facts.environment["ESCDELAY"], let value = Int(text), (0...30_000).contains(value) {
      return (value, "ESCDELAY")
    }
    let remote = facts.environment["SSH_CONNECTION"] != nil || facts.environment["SSH_TTY"] != nil
    return remote ? (50, "over ssh") : (25, "local")
  }

  private static func entry(
    _ facts: Capabilities, _ level: Appearance.ColorLevel, _ family: TerminalFamily
  ) -> (value: Entry, why: String) {
    let name = facts.environment["TERM"] ?? ""
    let embedded = EmbeddedTerminfo(level)
    guard let colors = facts.installedColors else {
      return (
        .embedded(embedded), "no terminfo entry of that name is installed, so an embedded one like xterm's"
      )
    }
    if family.isXtermLike { return (.embedded(embedded), "like xterm, so an embedded terminfo entry") }
    let enough = level == .direct ? facts.installedDirect : level.count <= colors
    return enough
      ? (.installed(name), "the installed terminfo entry")
      : (.embedded(embedded), "the installed terminfo entry has fewer colours, so an embedded one")
  }
}
