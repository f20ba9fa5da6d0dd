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
}
