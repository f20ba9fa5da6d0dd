internal import CTerminal

/// A thread that computes beside the one that answers keys.
public enum WorkerThread {
  /// Lets the calling thread give way to the thread that answers keys.
  ///
  /// To be called before it computes; again costs nothing.
  public static func prepare() {
    background_thread()
  }
}
