internal import Tensors

extension ByteSource {
  /// Elements of `size` bytes that lie column by column, the first axis fastest, put row by row, the last axis fastest.
  ///
  /// Read in portions of so many bytes, so that no second copy of them is held.
  func rows(
    from start: Int, _ shape: Shape, elementSize size: Int, portion: Int = 16 << 20
  ) throws(ImageError) -> [UInt8] {
    guard shape.count > 0 else { return [] }
    guard shape.count * size <= ByteSource.limit else {
      throw .tooManyBytes("\(shape) elements column by column", limit: ByteSource.limit)
    }
    var out = [UInt8](repeating: 0, count: shape.count * size)
    var columns = Columns(shape)
    while let range = columns.next(max(1, portion / (shape[0] * size))) {
      let bytes = try read(start + range.lowerBound * size..<start + range.upperBound * size)
      switch size {
      case 1: columns.scatter(bytes, as: UInt8.self, to: &out)
      case 2: columns.scatter(bytes, as: UInt16.self, to: &out)
      case 4: columns.scatter(bytes, as: UInt32.self, to: &out)
      default: columns.scatter(bytes, as: UInt64.self, to: &out)
      }
    }
    return out
  }
}

/// The columns of an array, those along its first axis, and where their elements go.
private struct Columns {
  private let extents: [Int]
  private let strides: [Int]
  /// Elements that were handed out.
  private var taken = 0
  /// The place of the next column to scatter along all axes but the first.
  private var place: [Int]

  init(_ shape: Shape) {
    (extents, strides) = (shape.extents, shape.strides)
    place = [Int](repeating: 0, count: shape.rank)
  }

  /// The elements of the next `count` columns.
  mutating func next(_ count: Int) -> Range<Int>? {
    let (begin, all) = (taken, extents.reduce(1, *))
    taken = min(all, begin + count * extents[0])
    return begin < all ? begin..<taken : nil
  }

  mutating func scatter<Element: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: [UInt8], as type: Element.Type, to out: inout [UInt8]
  ) {
    let size = MemoryLayout<Element>.size
    let (length, stride) = (extents[0], strides[0] * size)
    bytes.withUnsafeBytes { source in
      out.withUnsafeMutableBytes { out in
        for begin in Swift.stride(from: 0, to: source.count, by: length * size) {
          var to = zip(place, strides).reduce(0) { $0 + $1.0 * $1.1 } * size
          for from in Swift.stride(from: begin, to: begin + length * size, by: size) {
            out.storeBytes(
              of: source.loadUnaligned(fromByteOffset: from, as: type), toByteOffset: to, as: type)
            to += stride
          }
          advance()
        }
      }
    }
  }

  private mutating func advance() {
    for axis in extents.indices.dropFirst() {
      place[axis] += 1
      if place[axis] < extents[axis] { return }
      place[axis] = 0
    }
  }
}
