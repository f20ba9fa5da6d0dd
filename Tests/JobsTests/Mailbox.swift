import Dispatch
import Jobs
import Synchronization
import Testing

/// Collects the news of a queue, and waits for what a test expects, five seconds at most.
final class Mailbox<Output: Sendable>: Sendable {
  private let letters = Mutex<[JobUpdate<Output>]>([])
  private let arrival = DispatchSemaphore(value: 0)

  func put(_ update: JobUpdate<Output>) {
    letters.withLock { $0.append(update) }
    arrival.signal()
  }

  var updates: [JobUpdate<Output>] { letters.withLock { $0 } }

  func updates(of id: JobID) -> [JobUpdate<Output>] { updates.filter { $0.id == id } }

  /// The first news that is meant, once it is there.
  @discardableResult
  func wait(until isMeant: (JobUpdate<Output>) -> Bool) throws -> JobUpdate<Output> {
    let deadline = DispatchTime.now() + 5
    while true {
      if let found = updates.first(where: isMeant) { return found }
      try #require(arrival.wait(timeout: deadline) == .success, "nothing of the kind came within 5 seconds")
    }
  }

  @discardableResult
  func end(of id: JobID) throws -> JobState<Output> {
    try wait { $0.id == id && $0.state.isFinal }.state
  }
}

/// A gate that a test opens for a job, or a job for a test.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func open() { semaphore.signal() }

  /// Whether the gate was opened within five seconds.
  func pass() -> Bool { semaphore.wait(timeout: .now() + 5) == .success }
}
