internal import CZip
internal import Synchronization

/// The entries of a zip archive (libzip), such as `numpy.savez` and `torch.save` write them.
struct ZipArchive: Sendable {
  struct Entry: Sendable {
    let name: String
    let index: Int
    /// Unpacked.
    let size: Int
    /// Whether it lies in the file as it is, so that parts of it can be read in place.
    let isStored: Bool
  }

  let entries: [Entry]
  private let file: ZipFile

  init(_ file: InputFile) throws(ImageError) {
    let file = try ZipFile(file.path)
    self.file = file
    entries = try file.entries()
  }

  /// The bytes of an entry, left in the archive where they are stored as they are.
  func open(_ entry: Entry) throws(ImageError) -> ByteSource {
    if entry.isStored { return ByteSource(ZipEntry(file: file, entry: entry)) }
    guard entry.size <= ByteSource.limit else {
      throw .tooManyBytes(file.name(of: entry), limit: ByteSource.limit)
    }
    return ByteSource(try file.read(entry, 0..<entry.size))
  }
}

/// An entry that is read in place.
struct ZipEntry: Sendable {
  fileprivate let file: ZipFile
  fileprivate let entry: ZipArchive.Entry

  var count: Int { entry.size }

  func read(_ range: Range<Int>) throws(ImageError) -> [UInt8] { try file.read(entry, range) }
}

/// An archive that is open, for one reader at a time; closed with the last reference.
private final class ZipFile: Sendable {
  private let path: String
  private let archive: Mutex<OpaquePointer>

  init(_ path: String) throws(ImageError) {
    var code: Int32 = 0
    guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
      var error = zip_error_t()
      zip_error_init_with_code(&error, code)
      defer { zip_error_fini(&error) }
      // The directory stands at the end.
      throw .broken(path, "zip archive", code == ZIP_ER_NOZIP ? "it ends too early" : Self.words(&error))
    }
    self.path = path
    self.archive = Mutex(archive)
  }

  deinit { archive.withLock { zip_discard($0) } }

  func name(of entry: ZipArchive.Entry) -> String { "\(path):\(entry.name)" }

  func entries() throws(ImageError) -> [ZipArchive.Entry] {
    try archive.withLock { (archive) throws(ImageError) in
      var entries: [ZipArchive.Entry] = []
      for index in 0..<zip_get_num_entries(archive, 0) {
        var status = zip_stat_t()
        guard zip_stat_index(archive, UInt64(index), 0, &status) == 0, let name = status.name,
          let size = Int(exactly: status.size)
        else { throw .broken(path, "zip archive", Self.words(zip_get_error(archive))) }
        let isStored = status.comp_method == UInt16(ZIP_CM_STORE) && status.encryption_method == 0
        entries.append(
          ZipArchive.Entry(
            name: String(cString: name), index: Int(index), size: size, isStored: isStored))
      }
      return entries
    }
  }

  /// Bytes of an entry, unpacked: any of a stored one, of a packed one all.
  ///
  /// The checksum is compared where all are read.
  func read(_ entry: ZipArchive.Entry, _ range: Range<Int>) throws(ImageError) -> [UInt8] {
    precondition(range.upperBound <= entry.size, "bytes \(range) of \(entry.size)")
    let name = name(of: entry)
    return try archive.withLock { (archive) throws(ImageError) in
      guard let reader = zip_fopen_index(archive, UInt64(entry.index), 0) else {
        throw .broken(name, "file in a zip archive", Self.words(zip_get_error(archive)))
      }
      defer { zip_fclose(reader) }
      if range.lowerBound > 0, zip_fseek(reader, Int64(range.lowerBound), SEEK_SET) != 0 {
        throw .broken(name, "file in a zip archive", Self.words(zip_file_get_error(reader)))
      }
      let bytes = Self.bytes(reader, range.count, toTheEnd: range == 0..<entry.size)
      guard let bytes else {
        throw .broken(name, "file in a zip archive", Self.words(zip_file_get_error(reader)))
      }
      return bytes
    }
  }

  /// So many bytes, and, `toTheEnd`, the checksum behind them; nil where they are not there.
  ///
  /// What an archive says of a size is no reason to have the memory for it: more than a piece is had once it has come.
  private static func bytes(_ reader: OpaquePointer, _ count: Int, toTheEnd: Bool) -> [UInt8]? {
    var bytes: [UInt8] = []
    repeat {
      let wanted = min(count - bytes.count, piece)
      let next = piece(of: reader, wanted)
      guard next.count == wanted else { return nil }
      if bytes.isEmpty { bytes = next } else { bytes += next }
    } while bytes.count < count
    var next: UInt8 = 0
    guard !toTheEnd || zip_fread(reader, &next, 1) == 0 else { return nil }
    return bytes
  }

  private static let piece = 1 << 26

  private static func piece(of reader: OpaquePointer, _ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        let got = zip_fread(reader, buffer.baseAddress! + initialized, UInt64(count - initialized))
        guard got > 0 else { return }
        initialized += Int(got)
      }
    }
  }

  /// What the library says.
  private static func words(_ error: UnsafeMutablePointer<zip_error_t>?) -> String {
    guard let error, zip_error_code_zip(error) != ZIP_ER_OK, let text = zip_error_strerror(error) else {
      return "it ends too early"
    }
    return String(cString: text)
  }
}
