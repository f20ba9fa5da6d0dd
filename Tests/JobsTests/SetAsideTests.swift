import Foundation
import Jobs
import Synchronization
import Tensors
import Testing

@Suite("Jobs that are set aside")
final class SetAsideTests: Sendable {
  private let mailbox = Mailbox<Int>()
  private let runs = Mutex<[Int: Int]>([:])
  private let alive = Mutex(0)

  private func queue() -> JobQueue<Int> { JobQueue { [mailbox] in mailbox.put($0) } }

  /// Begins `count` jobs, each more urgent than those before it, which stand still in the middle until `isOver`.
  private func pile(_ count: Int, on queue: JobQueue<Int>, until isOver: @escaping @Sendable () -> Bool)
    throws -> [JobID]
  {
    var ids: [JobID] = []
    for i in 0..<count {
      let begun = Gate()
      ids.append(
        queue.submit(title: "\(i)") { [self] context in
          runs.withLock { $0[i, default: 0] += 1 }
          alive.withLock { $0 += 1 }
          defer { alive.withLock { $0 -= 1 } }
          let progress = Progress(completed: i, total: count, phase: "rounds")
          while !isOver() {
            try context.report(progress, partial: i)
            begun.open()
          }
          return i
        })
      queue.arrange([[ids[i]]])
      #expect(begun.pass())
    }
    return ids
  }

  @Test("Of twenty jobs that have begun eight stay; the others wait, begin again, and all of them finish")
  func pile() throws {
    let queue = queue()
    defer { queue.shutdown() }
    let isOver = Mutex(false)
    let ids = try pile(20, on: queue) { isOver.withLock { $0 } }
    for _ in 0..<500 where alive.withLock({ $0 > 8 }) { usleep(10_000) }
    #expect(alive.withLock { $0 } == 8)
    let waiting = ids.filter { mailbox.updates(of: $0).last?.state == .waiting }
    #expect(waiting.count == 12)
    // What was found so far had been told.
    #expect(waiting.allSatisfy { id in mailbox.updates(of: id).contains { $0.partial != nil } })
    isOver.withLock { $0 = true }
    for (i, id) in ids.enumerated() { #expect(try mailbox.end(of: id) == .finished(i)) }
    let runs = runs.withLock { $0 }
    #expect(runs.values.filter { $0 == 2 }.count == 12 && runs.values.allSatisfy { $0 <= 2 })
  }

  @Test("A job that was set aside can be cancelled, while it ends and while it waits")
  func cancellation() throws {
    let queue = queue()
    defer { queue.shutdown() }
    let ids = try pile(12, on: queue) { false }
    for id in ids { queue.cancel(id) }
    for id in ids { #expect(try mailbox.end(of: id) == .cancelled) }
    #expect(try mailbox.end(of: queue.submit(title: "next") { _ in 1 }) == .finished(1))
    for _ in 0..<500 where alive.withLock({ $0 > 0 }) { usleep(10_000) }
    #expect(alive.withLock { $0 } == 0)
  }

  @Test("Whatever is arranged and cancelled, each job has one end, and nothing computes after it")
  func chance() throws {
    let queue = queue()
    defer { queue.shutdown() }
    var random = SeededGenerator(seed: 26)
    let isOver = Mutex(false)
    var (ids, cancelled) = ([JobID](), Set<JobID>())
    for i in 0..<60 {
      ids.append(
        queue.submit(title: "\(i)", priority: i % 3 == 0 ? .interactive : .batch) { [self] context in
          alive.withLock { $0 += 1 }
          defer { alive.withLock { $0 -= 1 } }
          while !isOver.withLock({ $0 }) {
            try context.report(Progress(completed: 0, total: 1, phase: "rounds"))
          }
          return i
        })
      queue.arrange((0..<3).map { _ in (0..<2).map { _ in ids[Int(random.next() % UInt64(ids.count))] } })
      if i % 4 == 0 {
        let id = ids[Int(random.next() % UInt64(ids.count))]
        cancelled.insert(id)
        queue.cancel(id)
      }
      usleep(3_000)
    }
    isOver.withLock { $0 = true }
    for (i, id) in ids.enumerated() {
      #expect(try mailbox.end(of: id) == (cancelled.contains(id) ? .cancelled : .finished(i)))
      #expect(mailbox.updates(of: id).filter(\.state.isFinal).count == 1)
    }
    #expect(alive.withLock { $0 } == 0)
  }
}
