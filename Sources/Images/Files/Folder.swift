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
  static func names(in path: String) throws(ImageError) -> [String] { try entries(in: path).map(\.name) }

  /// What is in a folder, sorted by the bytes of the names, hidden things left out; links are followed.
  static func entries(in path: String) throws(ImageError) -> [(name: String, isFolder: Bool)] {
    guard let folder = opendir(path) else { throw .unreadable(path, lastProblem()) }
    defer { closedir(folder) }
    let base = path.hasSuffix("/") ? path : path + "/"
    var entries: [(name: String, isFolder: Bool)] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") || name == "__MACOSX" { continue }
      let isFolder: Bool
      switch Int(entry.pointee.d_type) {
      case Int(DT_DIR): isFolder = true
      case Int(DT_REG): isFolder = false
      default: isFolder = kind(of: base + name) == .folder
      }
      entries.append((name, isFolder))
    }
    return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
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
