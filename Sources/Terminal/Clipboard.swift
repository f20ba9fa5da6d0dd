/// Whether text can reach the clipboard of the machine in front of the person (OSC 52), by what stands between.
public enum Clipboard: Hashable, Sendable {
  /// The terminal takes it, or drops it: nothing tells.
  case terminal
  /// tmux passes it on where it is told to.
  case tmux
  /// GNU screen passes nothing on.
  case screen
  case unknown

  /// More bytes of text than this are dropped by xterm, whose sequences end at 100,000 characters in base 64.
  public static let limit = 74_000

  init(_ environment: [String: String], hasReports: Bool) {
    self =
      environment["STY"] != nil
      ? .screen : !hasReports ? .unknown : environment["TMUX"] != nil ? .tmux : .terminal
  }

  /// Whether text is sent at all; nothing confirms that it arrives.
  public var isReached: Bool { self == .terminal || self == .tmux }

  /// What to say once text was handed over, or was not.
  public var remark: String {
    switch self {
    case .terminal: "Copied to the clipboard, if the terminal allows it (OSC 52)."
    case .tmux: "Handed to tmux, which copies it if its set-clipboard is on (OSC 52)."
    case .screen: "Not copied: GNU screen passes nothing to the clipboard. m frees the mouse to select."
    case .unknown: "Not copied: this terminal has no known clipboard. e writes a file."
    }
  }

  var reason: TerminalDecision.Reason {
    let (value, why, override) =
      switch self {
      case .terminal:
        (
          "sent to the terminal", "OSC 52, without confirmation",
          "xterm: disallowedWindowOps without SetSelection; iTerm2, kitty, WezTerm, Ghostty: their clipboard setting"
        )
      case .tmux:
        (
          "sent to tmux", "OSC 52; tmux passes it on only with set-clipboard on, which is not its default",
          "tmux set -s set-clipboard on"
        )
      case .screen: ("not possible", "GNU screen drops OSC 52", "m, and the terminal's own selection")
      case .unknown: ("not possible", "the terminal is not known to be like xterm", "e writes files")
      }
    return TerminalDecision.Reason(what: "copying (y)", value: value, why: why, override: override)
  }
}
