internal import CTerminal

/// What people read when a fault of the program ends it.
public enum FaultReport {
  /// From now on a crash prints one sentence on standard error and ends the process with status 70.
  ///
  /// `SWIFT_BACKTRACE` brings the Swift runtime's report back. A ``TerminalSession`` has its own way of ending.
  public static func begin() {
    standard_streams_begin()
    crash_guard_begin_without_screen()
  }
}
