internal import Glibc
internal import Synchronization

/// Filters in the order in which the kernels read them, vectors on whole cache lines.
///
/// Those that fill large pages ask for them: a pass over the filters of a dense layer would spend its time on finding
/// small ones.
final class FilterArray: Sendable {
  let count: Int
  private nonisolated(unsafe) let elements: UnsafeMutablePointer<Float>

  private static let line = 64
  private static let largePage = 2 << 20

  init(_ array: [Float]) {
    count = array.count
    let isLarge = 4 * count >= Self.largePage
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, 4 * count), alignment: isLarge ? Self.largePage : Self.line)
    if isLarge { madvise(memory, 4 * count, MADV_HUGEPAGE) }
    elements = memory.bindMemory(to: Float.self, capacity: count)
    array.withUnsafeBufferPointer { source in
      if let first = source.baseAddress { elements.initialize(from: first, count: count) }
    }
  }

  deinit { elements.deallocate() }

  @inline(__always)
  func withUnsafeBufferPointer<R>(_ body: (UnsafeBufferPointer<Float>) -> R) -> R {
    body(UnsafeBufferPointer(start: elements, count: count))
  }
}

/// One that is made when first needed.
final class FilterArrayOnce: Sendable {
  private let made = Mutex<FilterArray?>(nil)

  func array(_ make: () -> [Float]) -> FilterArray {
    made.withLock { made in
      if let made { return made }
      let array = FilterArray(make())
      made = array
      return array
    }
  }
}
