internal import Tensors

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
    if names.isEmpty { throw .array(path, "it holds no arrays (.npy)") }
  }

  func array(_ name: String) throws(ImageError) -> NPYArray {
    guard let entry = archive.entries.first(where: { $0.name == name + ".npy" }) else {
      throw .array(path, "it holds no array \(name)")
    }
    return try NPYArray(try archive.open(entry), "\(path):\(name)")
  }

  /// The array of images: the usual name, else the only one with four axes.
  func images() throws(ImageError) -> NPYArray {
    if let usual = ["images", "x", "x_test", "x_train", "data"].first(where: names.contains) {
      return try array(usual)
    }
    var found: [NPYArray] = []
    for name in names {
      let array = try array(name)
      if array.shape.rank == 4 { found.append(array) }
    }
    if found.count == 1 { return found[0] }
    let list = names.joined(separator: ", ")
    throw .array(path, "it is not clear which array holds the images (\(list)): call it images")
  }

  /// The array of labels for images of that shape, with its name for messages, where there is one.
  func labels(_ images: Shape) throws(ImageError) -> (array: NPYArray, path: String)? {
    if let usual = ["labels", "label", "y", "y_test", "y_train", "targets"].first(where: names.contains) {
      return (try array(usual), "\(path):\(usual)")
    }
    for name in names {
      let array = try array(name)
      if array.shape == [images[0]], array.type.kind != .float { return (array, "\(path):\(name)") }
    }
    return nil
  }
}
