/// Bytes that lie in a part of a file, in an archive or, unpacked, in memory.
struct ByteSource: Sendable {
  /// The most bytes that are held in memory for one file.
  static let limit = 1 << 30

  private enum Place {
    case file(InputFile, offset: Int)
    case zip(ZipEntry)
    case memory([UInt8])
  }

  private let place: Place
  let count: Int

  init(_ file: InputFile, _ range: Range<Int>) {
    place = .file(file, offset: range.lowerBound)
    count = range.count
  }

  init(_ file: InputFile) { self.init(file, 0..<file.size) }

  init(_ entry: ZipEntry) {
    place = .zip(entry)
    count = entry.count
  }

  init(_ bytes: [UInt8]) {
    place = .memory(bytes)
    count = bytes.count
  }

  func read(_ range: Range<Int>) throws(ImageError) -> [UInt8] {
    switch place {
    case .file(let file, let offset):
      return try file.read(range.lowerBound + offset..<range.upperBound + offset)
    case .zip(let entry): return try entry.read(range)
    case .memory(let bytes):
      precondition(range.upperBound <= bytes.count, "bytes \(range) of \(bytes.count)")
      return Array(bytes[range])
    }
  }

  /// The first bytes, fewer than `most` where there are fewer.
  func head(_ most: Int) throws(ImageError) -> [UInt8] { try read(0..<min(most, count)) }

  func readAll() throws(ImageError) -> [UInt8] { try read(0..<count) }
}

extension ArraySlice<UInt8> {
  /// The unsigned number in the bytes, the lowest one first.
  var littleEndian: Int { reversed().reduce(0) { $0 << 8 | Int($1) } }

  /// The unsigned number in the bytes, the highest one first.
  var bigEndian: Int { reduce(0) { $0 << 8 | Int($1) } }
}
