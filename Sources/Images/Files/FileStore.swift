/// Where the files of a ``FileTree`` lie.
enum FileStore: Sendable {
  /// A folder on disk, with its slash.
  case folder(String)
  case zip(ZipArchive, path: String)
  case tar(TarFile, path: String)

  /// What to call a file in messages: a path that can be opened, or one inside an archive.
  func name(of path: String) -> String {
    switch self {
    case .folder(let base): path.hasPrefix("/") ? path : base + path
    case .zip(_, let archive), .tar(_, let archive): "\(archive):\(path)"
    }
  }

  func bytes(_ path: String) throws(ImageError) -> [UInt8] {
    switch self {
    case .folder: return try InputFile(name(of: path)).readAll()
    case .zip(let archive, _):
      guard let entry = archive.entries.first(where: { $0.name == path }) else {
        throw .missing(name(of: path))
      }
      return try archive.open(entry).readAll()
    case .tar(let archive, _): return try archive.bytes(path)
    }
  }

  /// The contents of a small text file; nil where it cannot be read.
  func text(_ path: String) -> String? {
    guard let bytes = try? bytes(path), bytes.count < 1 << 26 else { return nil }
    return PlainText.decode(bytes)
  }

  func picture(
    _ path: String, _ turning: Turning
  ) throws(ImageError) -> (picture: Picture, remarks: [PictureRemark]) {
    switch self {
    case .folder: try Picture.read(contentsOf: name(of: path), turning)
    case .zip, .tar: try Picture.read(try bytes(path), name(of: path), turning)
    }
  }
}
