internal import Glibc
internal import Tensors

/// A file that grows as its bytes come, and what has come of it.
struct PartialFile {
  let path: String
  private let descriptor: Int32
  private(set) var count: Int

  /// Goes on with what lies at `path`.
  init(_ path: String) throws(DownloadError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path, Self.problem) }
    count = Int(lseek(descriptor, 0, SEEK_END))
  }

  func close() { _ = Glibc.close(descriptor) }

  mutating func restart() throws(DownloadError) {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw .cannotWrite(path, Self.problem)
    }
    count = 0
  }

  /// Whether the bytes were written; the disk may be full.
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(DownloadError) {
    var done = 0
    while done < bytes.count {
      let put = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if put < 0, errno == EINTR { continue }
      guard put > 0 else { throw .cannotWrite(path, Self.problem) }
      done += put
      count += put
    }
  }

  /// SHA-256 of what has come.
  func digest(_ interruption: Interruption) throws -> String {
    var digest = Digest()
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while offset < count {
      try interruption.check()
      let got = pread(descriptor, &chunk, chunk.count, off_t(offset))
      guard got > 0 else { throw DownloadError.cannotWrite(path, Self.problem) }
      chunk.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[..<got])) }
      offset += got
    }
    return digest.hexadecimal
  }

  static var problem: String { String(cString: strerror(errno)) }
}
