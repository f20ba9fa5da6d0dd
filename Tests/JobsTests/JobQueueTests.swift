import Dispatch
import Jobs
import Synchronization
import Tensors
import Testing

@Suite("Job queue")
struct JobQueueTests {
  private let mailbox = Mailbox<Int>()

  private func queue(lanes: Int = 2) -> JobQueue<Int> {
    JobQueue(lanes: lanes) { [mailbox] in mailbox.put($0) }
  }

  @Test("Jobs of a lane run one after the other, in the order of submission")
  func order() throws {
    let queue = queue()
    defer { queue.shutdown() }
    let gate = Gate()
    let trace = Mutex<[Int]>([])
    let ids = (0..<5).map { i in
      queue.submit(title: "job \(i)") { _ in
        if i == 0 { _ = gate.pass() }
        trace.withLock { $0.append(i) }
        return i
      }
    }
    gate.open()
    for (i, id) in ids.enumerated() { #expect(try mailbox.end(of: id) == .finished(i)) }
    #expect(trace.withLock { $0 } == [0, 1, 2, 3, 4])
    #expect(ids == ids.sorted())
  }

  @Test("A job is waiting, then running, then finished")
  func states() throws {
    let queue = queue()
    defer { queue.shutdown() }
    let id = queue.submit(title: "a title", priority: .interactive) { _ in 7 }
    try mailbox.end(of: id)
    let updates = mailbox.updates(of: id)
    #expect(
      updates.map(\.state) == [.waiting, .running(Progress(completed: 0, total: 0, phase: "")), .finished(7)])
    #expect(updates.allSatisfy { $0.title == "a title" && $0.priority == .interactive })
  }

  @Test("An interactive job overtakes a batch job that runs")
  func lanes() throws {
    let queue = queue()
    defer { queue.shutdown() }
    let gate = Gate()
    let batch = queue.submit(title: "batch", priority: .batch) { _ in gate.pass() ? 1 : 0 }
    let interactive = queue.submit(title: "interactive", priority: .interactive) { _ in
      gate.open()
      return 2
    }
    #expect(try mailbox.end(of: interactive) == .finished(2))
    #expect(try mailbox.end(of: batch) == .finished(1))
  }

  @Test("With one lane, interactive and batch jobs take turns")
  func oneLane() throws {
    let queue = queue(lanes: 1)
    defer { queue.shutdown() }
    let trace = Mutex<[Int]>([])
    for (i, priority) in [JobPriority.batch, .interactive, .batch].enumerated() {
      queue.submit(title: "\(i)", priority: priority) { _ in
        trace.withLock { $0.append(i) }
        return i
      }
    }
    try mailbox.end(of: JobID(3))
    #expect(trace.withLock { $0 } == [0, 1, 2])
  }

  @Test("A running job stops within 100 ms of being cancelled, and the next one begins")
  func cancellation() throws {
    let queue = queue()
    defer { queue.shutdown() }
    let begun = Gate()
    let id = queue.submit(title: "endless") { context in
      begun.open()
      var i = 0
      while true {
        i += 1
        try context.report(Progress(completed: i, total: 0, phase: "rounds"), partial: i)
      }
    }
    #expect(begun.pass())
    let clock = ContinuousClock()
    let start = clock.now
    queue.cancel(id)
    #expect(try mailbox.end(of: id) == .cancelled)
    #expect(clock.now - start < .milliseconds(100))
    #expect(try mailbox.end(of: queue.submit(title: "next") { _ in 1 }) == .finished(1))
  }

  @Test("An interruption within a computation ends the job as cancelled")
  func interruption() throws {
    let queue = queue()
    defer { queue.shutdown() }
    let begun = Gate()
    let id = queue.submit(title: "parallel") { context in
      begun.open()
      while true { _ = try parallel(over: 4, interruption: context.interruption) { $0 } }
    }
    #expect(begun.pass())
    queue.cancel(id)
    #expect(try mailbox.end(of: id) == .cancelled)
  }

  @Test("A waiting job that is cancelled never runs")
  func cancellationOfWaiting() throws {
    let queue = queue()
    defer { queue.shutdown() }
    let gate = Gate()
    let first = queue.submit(title: "first") { _ in gate.pass() ? 1 : 0 }
    let hasRun = Mutex(false)
    let second = queue.submit(title: "second") { _ in
      hasRun.withLock { $0 = true }
      return 2
    }
    queue.cancel(second)
    #expect(mailbox.updates(of: second).map(\.state) == [.waiting, .cancelled])
    gate.open()
    #expect(try mailbox.end(of: first) == .finished(1))
    #expect(try mailbox.end(of: queue.submit(title: "third") { _ in 3 }) == .finished(3))
    #expect(!hasRun.withLock { $0 })
  }

  @Test("An error becomes one sentence")
  func failure() throws {
    struct Refusal: Error, CustomStringConvertible { let description = "there is no image 7" }
    let queue = queue()
    defer { queue.shutdown() }
    let id = queue.submit(title: "failing") { _ in throw Refusal() }
    #expect(try mailbox.end(of: id) == .failed("there is no image 7"))
  }

  @Test("Shutting down cancels what runs and what waits, and refuses what comes later")
  func shutdown() throws {
    let queue = queue()
    let begun = Gate()
    let running = queue.submit(title: "running") { context in
      begun.open()
      while true { try context.interruption.check() }
    }
    let waiting = queue.submit(title: "waiting") { _ in 1 }
    #expect(begun.pass())
    queue.shutdown()
    #expect(try mailbox.end(of: running) == .cancelled)
    #expect(try mailbox.end(of: waiting) == .cancelled)
    let late = queue.submit(title: "late") { _ in 1 }
    #expect(mailbox.updates(of: late).map(\.state) == [.waiting, .cancelled])
    queue.shutdown()
  }

  @Test("Shutting down does not wait for a job that ignores its interruption")
  func stubborn() throws {
    let queue = queue()
    let (begun, gate) = (Gate(), Gate())
    let id = queue.submit(title: "stubborn") { _ in
      begun.open()
      return gate.pass() ? 1 : 0
    }
    #expect(begun.pass())
    queue.shutdown(patience: 0.01)
    #expect(!mailbox.updates(of: id).contains { $0.state.isFinal })
    gate.open()
    #expect(try mailbox.end(of: id) == .cancelled)
  }
}
