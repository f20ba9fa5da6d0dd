internal import Dispatch
internal import Synchronization
internal import Tensors

/// Gives memory back that ended jobs have left free: a while after the last of them, and not more often than pays.
final class FreedMemory: Sendable {
  /// Seconds from the end of a job: what follows it takes the same blocks again.
  private static let pause = 5.0

  private let queue = DispatchQueue(label: "boundaryscope.memory", qos: .utility)
  private let isDue = Mutex(false)

  /// A job is over; returns at once.
  func jobEnded() {
    let isFirst = isDue.withLock { isDue in
      defer { isDue = true }
      return !isDue
    }
    guard isFirst else { return }
    queue.asyncAfter(deadline: .now() + Self.pause) { [self] in
      isDue.withLock { $0 = false }
      giveBackFreedMemory()
    }
  }
}
