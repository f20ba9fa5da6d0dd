internal import Tensors

/// An array in a NumPy file of version 1 to 3: its header, and its elements when they are asked for.
struct NPYArray: Sendable {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  let shape: Shape
  let type: NPYElement
  let isFortran: Bool
  private let source: ByteSource
  private let offset: Int
  private let path: String

  init(_ source: ByteSource, _ path: String) throws(ImageError) {
    let head = try source.head(12)
    guard head.starts(with: NPYArray.magic), head.count >= 10 else {
      throw .array(path, "it is not a NumPy array (.npy)")
    }
    let wide = head[6] >= 2
    guard 1...3 ~= head[6], !wide || head.count == 12 else {
      throw .array(path, "NumPy's file version \(head[6]) is not known; versions 1 to 3 are")
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
    isFortran = header.isFortran
    offset = start + length
    self.source = source
    self.path = path
    let need = offset + shape.count * type.size
    guard need <= source.count else {
      throw .broken(path, "NumPy array", "\(shape) elements need \(need) bytes and it has \(source.count)")
    }
  }

  /// Elements `range` in row-major order, as floats.
  func read(_ range: Range<Int>) throws(ImageError) -> [Float] {
    if isFortran && shape.rank > 1 { return Array(try readFortran()[range]) }
    let bytes = try source.read(offset + range.lowerBound * type.size..<offset + range.upperBound * type.size)
    return type.decode(bytes)
  }

  /// The bytes of elements `range`, in the order of the file.
  func bytes(_ range: Range<Int>) throws(ImageError) -> [UInt8] {
    try source.read(offset + range.lowerBound * type.size..<offset + range.upperBound * type.size)
  }

  /// Elements `range` of an array of bytes, as they are.
  func readBytes(_ range: Range<Int>) throws(ImageError) -> [UInt8] {
    precondition(type.isByte, "an array of bytes")
    if isFortran && shape.rank > 1 { return try read(range).map { UInt8($0) } }
    return try source.read(offset + range.lowerBound..<offset + range.upperBound)
  }

  private func readFortran() throws(ImageError) -> [Float] {
    rowMajor(type.decode(try source.read(offset..<offset + shape.count * type.size)))
  }

  /// The elements of the file in row-major order, whatever the order of the file.
  func rowMajor<Element>(_ stored: [Element]) -> [Element] {
    guard isFortran, shape.rank > 1 else { return stored }
    var steps: [Int] = []
    for extent in [1] + shape.extents.dropLast() { steps.append((steps.last ?? 1) * extent) }
    let strides = shape.strides
    return (0..<shape.count).map { i in
      var from = 0
      for axis in 0..<shape.rank { from += i / strides[axis] % shape[axis] * steps[axis] }
      return stored[from]
    }
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
      throw .array(path, "its number type \(name) is not read; float32, float64, float16 and integers are")
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
