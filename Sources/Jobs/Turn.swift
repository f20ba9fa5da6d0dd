internal import Dispatch
internal import Glibc
internal import Synchronization
internal import Tensors

/// Whether a job may compute now, and the place where it waits until it may.
///
/// A job looks here between its steps, on its own thread: those that help it with a step finish their part.
final class Turn: Sendable {
  /// Seconds after which a job lets another one of its group go on: a few pictures a second of each.
  static let length = 0.25

  private let isHeld = Atomic<Bool>(false)
  private let end = Atomic<UInt64>(0)
  private let thread = Atomic<UInt>(0)
  private let wake = DispatchSemaphore(value: 0)

  /// Called by the job's thread before it computes.
  func begin() { thread.store(UInt(pthread_self()), ordering: .relaxed) }

  var isOwnThread: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

  func give(until time: Double) {
    end.store(time.bitPattern, ordering: .relaxed)
    isHeld.store(true, ordering: .releasing)
    wake.signal()
  }

  func take() { isHeld.store(false, ordering: .releasing) }

  var holds: Bool { isHeld.load(ordering: .acquiring) }

  func isOver(at now: Double) -> Bool { now >= Double(bitPattern: end.load(ordering: .relaxed)) }

  /// Returns once the turn is given, or the job is asked to stop.
  func wait(unless interruption: Interruption) {
    while !holds, !interruption.isInterrupted { wake.wait() }
  }

  /// Lets a job that waits see that it is asked to stop.
  func rouse() { wake.signal() }
}
