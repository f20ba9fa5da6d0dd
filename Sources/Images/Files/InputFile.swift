internal import Glibc

/// A regular file, open for reading parts of it; closed with the last reference.
final class InputFile: Sendable {
  let path: String
  let size: Int
  private let descriptor: Int32

  init(_ path: String) throws(ImageError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw errno == ENOENT || errno == ENOTDIR ? .missing(path) : .unreadable(path, lastProblem())
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path, "it is not a regular file") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path, lastProblem()) }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Bytes `range` of the file.
  func read(_ range: Range<Int>) throws(ImageError) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= size else {
      throw .unreadable(path, "it ends too early")
    }
    var problem: String?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      while initialized < range.count {
        let rest = range.count - initialized
        let got = pread(
          descriptor, buffer.baseAddress! + initialized, rest, off_t(range.lowerBound + initialized))
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else {
          problem = got < 0 ? lastProblem() : "it ends too early"
          return
        }
        initialized += got
      }
    }
    if let problem { throw .unreadable(path, problem) }
    return bytes
  }

  func readAll() throws(ImageError) -> [UInt8] {
    guard size <= ByteSource.limit else { throw .tooManyBytes(path, limit: ByteSource.limit) }
    return try read(0..<size)
  }
}

/// What the system said about the call that just failed, such as "Permission denied".
func lastProblem() -> String { String(cString: strerror(errno)) }
