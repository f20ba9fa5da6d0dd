internal import CArchive
internal import Glibc
internal import Tensors

/// A tar archive, gzipped or not, read once from its beginning to its end (libarchive).
///
/// Members are known by the last part of their names and only those wanted are written, so that no name in an archive
/// can lead out of the folder.
struct TarArchive {
  let path: String

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
    let reader: OpaquePointer = archive_read_new()
    defer { archive_read_free(reader) }
    archive_read_support_filter_gzip(reader)
    archive_read_support_format_tar(reader)
    try check(archive_read_open_filename(reader, path, 1 << 18), reader)
    var found: Set<String> = []
    while let name = try nextFile(reader) {
      try interruption.check()
      guard wanted.contains(name) else { continue }
      try copy(reader, to: "\(folder)/\(name)", interruption)
      found.insert(name)
    }
    return found
  }

  /// The next member's name without folders, empty for what is no regular file; nil at the end.
  private func nextFile(_ reader: OpaquePointer) throws -> String? {
    var entry: OpaquePointer?
    let status = archive_read_next_header(reader, &entry)
    if status == ARCHIVE_EOF { return nil }
    try check(status, reader)
    guard archive_entry_filetype(entry) == S_IFREG, archive_entry_hardlink(entry) == nil,
      let name = archive_entry_pathname(entry)
    else { return "" }
    return String(cString: name).split(separator: "/").last.map(String.init) ?? ""
  }

  private func copy(_ reader: OpaquePointer, to path: String, _ interruption: Interruption) throws {
    var target = try PartialFile(path)
    defer { target.close() }
    try target.restart()
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      try interruption.check()
      let got = archive_read_data(reader, &chunk, chunk.count)
      try check(Int32(clamping: min(0, got)), reader)
      if got == 0 { return }
      try chunk.withUnsafeBytes { try target.append(UnsafeRawBufferPointer(rebasing: $0[..<got])) }
    }
  }

  /// Throws what the library says; its warnings are of times and owners, which nobody asks for.
  private func check(_ status: Int32, _ reader: OpaquePointer) throws {
    guard status < ARCHIVE_WARN else { return }
    let reason = archive_error_string(reader).map { String(cString: $0) } ?? "it does not unpack"
    throw DownloadError.damagedArchive(path, reason)
  }
}
