internal import Tensors

/// The numeric arrays in a MATLAB file of level 5, packed or not.
///
/// MATLAB lets the first extent run fastest: an array H×W×C×N is given as N×C×W×H, its bytes in their order.
/// Source: MAT-File Format, MathWorks, chapter 1.
struct MATFile {
  /// The variables' names, in the order of the file.
  private(set) var names: [String] = []
  private var arrays: [String: NPYArray] = [:]
  private let path: String

  static func announces(_ head: [UInt8]) -> Bool { head.starts(with: "MATLAB 5.0 MAT-f".utf8) }

  init(_ file: InputFile) throws(ImageError) {
    path = file.path
    let header = try file.read(0..<min(128, file.size))
    guard header.count == 128, header[126] == UInt8(ascii: "I") else {
      throw .array(path, "its numbers have another machine's byte order; save it again with scipy.io.savemat")
    }
    var at = 128
    while at + 8 <= file.size {
      let tag = try file.read(at..<at + 8)
      let (kind, length) = (tag[0..<4].littleEndian, tag[4..<8].littleEndian)
      guard at + 8 + length <= file.size else { throw broken("it ends too early") }
      let contents = try file.read(at + 8..<at + 8 + length)
      if kind == Kind.packed {
        let unpacked = try Inflation.unpack(contents, path)
        if let element = Element(unpacked[...]), element.kind == Kind.matrix { try add(element.contents) }
      } else if kind == Kind.matrix {
        try add(contents[...])
      }
      at += 8 + length
    }
    guard !names.isEmpty else { throw .array(path, "it holds no arrays of numbers") }
  }

  func array(_ name: String) throws(ImageError) -> NPYArray {
    guard let array = arrays[name] else { throw .array(path, "it holds no array \(name)") }
    return array
  }

  private func broken(_ why: String) -> ImageError { .broken(path, "MATLAB file", why) }

  /// Numbers of the specification's data types.
  private enum Kind {
    static let matrix = 14
    static let packed = 15
    static let elements: [Int: String] = [
      1: "|i1", 2: "|u1", 3: "<i2", 4: "<u2", 5: "<i4", 6: "<u4", 7: "<f4", 9: "<f8", 12: "<i8", 13: "<u8",
    ]
  }

  /// A tagged element; small ones keep their contents in the tag.
  private struct Element {
    let kind: Int
    let contents: ArraySlice<UInt8>
    let rest: ArraySlice<UInt8>

    init?(_ bytes: ArraySlice<UInt8>) {
      guard bytes.count >= 8 else { return nil }
      let start = bytes.startIndex
      let word = bytes[start..<start + 4].littleEndian
      if word >> 16 != 0 {
        guard word >> 16 <= 4 else { return nil }
        (kind, contents) = (word & 0xFFFF, bytes[start + 4..<start + 4 + word >> 16])
        rest = bytes[(start + 8)...]
        return
      }
      let length = bytes[start + 4..<start + 8].littleEndian
      guard length <= bytes.count - 8 else { return nil }
      (kind, contents) = (word, bytes[start + 8..<start + 8 + length])
      rest = bytes[min(bytes.endIndex, start + 8 + (length + 7) / 8 * 8)...]
    }
  }

  /// Adds a matrix: its flags, extents, name and numbers; cells, structures and text are passed over.
  private mutating func add(_ bytes: ArraySlice<UInt8>) throws(ImageError) {
    guard let flags = Element(bytes), flags.contents.count >= 4, let extents = Element(flags.rest),
      let name = Element(extents.rest), let numbers = Element(name.rest)
    else { throw broken("a variable does not parse") }
    let kind = Int(flags.contents[flags.contents.startIndex])
    guard (6...15).contains(kind), let type = Kind.elements[numbers.kind].flatMap(NPYElement.init) else {
      return
    }
    let shape = stride(from: extents.contents.startIndex, to: extents.contents.endIndex - 3, by: 4)
      .map { extents.contents[$0..<$0 + 4].littleEndian }
    guard shape.reduce(1.0, { $0 * Double($1) }) <= Double(numbers.contents.count) else {
      throw broken("a variable has fewer numbers than its extents say")
    }
    let title = String(decoding: name.contents, as: UTF8.self)
    arrays[title] = try NPYArray(
      ByteSource(Array(numbers.contents)), Shape(Array(shape.reversed())), type, "\(path):\(title)")
    names.append(title)
  }
}
