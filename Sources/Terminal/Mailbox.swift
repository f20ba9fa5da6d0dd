internal import CTerminal
internal import Glibc
internal import Synchronization

/// Wakes the thread that waits in ``TerminalSession/inputs(waiting:)``; callable from any thread.
public final class Waker: Sendable {
  let descriptor: Int32

  public init() throws(TerminalFailure) {
    descriptor = wake_open()
    if descriptor < 0 {
      throw TerminalFailure("no file descriptor is left: close other files or raise the limit (ulimit -n)")
    }
  }

  deinit { close(descriptor) }

  /// Ends the present wait, or the next one at once; several calls in between wake once.
  public func wake() { wake_post(descriptor) }
}

/// Messages from workers to the thread of the interface, in the order in which they were posted.
public final class Mailbox<Message: Sendable>: Sendable {
  private let messages = Mutex<[Message]>([])
  private let waker: Waker?

  /// Without a waker nobody is told: for programs without a terminal.
  public init(waking waker: Waker? = nil) { self.waker = waker }

  /// Callable from any thread.
  public func post(_ message: Message) {
    messages.withLock { $0.append(message) }
    waker?.wake()
  }

  /// Takes all messages out.
  public func drain() -> [Message] {
    messages.withLock { kept in
      defer { kept = [] }
      return kept
    }
  }
}
