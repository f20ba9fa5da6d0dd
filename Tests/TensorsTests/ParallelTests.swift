import Glibc
import Synchronization
import Testing

@testable import Tensors

@Suite("Threads that compute", .serialized)
struct ParallelTests {
  @Test("What prepares a thread stays as shallow however often it runs")
  func preparationsDoNotPileUp() {
    let depths = Mutex<[UInt]>([])
    let own = UInt(pthread_self())
    Threads.prepare {
      guard UInt(pthread_self()) == own else { return }
      var here = 0
      withUnsafePointer(to: &here) { place in depths.withLock { $0.append(UInt(bitPattern: place)) } }
    }
    defer { Threads.prepare {} }
    for _ in 0..<500 { Threads.prepareThis() }
    let found = depths.withLock { $0 }
    #expect(found.count >= 500)
    #expect(Set(found.suffix(400)).count == 1)
  }

  @Test("Each thread is prepared before it computes anything")
  func preparation() throws {
    let prepared = Mutex<Set<UInt>>([])
    Threads.prepare { prepared.withLock { _ = $0.insert(UInt(pthread_self())) } }
    defer { Threads.prepare {} }
    let areReady = try parallel(over: 200) { _ in
      prepared.withLock { $0.contains(UInt(pthread_self())) }
    }
    #expect(areReady.allSatisfy { $0 })
  }

  @Test("Pieces within pieces, from several threads at once, are all done, once each")
  func nested() async throws {
    await withTaskGroup(of: [[Int]].self) { group in
      for _ in 0..<6 {
        group.addTask {
          (try? parallel(over: 20) { i in
            try parallel(over: 30) { j in i * 30 + j }
          }) ?? []
        }
      }
      for await found in group { #expect(found.flatMap { $0 } == Array(0..<600)) }
    }
  }

  @Test("Parts of an operation after a pause longer than a thread looks out")
  func pauses() {
    for pause in [0, 50, 1_000, 20_000] {
      let sums = Mutex([Int](repeating: 0, count: 64))
      for _ in 0..<20 {
        usleep(UInt32(pause))
        together(over: 64, work: 1 << 30) { i in sums.withLock { $0[i] += 1 } }
      }
      #expect(sums.withLock { $0 } == [Int](repeating: 20, count: 64))
    }
  }

  @Test("A piece has its share of the threads, and more once others are done")
  func shares() throws {
    Threads.use(6)
    defer { Threads.use(0) }
    let begun = Atomic<Int>(0)
    let shares = try parallel(over: 3) { i in
      begun.add(1, ordering: .relaxed)
      let allBegan = isTrueSoon { begun.load(ordering: .relaxed) == 3 }
      let first = Threads.spare
      guard i == 2 else { return [first] }
      let grew = isTrueSoon { Threads.spare == 6 }
      return [first, allBegan && grew ? Threads.spare : 0]
    }
    #expect(shares.dropLast().allSatisfy { (1...3).contains($0[0]) })
    #expect(shares[2][1] == 6)
    #expect(Threads.spare == 6)
    #expect([0, 1, 6, 7, 13].map(Threads.share) == [1, 1, 1, 2, 3])
  }

  @Test("Parts that are divided again are all done, whoever is free")
  func unequalParts() {
    Threads.use(5)
    defer { Threads.use(0) }
    let sums = Mutex([Int](repeating: 0, count: 7))
    together(over: 7, work: 1 << 30) { i in
      together(over: 40 * (i + 1), work: 1 << 30) { _ in sums.withLock { $0[i] += 1 } }
    }
    #expect(sums.withLock { $0 } == (1...7).map { 40 * $0 })
  }

  /// Waits up to five seconds.
  private func isTrueSoon(_ isTrue: () -> Bool) -> Bool {
    for _ in 0..<5_000 {
      if isTrue() { return true }
      usleep(1_000)
    }
    return false
  }
}
