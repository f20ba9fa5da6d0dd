internal import CNcurses
internal import Glibc

/// What is known of the terminal and its environment without asking it anything: a query may go unanswered, and its
/// late answer would be taken for keys.
public struct Capabilities: Hashable, Sendable {
  /// The variables that ``consulted`` names, where they are set.
  public var environment: [String: String]
  /// Colours of the installed terminfo entry for `TERM`; nil when there is none.
  public var installedColors: Int?
  /// Whether that entry has 24-bit colours.
  public var installedDirect: Bool
  /// The character set of the locale that is in effect.
  public var codeset: String
  /// Why that locale is in effect.
  public var localeReason: String
  /// Whether the C library gives block elements a width of one column.
  public var blocksAreNarrow: Bool

  public init(
    environment: [String: String], installedColors: Int? = nil, installedDirect: Bool = false,
    codeset: String = "UTF-8", localeReason: String = "given", blocksAreNarrow: Bool = true
  ) {
    self.environment = environment
    self.installedColors = installedColors
    self.installedDirect = installedDirect
    self.codeset = codeset
    self.localeReason = localeReason
    self.blocksAreNarrow = blocksAreNarrow
  }

  /// The environment variables that decide something.
  public static let consulted = [
    "TERM", "COLORTERM", "NO_COLOR", "COLORFGBG", "TMUX", "STY", "SSH_CONNECTION", "SSH_TTY", "ESCDELAY",
    "LC_ALL", "LC_CTYPE", "LANG",
  ]

  /// The facts of this process.
  ///
  /// Sets the process's locale as a side effect: ncurses and the widths of glyphs
  /// depend on it; numbers keep their decimal point.
  public static func current() -> Capabilities {
    var environment: [String: String] = [:]
    for name in consulted {
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    let reason = adoptLocale(environment)
    var facts = Capabilities(
      environment: environment, codeset: String(cString: nl_langinfo(nl_item(CODESET))), localeReason: reason,
      blocksAreNarrow: "▀▄█░▒▓▌▐▁".unicodeScalars.allSatisfy { curses_width($0.value) == 1 })
    if let term = environment["TERM"], !term.isEmpty {
      var direct: Int32 = 0
      let colors = curses_colors_of(term, STDERR_FILENO, &direct)
      facts.installedColors = colors < 0 ? nil : Int(colors)
      facts.installedDirect = direct != 0
    }
    return facts
  }

  /// The locale of the environment, else C.UTF-8: a remote host often lacks the one that ssh passes on, and
  /// containers set none.
  private static func adoptLocale(_ environment: [String: String]) -> String {
    let named = ["LC_ALL", "LC_CTYPE", "LANG"].first { !(environment[$0] ?? "").isEmpty }
    let accepted = setlocale(LC_ALL, "") != nil
    setlocale(LC_NUMERIC, "C")
    if let named, accepted { return "\(named)=\(environment[named] ?? "")" }
    let problem =
      named.map { "the locale \($0)=\(environment[$0] ?? "") is not installed" } ?? "no locale is set"
    return useUTF8() ? "\(problem), so C.UTF-8" : problem
  }

  /// Switches to UTF-8 whatever the environment says; false when the C library has no such locale.
  static func useUTF8() -> Bool {
    setlocale(LC_CTYPE, "C.UTF-8") != nil || setlocale(LC_CTYPE, "C.utf8") != nil
  }
}
