internal import Glibc

/// A regular file, open for reading parts of it; closed with the last reference.
///
/// Others may write, cut short or replace it at any moment. It is never mapped into memory: what is read was read from
/// the file as it was when it was opened, or the reading throws ``FileProblem/changed``.
public final class RegularFile: Sendable {
  /// As it was given to open the file; ``checkCurrent()`` looks the name up again.
  public let path: String
  /// In bytes.
  public let size: Int
  private let descriptor: Int32
  private let device: dev_t
  private let inode: ino_t
  private let written: (seconds: Int, nanoseconds: Int)

  public init(_ path: String) throws(FileProblem) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.lastProblem() }
    try Self.checkKind(status)
    // Another thing may have taken its place by now, and a pipe would keep us waiting.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.lastProblem() }
    do throws(FileProblem) {
      guard fstat(descriptor, &status) == 0 else { throw Self.lastProblem() }
      try Self.checkKind(status)
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
    (device, inode) = (status.st_dev, status.st_ino)
    written = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
  }

  deinit { close(descriptor) }

  /// Bytes `range` of the file, which has to lie within its size.
  public func read(_ range: Range<Int>) throws(FileProblem) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= size else {
      throw .unreadable("it ends too early")
    }
    var problem: FileProblem?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      let target = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count])
      do throws(FileProblem) {
        try read(into: target, at: range.lowerBound)
        initialized = range.count
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    return bytes
  }

  /// Fills `target` with the bytes from `offset` on.
  public func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileProblem) {
    var done = 0
    while done < target.count {
      let got = pread(descriptor, target.baseAddress! + done, target.count - done, off_t(offset + done))
      if got < 0 && errno == EINTR { continue }
      if got < 0 { throw Self.lastProblem() }
      guard got > 0 else { throw .changed }
      done += got
    }
    try checkUnchanged()
  }

  /// Hands the bytes on from first to last, a piece at a time.
  public func forEachPiece(_ take: (UnsafeRawBufferPointer) throws -> Void) throws {
    var (piece, offset) = ([UInt8](repeating: 0, count: min(size, 1 << 20)), 0)
    while offset < size {
      let count = min(piece.count, size - offset)
      try piece.withUnsafeMutableBytes { bytes in
        let target = UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])
        try read(into: target, at: offset)
        try take(UnsafeRawBufferPointer(target))
      }
      offset += count
    }
  }

  /// Throws ``FileProblem/changed`` where the open file is not what it was when it was opened.
  ///
  /// Where another file has taken its name, the open one is still what it was.
  public func checkUnchanged() throws(FileProblem) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.lastProblem() }
    guard Int(status.st_size) == size, status.st_mtim.tv_sec == written.seconds,
      status.st_mtim.tv_nsec == written.nanoseconds
    else { throw .changed }
  }

  /// Throws ``FileProblem/changed`` where the file of this name is not the open one as it was when it was opened.
  public func checkCurrent() throws(FileProblem) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else { throw .changed }
    try checkUnchanged()
  }

  /// All bytes of a file of at most `limit` bytes.
  public static func contents(of path: String, atMost limit: Int) throws(FileProblem) -> [UInt8] {
    let file = try RegularFile(path)
    guard file.size <= limit else { throw .tooLarge(limit: limit) }
    return try file.read(0..<file.size)
  }

  private static func checkKind(_ status: stat) throws(FileProblem) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw .unreadable("it is a folder")
    default: throw .unreadable("it is not a regular file")
    }
  }

  private static func lastProblem() -> FileProblem {
    errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(String(cString: strerror(errno)))
  }
}
