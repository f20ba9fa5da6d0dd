/// What the name of a terminal tells about it.
struct TerminalFamily {
  /// Alternate screen, SGR mouse reports, bracketed paste and the keys of xterm.
  let isXtermLike: Bool
  /// GNU screen itself, which drops 24-bit colours; tmux often has the same name but sets TMUX.
  let isScreen: Bool
  /// The name itself says how many colours at least.
  let promisedColors: Int

  private static let modern = [
    "xterm", "tmux", "screen", "alacritty", "foot", "contour", "wezterm", "kitty", "ghostty", "konsole",
    "vte",
    "gnome", "putty", "iterm", "mintty", "st", "rio", "ms-terminal",
  ]
  /// Named like xterm, but older than its alternate screen or without its colours.
  private static let old = ["xterm-r5", "xterm-r6", "xterm-old", "xterm-vt220", "xterm-vt52", "xterm-mono"]

  init(_ environment: [String: String]) {
    let name = environment["TERM"] ?? ""
    let first = name.split(whereSeparator: { $0 == "-" || $0 == "." }).first.map(String.init) ?? ""
    let usesScreen = (first == "screen" && environment["TMUX"] == nil) || environment["STY"] != nil
    isScreen = usesScreen
    isXtermLike = Self.modern.contains(first) && !Self.old.contains(name) && environment["STY"] == nil
    let isModern =
      Self.modern.contains(first) && !["xterm", "screen", "tmux", "putty", "gnome"].contains(first)
    let kittyOrGhostty = name == "xterm-kitty" || name == "xterm-ghostty"
    promisedColors = name.contains("256color") || isModern || kittyOrGhostty ? 256 : 8
  }
}
