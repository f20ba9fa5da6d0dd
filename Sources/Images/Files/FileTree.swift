/// The files below a folder, or in an archive: folders and files sorted by the bytes of their names, hidden ones left
/// out.
struct FileTree: Sendable {
  let name: String
  /// The path from the root, with a slash at its end; empty for the root itself.
  let path: String
  private(set) var folders: [FileTree] = []
  private(set) var files: [String] = []
  /// Why the folder cannot be listed.
  private(set) var problem: String?

  /// Deeper folders are not looked at: links may lead in a circle.
  static let deepest = 10

  private init(name: String, path: String) {
    self.name = name
    self.path = path
  }

  /// What lies below a folder on disk.
  init(below folder: String) throws(ImageError) {
    self.init(name: Folder.lastComponent(folder), path: "")
    if let problem = fill(from: folder.hasSuffix("/") ? folder : folder + "/") {
      throw .unreadable(folder, problem)
    }
  }

  private mutating func fill(from place: String) -> String? {
    do {
      for entry in try Folder.entries(in: place) {
        guard entry.isFolder else {
          files.append(entry.name)
          continue
        }
        var folder = FileTree(name: entry.name, path: path + entry.name + "/")
        if folder.path.utf8.count(where: { $0 == UInt8(ascii: "/") }) < FileTree.deepest {
          folder.problem = folder.fill(from: place + entry.name + "/")
        }
        folders.append(folder)
      }
      return nil
    } catch ImageError.unreadable(_, let why) {
      return why
    } catch {
      return "\(error)"
    }
  }

  /// The tree of an archive's entries, given by their paths; a path that ends with a slash is a folder.
  init(name: String, entries: [String]) {
    self.init(name: name, path: "")
    insert(
      entries.map { ($0, $0.split(separator: "/", omittingEmptySubsequences: true)[...]) }.filter { entry in
        entry.1.count < FileTree.deepest && !entry.1.contains { $0.hasPrefix(".") || $0 == "__MACOSX" }
      })
  }

  private mutating func insert(_ entries: [(whole: String, rest: ArraySlice<Substring>)]) {
    var below: [String: [(whole: String, rest: ArraySlice<Substring>)]] = [:]
    for entry in entries {
      guard let first = entry.rest.first.map(String.init) else { continue }
      if entry.rest.count == 1, !entry.whole.hasSuffix("/") {
        files.append(first)
      } else {
        below[first, default: []].append((entry.whole, entry.rest.dropFirst()))
      }
    }
    files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for name in below.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      var folder = FileTree(name: name, path: path + name + "/")
      folder.insert(below[name] ?? [])
      folders.append(folder)
    }
  }

  /// Paths of all files below, a folder's own before those of its folders.
  var allFiles: [String] { files.map { path + $0 } + folders.flatMap(\.allFiles) }

  /// Whether one of the files below is named as a picture.
  var holdsPictures: Bool {
    files.contains(where: PictureFormat.isNamed) || folders.contains(where: \.holdsPictures)
  }

  func file(_ name: String) -> String? { files.contains(name) ? path + name : nil }
}
