internal import CTerminal

/// Mouse reports (clicks, wheel, drags, with coordinates of any size) and brackets around pastes.
enum Reports {
  static let onWithMouse: StaticString = "\u{1b}[?1002h\u{1b}[?1006h\u{1b}[?2004h"
  static let onWithoutMouse: StaticString = "\u{1b}[?1006l\u{1b}[?1002l\u{1b}[?2004h"
  static let off: StaticString = "\u{1b}[?1006l\u{1b}[?1002l\u{1b}[?2004l"

  /// Off while the process is stopped, and on again as before.
  static func useOnSuspension(mouse: Bool) {
    crash_guard_set_modes(text(mouse ? onWithMouse : onWithoutMouse), text(off))
  }

  private static func text(_ string: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(string.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
