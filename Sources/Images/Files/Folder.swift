internal import Glibc

/// What lies at a path, and what a folder holds.
enum Folder {
  enum Kind {
    case missing
    case folder
    case file
  }

  static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  /// Bytes of the file at `path`; nil where there is no file.
  static func size(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  static func isFile(_ path: String) -> Bool { kind(of: path) == .file }

  /// The names in a folder, sorted by their bytes, hidden ones left out.
  static func names(in path: String) throws(ImageError) -> [String] {
    guard let folder = opendir(path) else { throw .unreadable(path, lastProblem()) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The folder that holds `path`, with its slash; empty for a bare name.
  static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// The lines of a text file such as a list of class names, without empty ones at its end; nil where there is none.
  static func lines(_ path: String) -> [String]? {
    guard isFile(path), let file = try? InputFile(path), file.size < 1 << 24, let bytes = try? file.readAll()
    else {
      return nil
    }
    let text = String(decoding: bytes, as: UTF8.self)
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}
