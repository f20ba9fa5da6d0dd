internal import Glibc

/// Zip archives as people hand models and pictures on: what is in them, and putting it on disk.
public enum Unpacking {
  /// The most bytes that an archive unpacks to.
  private static let limit = 4 << 30

  /// The paths of the files in the archive at `path`, those that macOS adds left out; nil where it is no zip archive.
  public static func files(in path: String) -> [String]? {
    guard let file = try? InputFile(path), let head = try? file.read(0..<min(4, file.size)),
      head == [0x50, 0x4B, 3, 4], let archive = try? ZipArchive(file)
    else { return nil }
    return archive.entries.map(\.name).filter { name in
      // macOS lays what it knows of each file beside it, under the same name.
      !name.hasSuffix("/") && !name.split(separator: "/").contains { $0 == "__MACOSX" || $0.hasPrefix("._") }
    }
  }

  /// Writes the files of the archive at `path` below `folder`, which is made; names that lead out of it are left out.
  public static func unpack(_ path: String, into folder: String) throws(ImageError) {
    let archive = try ZipArchive(try InputFile(path))
    guard archive.entries.reduce(0, { $0 + $1.size }) <= limit else {
      throw .tooManyBytes(path, limit: limit)
    }
    for entry in archive.entries {
      let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
      guard !entry.name.hasSuffix("/"), !parts.contains(".."), !parts.contains("") else { continue }
      var place = folder
      mkdir(place, 0o777)
      for part in parts.dropLast() {
        place += "/" + part
        mkdir(place, 0o777)
      }
      try OutputFile.write(try archive.open(entry).readAll(), to: folder + "/" + entry.name)
    }
  }
}
