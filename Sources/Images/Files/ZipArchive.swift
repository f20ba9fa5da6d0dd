/// The entries of a zip archive, as `numpy.savez` writes them: stored or deflated.
struct ZipArchive {
  struct Entry {
    let name: String
    let method: Int
    let packedSize: Int
    let size: Int
    let offset: Int
  }

  let entries: [Entry]
  private let file: InputFile

  /// Reads the directory at the end of the file.
  init(_ file: InputFile) throws(ImageError) {
    self.file = file
    let tailStart = max(0, file.size - 65_557)
    let tail = try file.read(tailStart..<file.size)
    let signature: [UInt8] = [0x50, 0x4B, 5, 6]
    guard tail.count >= 22,
      let end = (0...tail.count - 22).last(where: {
        tail[$0] == 0x50 && Array(tail[$0..<$0 + 4]) == signature
      })
    else { throw .broken(file.path, "zip archive", "it ends too early") }
    let count = tail[end + 10..<end + 12].littleEndian
    let size = tail[end + 12..<end + 16].littleEndian
    let offset = tail[end + 16..<end + 20].littleEndian
    guard offset + size <= file.size else {
      throw .broken(file.path, "zip archive", "its directory is out of place")
    }
    entries = try ZipArchive.directory(try file.read(offset..<offset + size), count, file.path)
  }

  private static func directory(_ bytes: [UInt8], _ count: Int, _ path: String) throws(ImageError) -> [Entry]
  {
    var entries: [Entry] = []
    var at = 0
    for _ in 0..<count {
      guard at + 46 <= bytes.count, Array(bytes[at..<at + 4]) == [0x50, 0x4B, 1, 2] else {
        throw .broken(path, "zip archive", "its directory does not parse")
      }
      let nameCount = bytes[at + 28..<at + 30].littleEndian
      let next =
        at + 46 + nameCount + bytes[at + 30..<at + 32].littleEndian + bytes[at + 32..<at + 34].littleEndian
      guard next <= bytes.count else { throw .broken(path, "zip archive", "its directory does not parse") }
      entries.append(
        Entry(
          name: String(decoding: bytes[at + 46..<at + 46 + nameCount], as: UTF8.self),
          method: bytes[at + 10..<at + 12].littleEndian, packedSize: bytes[at + 20..<at + 24].littleEndian,
          size: bytes[at + 24..<at + 28].littleEndian, offset: bytes[at + 42..<at + 46].littleEndian))
      at = next
    }
    return entries
  }

  /// The bytes of an entry, left in the file where they are stored as they are.
  func open(_ entry: Entry) throws(ImageError) -> ByteSource {
    let path = "\(file.path):\(entry.name)"
    guard entry.offset + 30 <= file.size else { throw .broken(path, "zip archive", "it ends too early") }
    let header = try file.read(entry.offset..<entry.offset + 30)
    guard Array(header[..<4]) == [0x50, 0x4B, 3, 4] else {
      throw .broken(path, "zip archive", "an entry is out of place")
    }
    let start = entry.offset + 30 + header[26..<28].littleEndian + header[28..<30].littleEndian
    guard start + entry.packedSize <= file.size else {
      throw .broken(path, "zip archive", "it ends too early")
    }
    let range = start..<start + entry.packedSize
    switch entry.method {
    case 0: return ByteSource(file, range)
    case 8:
      guard max(entry.size, entry.packedSize) <= ByteSource.limit else {
        throw .tooManyBytes(path, limit: ByteSource.limit)
      }
      return ByteSource(try Inflation.unpack(try file.read(range), .raw, path))
    default: throw .unsupported(path, "packed by a method other than deflate")
    }
  }
}
