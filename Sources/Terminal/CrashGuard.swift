internal import CTerminal

/// Restores the terminal on every way out of the process except SIGKILL, after which `reset` helps.
///
/// ``TerminalSession`` switches it on and off.
public enum CrashGuard {
  /// Gives the calling thread its own stack for signal handlers.
  ///
  /// Without it, the overflow of a worker's stack ends the process before the terminal can be restored; traps are
  /// caught on every thread anyhow. Cost: 64 kB until the thread ends.
  public static func protectThread() {
    // Out of memory for 64 kB, the thread works unprotected.
    _ = crash_guard_protect_thread()
  }
}
