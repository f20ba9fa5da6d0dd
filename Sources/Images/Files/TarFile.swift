/// The regular files of a tar archive: POSIX's ustar, with the long names of GNU and of pax.
///
/// Files are left where they lie; of a gzipped archive the whole is unpacked in memory.
struct TarFile: Sendable {
  private static let block = 512

  /// Paths, as the archive has them.
  private(set) var names: [String] = []
  private var places: [String: Range<Int>] = [:]
  private let source: ByteSource
  private let path: String

  /// Whether the first bytes are the header of a member.
  static func announces(_ head: [UInt8]) -> Bool {
    head.count >= 265 && head[257..<262].elementsEqual("ustar".utf8)
  }

  /// The archive in a file, gzipped or not; nil where it is none.
  static func open(_ file: InputFile) throws(ImageError) -> TarFile? {
    let head = try file.read(0..<min(block, file.size))
    if announces(head) { return try TarFile(ByteSource(file), file.path) }
    let isNamed = [".tar.gz", ".tgz", ".tar"].contains { file.path.lowercased().hasSuffix($0) }
    guard isNamed, head.starts(with: [0x1F, 0x8B]) else { return nil }
    let unpacked = try Inflation.unpack(try file.readAll(), file.path)
    return announces(Array(unpacked.prefix(block))) ? try TarFile(ByteSource(unpacked), file.path) : nil
  }

  private init(_ source: ByteSource, _ path: String) throws(ImageError) {
    self.source = source
    self.path = path
    var (at, long) = (0, nil as String?)
    while at + TarFile.block <= source.count {
      let header = Header(try source.read(at..<at + TarFile.block))
      guard let header else { break }
      let contents = at + TarFile.block
      guard header.size <= source.count - contents else {
        throw .broken(path, "tar archive", "it ends too early")
      }
      let range = contents..<contents + header.size
      switch header.kind {
      case UInt8(ascii: "L"), UInt8(ascii: "x"):
        guard header.size < 1 << 16 else { throw .broken(path, "tar archive", "a name is too long") }
        let text = String(decoding: try source.read(range), as: UTF8.self)
        long = header.kind == UInt8(ascii: "L") ? text.filter { $0 != "\0" } : TarFile.pax(text) ?? long
      default:
        if header.isFile { add(long ?? header.name, range) }
        long = nil
      }
      at = contents + (header.size + TarFile.block - 1) / TarFile.block * TarFile.block
    }
    guard !names.isEmpty else { throw .broken(path, "tar archive", "it holds no files") }
  }

  private mutating func add(_ name: String, _ range: Range<Int>) {
    let name = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    // The last of several members of a name is the one that counts.
    if places.updateValue(range, forKey: name) == nil { names.append(name) }
  }

  func bytes(_ name: String) throws(ImageError) -> [UInt8] {
    guard let range = places[name] else { throw .missing("\(path):\(name)") }
    guard range.count <= ByteSource.limit else { throw .tooManyBytes(path, limit: ByteSource.limit) }
    return try source.read(range)
  }

  /// The path in a pax header: lines of a length, a space and KEY=VALUE.
  private static func pax(_ text: String) -> String? {
    for line in text.split(separator: "\n") {
      guard let space = line.firstIndex(of: " ") else { continue }
      let entry = line[line.index(after: space)...]
      if entry.hasPrefix("path=") { return String(entry.dropFirst(5)) }
    }
    return nil
  }
}

extension TarFile {
  /// The fields of a member's header; nil for the empty blocks at the end.
  private struct Header {
    let name: String
    let size: Int
    let kind: UInt8

    var isFile: Bool { kind == 0 || kind == UInt8(ascii: "0") }

    init?(_ bytes: [UInt8]) {
      guard bytes[0] != 0 else { return nil }
      func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range].prefix { $0 != 0 }, as: UTF8.self)
      }
      let prefix = text(345..<500)
      let hasPrefix = bytes[257..<263].elementsEqual("ustar\0".utf8) && !prefix.isEmpty
      name = (hasPrefix ? prefix + "/" : "") + text(0..<100)
      kind = bytes[156]
      // Sizes beyond eight gigabytes are binary, with the highest bit set.
      if bytes[124] & 0x80 != 0 {
        guard bytes[124..<128].dropFirst().allSatisfy({ $0 == 0 }) else { return nil }
        size = bytes[128..<136].bigEndian & 0xFFFF_FFFF_FFFF
      } else {
        let digits = text(124..<136).filter { ("0"..."7").contains($0) }
        guard let octal = Int(digits.isEmpty ? "0" : digits, radix: 8) else { return nil }
        size = octal
      }
    }
  }
}
