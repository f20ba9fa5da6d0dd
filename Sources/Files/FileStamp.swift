internal import Glibc

/// What changes whenever a file does: where it lies on the disk, its size, and when it was written.
public struct FileStamp: Hashable, Sendable, CustomStringConvertible {
  public let description: String

  /// Nil where there is no such file.
  public init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  init(_ status: stat) {
    let written = status.st_mtim
    description = "\(status.st_ino) \(status.st_size) \(written.tv_sec) \(written.tv_nsec)"
  }
}
