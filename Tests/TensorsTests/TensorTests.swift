import Tensors
import TestSupport
import Testing

@Suite struct TensorTests {
  @Test("Entries, ranges and gathers of a batch are its rows")
  func batches() {
    let x = Tensor(shape: [3, 2], elements: [1, 2, 3, 4, 5, 6])
    #expect(x.entry(1).elements == [3, 4])
    #expect(x[1..<3].elements == [3, 4, 5, 6])
    #expect(x.gathering([2, 0]).elements == [5, 6, 1, 2])
    #expect(Tensor(concatenating: [x.entry(0), x[1..<3]]) == x)
  }

  @Test("Inner products accumulate in double precision")
  func precision() {
    let ones = [Float](repeating: 1, count: 1000)
    #expect(dot(ones + [1e8], ones + [1]) == 100_001_000)
    #expect(norm([3, 4]) == 5)
  }

  @Test("Equal seeds give equal numbers, other seeds and streams others")
  func seeds() {
    var (a, b) = (SeededGenerator(seed: 1), SeededGenerator(seed: 1))
    var c = SeededGenerator(seed: 1, stream: 1)
    let first = a.gaussianVector(8)
    #expect(first == b.gaussianVector(8) && first != c.gaussianVector(8))
    #expect(abs(norm(a.unitVector(50)) - 1) < 1e-6)
    #expect(a.permutation(9).sorted() == Array(0..<9))
  }

  @Test("Neighbouring seeds and streams share no numbers, shifted or not")
  func distinctSequences() {
    var seen: Set<UInt64> = []
    for seed in 0..<8 as Range<UInt64> {
      for stream in 0..<4 as Range<UInt64> {
        var generator = SeededGenerator(seed: seed, stream: stream)
        for _ in 0..<1000 { seen.insert(generator.next()) }
      }
    }
    #expect(seen.count == 8 * 4 * 1000)
  }

  @Test("Pieces of parallel work come back in order, whatever the number of threads", arguments: [1, 2, 5])
  func parallelOrder(threads: Int) throws {
    Threads.use(threads)
    defer { Threads.use(0) }
    #expect(try parallel(over: 40) { $0 * $0 } == (0..<40).map { $0 * $0 })
  }

  @Test("An interruption stops parallel work")
  func interruption() {
    let interruption = Interruption()
    interruption.interrupt()
    #expect(throws: Interrupted.self) { try parallel(over: 3, interruption: interruption) { $0 } }
  }
}
