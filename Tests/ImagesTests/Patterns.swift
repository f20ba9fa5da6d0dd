internal import Glibc
internal import Images

/// Byte i is (37 i + 11 i²) mod 251: the picture of Tests/Golden/images.py.
func patternBytes(_ count: Int) -> [UInt8] {
  (0..<count).map { (i: Int) -> UInt8 in UInt8((37 * i + 11 * i * i) % 251) }
}

func pattern(width: Int, height: Int, channels: Int) -> Picture {
  Picture(
    width: width, height: height, channels: channels, bytes: patternBytes(width * height * channels))
}

/// A folder of its own for each use, removed with it.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/images-tests-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "no temporary folder")
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) } + "/"
  }

  deinit { remove(path) }

  /// Writes a file, the folder it lies in included, and gives its path.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    for slash in name.indices where name[slash] == "/" { mkdir(path + name[..<slash], 0o777) }
    try OutputFile.write(bytes, to: path + name)
    return path + name
  }

  private func remove(_ folder: String) {
    guard let listing = opendir(folder) else { return }
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      if unlink(folder + name) != 0 { remove(folder + name + "/") }
    }
    closedir(listing)
    rmdir(folder)
  }
}

/// Runs `body` and gives the sentence that it is refused with; nil where it is not.
func sentence(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}
