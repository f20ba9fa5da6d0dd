internal import Drawing

/// The number of colours, by the first rule that applies: what was asked for, NO_COLOR, a terminfo entry without
/// colours, COLORTERM, a name that ends in -direct, the terminfo entry, the name.
struct ColorChoice {
  let level: Appearance.ColorLevel
  let why: String

  init(_ facts: Capabilities, asked: Appearance.ColorLevel?) {
    (level, why) = Self.decide(facts, asked: asked)
  }

  private static func decide(
    _ facts: Capabilities, asked: Appearance.ColorLevel?
  ) -> (Appearance.ColorLevel, String) {
    let environment = facts.environment
    let term = environment["TERM"] ?? ""
    let family = TerminalFamily(environment)
    if let asked { return (asked, "requested") }
    if let value = environment["NO_COLOR"], !value.isEmpty { return (.none, "NO_COLOR is set") }
    if let colors = facts.installedColors, colors < 8 {
      return (.none, "terminfo lists no colours for \(term)")
    }
    if let value = environment["COLORTERM"], value == "truecolor" || value == "24bit" {
      if !family.isScreen { return (.direct, "COLORTERM=\(value)") }
    }
    if term.hasSuffix("-direct") || facts.installedDirect { return (.direct, "TERM=\(term)") }
    guard let colors = facts.installedColors else {
      return (level(family.promisedColors), "unknown terminal, judged by its name")
    }
    let remedy = colors < 256 ? "; --colors 256 or true if it has more" : ""
    return (level(colors), "terminfo: \(colors) colours\(remedy)")
  }

  private static func level(_ colors: Int) -> Appearance.ColorLevel {
    colors >= 256 ? .indexed : colors >= 16 ? .ansi16 : colors >= 8 ? .ansi8 : .none
  }
}

extension Appearance.ColorLevel {
  /// How many colours a terminal needs for this level.
  var count: Int {
    switch self {
    case .none: 0
    case .ansi8: 8
    case .ansi16: 16
    case .indexed: 256
    case .direct: 1 << 24
    }
  }

  var title: String {
    switch self {
    case .none: "none"
    case .direct: "24 bit"
    default: String(count)
    }
  }
}
