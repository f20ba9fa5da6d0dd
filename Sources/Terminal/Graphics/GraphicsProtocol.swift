internal import Drawing

/// How a terminal takes pictures.
public enum GraphicsProtocol: String, Hashable, Sendable, CaseIterable {
  /// kitty's graphics protocol: pictures are sent once and shown by placeholders, which are characters.
  case kitty
  /// Inline images as iTerm2 has them: PNG files that are scaled to cells.
  case iterm
  /// Pixels in bands of six, at the size of the terminal's own cells.
  case sixel
  /// Cells alone.
  case none
}

/// Whether the terminal shows pictures, by the first rule that applies: what was asked for, colours and glyphs, a
/// multiplexer, what the environment says; else the terminal is asked what it is.
struct GraphicsChoice {
  let graphics: GraphicsProtocol
  let why: String
  /// What the terminal answers decides.
  let asks: Bool
  /// tmux hands the sequences through.
  let isWrapped: Bool

  init(
    _ facts: Capabilities, _ appearance: ColorChoice, isASCII: Bool, asked: GraphicsProtocol?,
    hasReports: Bool
  ) {
    isWrapped = facts.environment["TMUX"] != nil
    if let asked {
      (graphics, why, asks) = (
        asked, "requested" + (isWrapped && asked == .kitty ? ", through tmux" : ""), false
      )
      return
    }
    let found = Self.known(facts, appearance, isASCII: isASCII)
    graphics = found?.0 ?? .none
    asks = found == nil && hasReports
    why =
      found?.1
      ?? (hasReports ? "the explorer asks what it is (XTVERSION, DA1)" : "the terminal is not like xterm")
  }

  private static func known(
    _ facts: Capabilities, _ colors: ColorChoice, isASCII: Bool
  ) -> (GraphicsProtocol, String)? {
    let environment = facts.environment
    if isASCII { return (.none, "the glyphs are ASCII") }
    if colors.level < .indexed { return (.none, "fewer than 256 colours") }
    let term = environment["TERM"] ?? ""
    if environment["TMUX"] != nil {
      return (.none, "in tmux only on request: --graphics kitty, with allow-passthrough on")
    }
    if term.hasPrefix("screen") || term.hasPrefix("tmux") || environment["STY"] != nil {
      return (.none, "TERM=\(term) passes no pictures on")
    }
    if term == "xterm-ghostty" { return (.kitty, "TERM=\(term)") }
    if environment["LC_TERMINAL"] == "iTerm2" { return (.iterm, "LC_TERMINAL=iTerm2") }
    switch environment["TERM_PROGRAM"] {
    case "ghostty": return (.kitty, "TERM_PROGRAM=ghostty")
    case "iTerm.app": return (.iterm, "TERM_PROGRAM=iTerm.app")
    case "WezTerm": return (.iterm, "TERM_PROGRAM=WezTerm")
    case "Apple_Terminal": return (.none, "TERM_PROGRAM=Apple_Terminal")
    default: return nil
    }
  }
}

/// What a terminal has said of itself.
public struct TerminalAnswers: Hashable, Sendable {
  /// Name and version as XTVERSION has them, such as `kitty(0.41.1)`; nil of a terminal that does not say.
  public internal(set) var name: String?
  /// The numbers of DA1; 4 stands for sixel.
  public internal(set) var attributes: [Int] = []
  /// Pixels of a cell.
  public internal(set) var cell: (width: Int, height: Int)? {
    get { cellWidth > 0 && cellHeight > 0 ? (cellWidth, cellHeight) : nil }
    set { (cellWidth, cellHeight) = newValue ?? (0, 0) }
  }
  private var cellWidth = 0
  private var cellHeight = 0

  /// How a terminal with these answers takes pictures, and why.
  var graphics: (value: GraphicsProtocol, why: String) {
    let name = self.name ?? ""
    if name.hasPrefix("kitty") {
      // Before, there were no placeholders.
      return Self.version(name) >= (0, 28)
        ? (.kitty, name) : (.none, "\(name) has no placeholders; 0.28 has them")
    }
    if name.hasPrefix("ghostty") { return (.kitty, name) }
    if name.hasPrefix("iTerm2") || name.hasPrefix("WezTerm") { return (.iterm, name) }
    if attributes.contains(4) { return (.sixel, name.isEmpty ? "DA1 says so" : "\(name): DA1 says so") }
    return (.none, name.isEmpty ? "it names no way to show them" : "\(name) names no way to show them")
  }

  /// The first two numbers of a name such as `kitty(0.41.1)`.
  private static func version(_ name: String) -> (Int, Int) {
    let numbers = name.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
    return (numbers.first ?? 0, numbers.dropFirst().first ?? 0)
  }
}
