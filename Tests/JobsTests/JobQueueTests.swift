import Dispatch
import Foundation
import Jobs
import Synchronization
import Tensors
import Testing

@Suite("Job queue")
struct JobQueueTests {
  private let mailbox = Mailbox<Int>()

  private func queue() -> JobQueue<Int> { JobQueue { [mailbox] in mailbox.put($0) } }

  @Test("Jobs that are equally urgent run one after the other, in the order of submission")
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
  func overtaking() throws {
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

  @Test("A job that is less urgent pauses between two steps, and goes on where it was")
  func pause() throws {
    let queue = queue()
    defer { queue.shutdown() }
    let (begun, gate) = (Gate(), Gate())
    let isOver = Mutex(false)
    let steps = Mutex<[Bool]>([])
    let long = queue.submit(title: "scan") { context in
      begun.open()
      for i in 0..<40 {
        try context.report(Progress(completed: i, total: 40, phase: "steps"))
        let late = isOver.withLock { $0 }
        steps.withLock { $0.append(late) }
        if i == 3 { _ = gate.pass() }
      }
      return 40
    }
    #expect(begun.pass())
    let urgent = queue.submit(title: "section", priority: .interactive) { _ in
      gate.open()
      usleep(50_000)
      isOver.withLock { $0 = true }
      return 1
    }
    #expect(try mailbox.end(of: long) == .finished(40))
    #expect(try mailbox.end(of: urgent) == .finished(1))
    // At most the steps up to the gate ran beside the urgent job.
    #expect(steps.withLock { $0.firstIndex(of: true) } ?? 99 <= 5)
    let paused = mailbox.updates(of: long).filter(\.isPaused)
    #expect(paused.count == 1)
    #expect(mailbox.updates(of: long).last { !$0.state.isFinal }?.isPaused == false)
  }

  @Test("An arrangement decides, also over what is under way; jobs of one group take turns")
  func arrangement() throws {
    let queue = queue()
    defer { queue.shutdown() }
    let (begun, gate) = (Gate(), Gate())
    let trace = Mutex<[Int]>([])
    func work(_ i: Int, steps: Int) -> JobQueue<Int>.Work {
      { context in
        for step in 0..<steps {
          try context.report(Progress(completed: step, total: steps, phase: "steps"))
          trace.withLock { if $0.last != i { $0.append(i) } }
          if i == 0, step == 0 {
            begun.open()
            _ = gate.pass()
          }
          usleep(20_000)
        }
        return i
      }
    }
    let ids = (0..<4).map { i in queue.submit(title: "\(i)", work: work(i, steps: i == 0 ? 3 : 30)) }
    #expect(begun.pass())
    queue.arrange([[ids[2], ids[3]], [ids[1]]])
    gate.open()
    for (i, id) in ids.enumerated() { #expect(try mailbox.end(of: id) == .finished(i)) }
    let turns = trace.withLock { $0 }
    #expect(turns.first == 0 && turns.last == 0)
    let first = try #require(turns.firstIndex(of: 1))
    #expect(turns[..<first].filter { $0 == 2 }.count > 1 && turns[..<first].filter { $0 == 3 }.count > 1)
    #expect(!turns[first...].contains(2) && !turns[first...].contains(3))
  }

  @Test("A paused job can be cancelled")
  func cancellationOfPaused() throws {
    let queue = queue()
    defer { queue.shutdown() }
    let (begun, gate) = (Gate(), Gate())
    let long = queue.submit(title: "long") { context in
      begun.open()
      while true { try context.report(Progress(completed: 0, total: 0, phase: "rounds")) }
    }
    #expect(begun.pass())
    let urgent = queue.submit(title: "urgent", priority: .interactive) { _ in gate.pass() ? 1 : 0 }
    try mailbox.wait { $0.id == long && $0.isPaused }
    queue.cancel(long)
    #expect(try mailbox.end(of: long) == .cancelled)
    gate.open()
    #expect(try mailbox.end(of: urgent) == .finished(1))
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
