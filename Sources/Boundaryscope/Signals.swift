internal import Dispatch
internal import Glibc
internal import Laboratory
internal import Tensors

/// Turns Ctrl-C into an interruption, so that a command saves what it has before it ends with status 130.
enum Signals {
  /// The interruption of this process, set up at the first use; a second Ctrl-C ends it at once.
  static let interruption: Interruption = {
    let interruption = Interruption()
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(
      signal: SIGINT, queue: DispatchQueue(label: "boundaryscope.signals"))
    source.setEventHandler {
      if interruption.isInterrupted { _exit(ExitStatus.interrupted.rawValue) }
      interruption.interrupt()
    }
    source.resume()
    // A source that nobody holds is cancelled; this one lives as long as the process.
    _ = Unmanaged.passRetained(source as AnyObject)
    return interruption
  }()
}
