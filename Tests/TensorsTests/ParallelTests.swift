import Glibc
import Synchronization
import Tensors
import Testing

@Suite("Threads that compute")
struct ParallelTests {
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
}
