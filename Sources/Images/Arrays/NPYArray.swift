internal import Tensors

/// An array of numbers in row-major order: in a NumPy file of version 1 to 3, or in a part of another file.
///
/// Its elements are read when they are asked for.
struct NPYArray: Sendable {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  let shape: Shape
  let type: NPYElement
  private let source: ByteSource
  private let offset: Int

  /// Elements of one type, row by row, that lie at the beginning of `source`.
  init(_ source: ByteSource, _ shape: Shape, _ type: NPYElement, _ path: String) throws(ImageError) {
    guard shape.count * type.size <= source.count else {
      throw .broken(
        path, "array", "\(shape) elements need \(shape.count * type.size) bytes and it has \(source.count)")
    }
    (self.shape, self.type, self.source, offset) = (shape, type, source, 0)
  }

  init(_ source: ByteSource, _ path: String) throws(ImageError) {
    let head = try source.head(12)
    guard head.starts(with: NPYArray.magic), head.count >= 10 else {
      throw .array(path, "it is not a NumPy array (.npy)")
    }
    let wide = head[6] >= 2
    guard 1...3 ~= head[6], !wide || head.count == 12 else {
      throw .array(path, "NumPy file version \(head[6]) is not supported; versions 1 to 3 are")
    }
    let start = wide ? 12 : 10
    let length = wide ? head[8..<12].littleEndian : head[8..<10].littleEndian
    guard length <= 1 << 20, start + length <= source.count else {
      throw .broken(path, "NumPy array", "it ends too early")
    }
    let text = String(decoding: try source.read(start..<start + length), as: UTF8.self)
    let header = try NPYHeader(text, path)
    shape = header.shape
    type = header.type
    let need = start + length + shape.count * type.size
    guard need <= source.count else {
      throw .broken(path, "NumPy array", "\(shape) elements need \(need) bytes and it has \(source.count)")
    }
    // Columns first: put into rows once, since everything else goes by rows.
    if header.isFortran, shape.rank > 1 {
      guard need <= ByteSource.limit else { throw .tooManyBytes(path, limit: ByteSource.limit) }
      self.source = ByteSource(try source.rows(from: start + length, shape, elementSize: type.size))
      offset = 0
    } else {
      self.source = source
      offset = start + length
    }
  }

  /// Elements `range`, as floats.
  func read(_ range: Range<Int>) throws(ImageError) -> [Float] { type.decode(try bytes(range)) }

  /// The bytes of elements `range`.
  func bytes(_ range: Range<Int>) throws(ImageError) -> [UInt8] {
    try source.read(offset + range.lowerBound * type.size..<offset + range.upperBound * type.size)
  }

  /// The same elements with other extents.
  func reshaped(_ extents: Shape, _ path: String) throws(ImageError) -> NPYArray {
    try NPYArray(source, extents, type, path)
  }

  /// The array with its extents the other way about, its elements put in the order of these; held in memory.
  func reversed(_ path: String) throws(ImageError) -> NPYArray {
    guard shape.count * type.size <= ByteSource.limit else {
      throw .tooManyBytes(path, limit: ByteSource.limit)
    }
    let extents = Shape(Array(shape.extents.reversed()))
    let rows = try source.rows(from: offset, extents, elementSize: type.size)
    return try NPYArray(ByteSource(rows), extents, type, path)
  }
}

/// The dictionary at the beginning of a NumPy file.
struct NPYHeader {
  let shape: Shape
  let type: NPYElement
  let isFortran: Bool

  init(_ text: String, _ path: String) throws(ImageError) {
    guard let described = NPYHeader.value(of: "descr", in: text),
      let order = NPYHeader.value(of: "fortran_order", in: text),
      let extents = NPYHeader.value(of: "shape", in: text),
      extents.first == "(", let close = extents.firstIndex(of: ")")
    else { throw .broken(path, "NumPy array", "its header does not parse") }
    let name = described.dropFirst().prefix { $0 != "'" && $0 != "\"" }
    guard let type = NPYElement(String(name)) else {
      if name.dropFirst().first.map("USO".contains) == true {
        throw .array(
          path,
          "it holds text or objects, not numbers; in Python: numpy.unique(labels, return_inverse=True)[1]")
      }
      throw .array(
        path, "its number type \(name) is not supported; float32, float64, float16 and integers are")
    }
    self.type = type
    isFortran = order.hasPrefix("True")
    let parts = extents[..<close].dropFirst().split(separator: ",")
    var numbers: [Int] = []
    var count = 1
    for part in parts {
      guard let number = Int(part.filter { $0 != " " && $0 != "L" }), number >= 0 else {
        throw .broken(path, "NumPy array", "its shape does not parse")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: max(1, number))
      guard !overflow, product < 1 << 48 else {
        throw .broken(path, "NumPy array", "its shape is impossibly large")
      }
      count = product
      numbers.append(number)
    }
    shape = Shape(numbers)
  }

  /// What follows `'key':`.
  private static func value(of key: String, in text: String) -> Substring? {
    for quote in ["'", "\""] {
      let marked = Array((quote + key + quote).utf8)
      let bytes = Array(text.utf8)
      guard bytes.count > marked.count else { return nil }
      for at in 0..<bytes.count - marked.count where bytes[at..<at + marked.count].elementsEqual(marked) {
        let rest = bytes[(at + marked.count)...].drop { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: " ") }
        return Substring(String(decoding: rest, as: UTF8.self))
      }
    }
    return nil
  }
}
