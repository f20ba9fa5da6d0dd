internal import CZlib
internal import Glibc
internal import Tensors

/// A gzipped tar archive (POSIX ustar), read once from its beginning to its end.
///
/// Members are known by the last part of their names and only those wanted are written, so that no name in an archive
/// can lead out of the folder.
struct TarArchive {
  let path: String
  private static let block = 512

  /// Writes the wanted members into `folder`.
  ///
  /// - Parameters:
  ///   - wanted: names without folders.
  ///   - folder: a folder that is there.
  ///   - interruption: ends it between two chunks.
  /// - Returns: the names that were there.
  /// - Throws: ``DownloadError`` or ``Interrupted``.
  func unpack(
    _ wanted: Set<String>, into folder: String, _ interruption: Interruption
  ) throws -> Set<String> {
    guard let file = gzopen(path, "rb") else { throw DownloadError.damagedArchive(path, PartialFile.problem) }
    defer { gzclose(file) }
    gzbuffer(file, 1 << 18)
    var found: Set<String> = []
    while let header = try block(of: file), let member = try member(header) {
      try interruption.check()
      let name = member.name.split(separator: "/").last.map(String.init) ?? ""
      if member.isFile, wanted.contains(name) {
        try copy(member.bytes, of: file, to: "\(folder)/\(name)", interruption)
        found.insert(name)
      } else {
        try skip(member.bytes, of: file)
      }
      try skip(-member.bytes & (Self.block - 1), of: file)
    }
    return found
  }

  private struct Member {
    var name: String
    var bytes: Int
    var isFile: Bool
  }

  /// What a header says; nil for the empty block that ends the archive.
  private func member(_ header: [UInt8]) throws -> Member? {
    if header.allSatisfy({ $0 == 0 }) { return nil }
    let text = { (range: Range<Int>) in String(decoding: header[range].prefix { $0 != 0 }, as: UTF8.self) }
    let octal = { (range: Range<Int>) in Int(text(range).filter { $0 != " " }, radix: 8) }
    // The sum of all bytes, with blanks in the place of the sum itself.
    let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
    guard octal(148..<156) == sum, let bytes = octal(124..<136), bytes >= 0 else {
      throw DownloadError.damagedArchive(path, "it is no tar archive, or damaged")
    }
    return Member(name: text(0..<100), bytes: bytes, isFile: header[156] == 0 || header[156] == 0x30)
  }

  private func block(of file: gzFile) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: Self.block)
    switch gzread(file, &bytes, UInt32(Self.block)) {
    case 0: return nil
    case Int32(Self.block): return bytes
    default: throw DownloadError.damagedArchive(path, "it ends too early or does not unpack")
    }
  }

  private func copy(_ count: Int, of file: gzFile, to path: String, _ interruption: Interruption) throws {
    var target = try PartialFile(path)
    defer { target.close() }
    try target.restart()
    try read(count, of: file) { bytes in
      try interruption.check()
      try target.append(bytes)
    }
  }

  private func skip(_ count: Int, of file: gzFile) throws { try read(count, of: file) { _ in } }

  private func read(_ count: Int, of file: gzFile, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
    var chunk = [UInt8](repeating: 0, count: min(count, 1 << 18))
    var left = count
    while left > 0 {
      let got = Int(gzread(file, &chunk, UInt32(min(left, chunk.count))))
      guard got > 0 else {
        throw DownloadError.damagedArchive(self.path, "it ends too early or does not unpack")
      }
      try chunk.withUnsafeBytes { try take(UnsafeRawBufferPointer(rebasing: $0[..<got])) }
      left -= got
    }
  }
}
