import Synchronization
import Testing

@testable import Jobs

@Suite("News of a job")
struct JobChannelTests {
  /// A clock that stands until it is moved.
  private final class Clock: Sendable {
    let time = Mutex(100.0)
    func move(_ seconds: Double) { time.withLock { $0 += seconds } }
  }

  private let clock = Clock()
  private let mailbox = Mailbox<Int>()

  private func channel() -> JobChannel<Int> {
    JobChannel(
      id: JobID(1), title: "", priority: .batch, clock: { [clock] in clock.time.withLock { $0 } },
      deliver: { [mailbox] in mailbox.put($0) })
  }

  private var completed: [Int] {
    mailbox.updates.compactMap {
      if case .running(let progress) = $0.state { progress.completed } else { nil }
    }
  }

  @Test("At most 20 reports a second go out, whatever a job says")
  func throttling() {
    let channel = channel()
    channel.start()
    for i in 1...1000 {
      clock.move(0.001)
      channel.report(Progress(completed: i, total: 1000, phase: "steps"), i)
    }
    // The start of the job itself does not count.
    #expect(completed.dropFirst().count <= 20)
    #expect(completed.count >= 15)
    #expect(completed == completed.sorted())
  }

  @Test("The last report goes out before the end, with its partial outcome")
  func lastReport() {
    let channel = channel()
    channel.start()
    for i in 1...3 { channel.report(Progress(completed: i, total: 3, phase: "steps"), i == 2 ? 20 : nil) }
    channel.close(.finished(9))
    #expect(completed == [0, 1, 3])
    #expect(mailbox.updates.map(\.partial) == [nil, nil, 20, nil])
    #expect(mailbox.updates.last?.state == .finished(9))
  }

  @Test("A report that was withheld follows by itself")
  func withheld() throws {
    let channel = channel()
    channel.start()
    channel.report(Progress(completed: 1, total: 3, phase: "steps"), nil)
    channel.report(Progress(completed: 2, total: 3, phase: "steps"), nil)
    #expect(completed == [0, 1])
    clock.move(0.06)
    try mailbox.wait { if case .running(let progress) = $0.state { progress.completed == 2 } else { false } }
  }

  @Test("Nothing is heard of a job after its end")
  func closed() {
    let channel = channel()
    channel.start()
    channel.close(.cancelled)
    channel.report(Progress(completed: 1, total: 1, phase: "steps"), nil)
    channel.close(.finished(1))
    #expect(mailbox.updates.count == 2)
  }

  @Test("Reports carry the time passed and the time to go")
  func times() throws {
    let channel = channel()
    channel.start()
    for i in 0...10 {
      channel.report(Progress(completed: i, total: 100, phase: "steps"), nil)
      clock.move(0.5)
    }
    guard case .running(let progress) = try #require(mailbox.updates.last).state else { return }
    #expect(abs(progress.elapsed - 5) < 1e-9)
    #expect(abs(try #require(progress.remaining) - 45) < 1e-6)
    #expect(progress.fraction == 0.1)
  }
}
