internal import CTerminal

/// A thread that computes beside the one that answers keys.
public enum WorkerThread {
  /// Lets the calling thread restore the terminal whatever befalls it, the overflow of its stack too, and gives way to
  /// the thread that answers keys.
  ///
  /// To be called before it computes; again costs nothing.
  public static func prepare() {
    CrashGuard.protectThread()
    background_thread()
  }
}
