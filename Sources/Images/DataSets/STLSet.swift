internal import Tensors

/// STL-10's binary files: `test_X.bin` of 3×96×96 bytes an image, columns before rows, labels 1 to 10 in `test_y.bin`.
enum STLSet {
  private static let size = 3 * 96 * 96

  /// Whether a file is named and as long as STL-10's images.
  static func announces(_ file: InputFile) -> Bool {
    file.path.hasSuffix("_X.bin") && file.size > 0 && file.size % size == 0
  }

  static func open(_ file: InputFile, _ fitting: Fitting) throws(ImageError) -> ArraySet {
    let count = file.size / size
    guard let bytes = NPYElement("|u1") else { preconditionFailure("bytes are a type of NumPy") }
    let array = try NPYArray(ByteSource(file), [count, 3, 96, 96], bytes, file.path)
    let pixels = try ImageArray(array, wanted: fitting.shape, order: .columns, file.path)
    let names = Folder.lines(Folder.parent(file.path) + "class_names.txt") ?? []
    let beside = String(file.path.dropLast("X.bin".count)) + "y.bin"
    guard Folder.isFile(beside) else {
      return try ArraySet(pixels, nil, classNames: names, file.path, fitting)
    }
    let labels = try InputFile(beside).readAll()
    guard labels.count == count, labels.allSatisfy({ (1...10).contains($0) }) else {
      throw .labels(beside, "it is not one byte from 1 to 10 for each of \(count) images")
    }
    return try ArraySet(pixels, labels.map { Int($0) - 1 }, classNames: names, file.path, fitting)
  }
}
