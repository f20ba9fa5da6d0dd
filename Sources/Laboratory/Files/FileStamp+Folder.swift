internal import Files
internal import Foundation

extension FileStamp {
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
