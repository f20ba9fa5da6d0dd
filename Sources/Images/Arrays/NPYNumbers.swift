public import Tensors

/// The elements of a NumPy file in the kind it has them in: what a graph with integers or flags takes and gives.
public enum NPYNumbers: Sendable, Equatable {
  case floats([Float])
  case integers([Int])
  case flags([Bool])
}

extension NPY {
  /// The array in a file, its integers and flags as such.
  public static func readNumbers(_ path: String) throws(ImageError) -> (shape: Shape, numbers: NPYNumbers) {
    let array = try NPYArray(ByteSource(try InputFile(path)), path)
    return (array.shape, try array.numbers())
  }

  /// Writes an array as float32, int64 or bool in C order.
  public static func write(_ numbers: NPYNumbers, shape: Shape, to path: String) throws(ImageError) {
    switch numbers {
    case .floats(let values): try write(Tensor(shape: shape, elements: values), to: path)
    case .integers(let values):
      let bytes = values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
      try OutputFile.write(header("<i8", shape) + bytes, to: path)
    case .flags(let values):
      try OutputFile.write(header("|b1", shape) + values.map { $0 ? 1 : 0 }, to: path)
    }
  }
}

extension NPYArray {
  /// Every element, in row-major order.
  fileprivate func numbers() throws(ImageError) -> NPYNumbers {
    let whole = 0..<shape.count
    switch type.kind {
    case .float: return .floats(try read(whole))
    case .boolean: return .flags(try read(whole).map { $0 != 0 })
    case .signed, .unsigned: return .integers(type.decodeIntegers(try bytes(whole)))
    }
  }
}

extension NPYElement {
  /// The integers in `bytes`; those beyond 63 bits become the largest.
  fileprivate func decodeIntegers(_ bytes: [UInt8]) -> [Int] {
    (0..<bytes.count / size).map { i in
      let place = bytes[i * size..<(i + 1) * size]
      let ordered = isBigEndian ? Array(place) : place.reversed()
      let word = ordered.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      if kind == .unsigned { return Int(clamping: word) }
      let shift = UInt64(64 - 8 * size)
      return Int(Int64(bitPattern: word << shift) >> Int64(shift))
    }
  }
}
