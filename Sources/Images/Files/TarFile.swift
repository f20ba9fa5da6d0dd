internal import CArchive
internal import Glibc

/// The regular files of a tar archive, plain or packed by gzip, bzip2, xz or Zstandard (libarchive).
///
/// Files of a plain archive stay where they lie: the place of each one's header is kept, and reading begins there. A
/// packed archive can only be read from its beginning, so its files are held in memory, ``ByteSource/limit`` together.
struct TarFile: Sendable {
  private enum Member {
    case lying(header: Int, size: Int)
    case unpacked([UInt8])
  }

  /// Paths, as the archive has them.
  private(set) var names: [String] = []
  private var members: [String: Member] = [:]
  private let path: String

  private static let suffixes =
    [".tar", ".tgz", ".tbz2", ".txz"] + ["gz", "bz2", "xz", "zst"].map { ".tar.\($0)" }

  /// Whether the first bytes are the header of a member, as POSIX and GNU mark it.
  static func announces(_ head: [UInt8]) -> Bool {
    head.count >= 265 && head[257..<262].elementsEqual("ustar".utf8)
  }

  /// The archive in a file; nil where it is none, by its first bytes or, packed or without a mark, by its name.
  static func open(_ file: InputFile) throws(ImageError) -> TarFile? {
    let isMarked = announces(try file.read(0..<min(512, file.size)))
    let name = file.path.lowercased()
    guard isMarked || suffixes.contains(where: { name.hasSuffix($0) }) else { return nil }
    let reader = try TarReader(file.path, at: 0)
    guard let first = isMarked ? try reader.next() : try? reader.next() else {
      if isMarked { throw .broken(file.path, "tar archive", "it holds no files") }
      return nil
    }
    return try TarFile(reader, from: first, in: file)
  }

  private init(_ reader: TarReader, from first: TarReader.Header, in file: InputFile) throws(ImageError) {
    path = file.path
    var (header, unpacked) = (first as TarReader.Header?, 0)
    while let member = header {
      if member.isFile {
        if reader.isPacked { unpacked += member.size }
        guard unpacked <= ByteSource.limit else { throw .tooManyBytes(path, limit: ByteSource.limit) }
        guard reader.isPacked || member.isSparse || member.size <= file.size - member.place else {
          throw .broken(path, "tar archive", "it ends too early")
        }
        let place = Member.lying(header: member.place, size: member.size)
        add(member.name, reader.isPacked ? .unpacked(try reader.contents(member.size)) : place)
      }
      header = try reader.next()
    }
    guard !names.isEmpty else { throw .broken(path, "tar archive", "it holds no files") }
  }

  private mutating func add(_ name: String, _ member: Member) {
    let name = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    // The last of several members of a name is the one that counts.
    if members.updateValue(member, forKey: name) == nil { names.append(name) }
  }

  func bytes(_ name: String) throws(ImageError) -> [UInt8] {
    switch members[name] {
    case nil: throw .missing("\(path):\(name)")
    case .unpacked(let bytes): return bytes
    case .lying(let place, let size):
      guard size <= ByteSource.limit else { throw .tooManyBytes(path, limit: ByteSource.limit) }
      let reader = try TarReader(path, at: place)
      guard try reader.next()?.size == size else {
        throw .broken(path, "tar archive", "it has changed since it was opened")
      }
      return try reader.contents(size)
    }
  }
}

/// Reads members one after the other, from a header at a place in the file on.
private final class TarReader {
  struct Header {
    let name: String
    /// Bytes of the archive before it, unpacked.
    let place: Int
    let size: Int
    let isFile: Bool
    /// Whether holes are left out of the archive.
    let isSparse: Bool
  }

  private let path: String
  private let descriptor: Int32
  private let archive: OpaquePointer

  init(_ path: String, at place: Int) throws(ImageError) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path, lastProblem()) }
    (self.path, self.descriptor, archive) = (path, descriptor, archive_read_new())
    lseek(descriptor, off_t(place), SEEK_SET)
    for filter in [
      archive_read_support_filter_gzip, archive_read_support_filter_bzip2, archive_read_support_filter_xz,
      archive_read_support_filter_zstd, archive_read_support_format_tar,
    ] { _ = filter(archive) }
    try check(archive_read_open_fd(archive, descriptor, 1 << 16))
  }

  deinit {
    archive_read_free(archive)
    close(descriptor)
  }

  /// Known once a header was read.
  var isPacked: Bool { archive_filter_code(archive, 0) != ARCHIVE_FILTER_NONE }

  /// The next member; nil at the end.
  func next() throws(ImageError) -> Header? {
    var entry: OpaquePointer?
    let status = archive_read_next_header(archive, &entry)
    if status == ARCHIVE_EOF { return nil }
    try check(status)
    guard let place = Int(exactly: archive_read_header_position(archive)),
      let size = Int(exactly: archive_entry_size(entry)), size >= 0
    else { throw .broken(path, "tar archive", "it states an impossible length") }
    let name = archive_entry_pathname(entry).map { String(cString: $0) } ?? ""
    let isLink = archive_entry_hardlink(entry) != nil
    return Header(
      name: name, place: place, size: size,
      isFile: archive_entry_filetype(entry) == S_IFREG && !isLink && !name.isEmpty && !name.hasSuffix("/"),
      isSparse: archive_entry_sparse_count(entry) > 0)
  }

  /// The bytes of the member whose header was read last.
  func contents(_ size: Int) throws(ImageError) -> [UInt8] {
    var status = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      while initialized < size {
        status = archive_read_data(archive, buffer.baseAddress! + initialized, size - initialized)
        guard status > 0 else { return }
        initialized += status
      }
    }
    try check(Int32(clamping: min(0, status)))
    guard bytes.count == size else { throw .broken(path, "tar archive", "it ends too early") }
    return bytes
  }

  /// Throws what the library says; its warnings are of times, owners and the letters of names, and what it would try
  /// again is damaged.
  private func check(_ status: Int32) throws(ImageError) {
    guard status != ARCHIVE_OK, status != ARCHIVE_WARN else { return }
    let reason = archive_error_string(archive).map { String(cString: $0) } ?? "it does not unpack"
    throw .broken(path, "tar archive", reason)
  }
}
