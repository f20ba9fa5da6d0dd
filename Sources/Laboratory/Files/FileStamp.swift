internal import Foundation
internal import Glibc

/// What changes whenever a file does: where it lies on the disk, its size, and when it was written.
struct FileStamp: Hashable, Sendable, CustomStringConvertible {
  let description: String

  /// Nil where there is no such file.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let written = status.st_mtim
    description = "\(status.st_ino) \(status.st_size) \(written.tv_sec) \(written.tv_nsec)"
  }

  /// A file's own stamp, or those of all files in a folder, with their paths below it, by name; none where nothing lies
  /// there.
  static func all(at path: String) -> [String] {
    guard let below = FileManager.default.enumerator(atPath: path)?.allObjects as? [String], !below.isEmpty
    else {
      return FileStamp(path).map { [$0.description] } ?? []
    }
    return below.sorted().map { "\($0) \(FileStamp("\(path)/\($0)")?.description ?? "-")" }
  }
}
