/// NumPy's archive of arrays, stored or compressed.
struct NPZ {
  private let path: String
  private let archive: ZipArchive
  /// The arrays' names without `.npy`.
  let names: [String]

  init(_ file: InputFile) throws(ImageError) {
    path = file.path
    archive = try ZipArchive(file)
    names = archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
    if names.isEmpty { throw .array(path, "it holds no arrays (.npy) and no pictures") }
  }

  func array(_ name: String) throws(ImageError) -> NPYArray {
    guard let entry = archive.entries.first(where: { $0.name == name + ".npy" }) else {
      throw .array(path, "it holds no array \(name)")
    }
    return try NPYArray(try archive.open(entry), "\(path):\(name)")
  }
}
