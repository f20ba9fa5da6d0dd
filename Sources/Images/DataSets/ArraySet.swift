internal import Tensors

/// Images in a NumPy array N×C×H×W: bytes, or floats in [0, 1]; one image C×H×W counts as a set of one.
///
/// Labels: `x.labels.npy` beside `x.npy`; in an archive, the array called `labels` or `y`, or the only one that has
/// one whole number an image.
struct ArraySet: DataSet {
  let name: String
  let count: Int
  let classNames: [String] = []
  private let array: NPYArray
  private let entry: Shape
  private let truth: [Int]?
  private let fitting: Fitting

  var isLabelled: Bool { truth != nil }

  init(npy file: InputFile, _ fitting: Fitting) throws(ImageError) {
    let array = try NPYArray(ByteSource(file), file.path)
    let labels = (file.path.hasSuffix(".npy") ? String(file.path.dropLast(4)) : file.path) + ".labels.npy"
    let truth =
      Folder.isFile(labels) ? (try NPYArray(ByteSource(try InputFile(labels)), labels), labels) : nil
    try self.init(array, truth, file.path, fitting)
  }

  init(npz file: InputFile, _ fitting: Fitting) throws(ImageError) {
    let archive = try NPZ(file)
    let images = try archive.images()
    try self.init(images, try archive.labels(images.shape), file.path, fitting)
  }

  private init(
    _ array: NPYArray, _ labels: (array: NPYArray, path: String)?, _ path: String, _ fitting: Fitting
  ) throws(ImageError) {
    name = path
    self.array = array
    self.fitting = fitting
    let shape = array.shape
    switch shape.rank {
    case 4: (count, entry) = (shape[0], shape.entry)
    case 3 where shape[0] == 1 || shape[0] == 3: (count, entry) = (1, shape)
    default: throw .array(path, "an array \(shape) is not images N×C×H×W")
    }
    if shape.rank == 4, ![1, 3].contains(shape[1]), [1, 3].contains(shape[3]) {
      throw .array(path, "its channels come last (\(shape)): transpose it to N×C×H×W")
    }
    guard shape.count > 0 else { throw .empty(path) }
    guard entry[1] <= Picture.largestArea / entry[2] else {
      throw .tooLarge(path, width: entry[2], height: entry[1])
    }
    truth = try labels.map { labels throws(ImageError) in
      try ArraySet.numbers(labels.array, labels.path, count: shape.rank == 4 ? shape[0] : 1)
    }
  }

  func images(_ range: Range<Int>) throws(ImageError) -> Tensor {
    try check(range)
    let size = entry.count
    if array.type.isByte, entry[0] == 1 || entry[0] == 3 {
      let bytes = try array.readBytes(range.lowerBound * size..<range.upperBound * size)
      return try batch(range, fitting) { index throws(ImageError) in
        let start = (index - range.lowerBound) * size
        return Picture(
          planes: bytes[start..<start + size], channels: entry[0], width: entry[2], height: entry[1])
      }
    }
    let scale: Float = array.type.isByte ? 255 : 1
    var elements = try array.read(range.lowerBound * size..<range.upperBound * size)
    if scale != 1 { elements = elements.map { $0 / scale } }
    // Rounding in whoever wrote the file may have left a pixel a hair outside.
    if let bad = elements.firstIndex(where: { !($0 >= -1e-6 && $0 <= 1 + 1e-6) }) {
      throw .pixelRange(name, value: elements[bad], index: range.lowerBound + bad / size)
    }
    return try fitted(Tensor(shape: Shape([range.count] + entry.extents), elements: elements))
  }

  func labels(_ range: Range<Int>) throws(ImageError) -> [Int]? {
    try check(range)
    return truth.map { Array($0[range]) }
  }

  /// Floats in the shape that the model takes: grey repeated, nothing resized.
  private func fitted(_ batch: Tensor) throws(ImageError) -> Tensor {
    guard fitting.suits(height: entry[1], width: entry[2]) else { throw .notResampled(name) }
    guard let wanted = fitting.shape, wanted != entry else { return batch }
    guard wanted[1] == entry[1], wanted[2] == entry[2] else {
      throw .wrongSize(name, found: entry, wanted: wanted, resizable: false)
    }
    if entry[0] == 3, wanted[0] == 1 { throw .colorToGrey(name) }
    guard entry[0] == 1, wanted[0] == 3 else {
      throw .wrongSize(name, found: entry, wanted: wanted, resizable: false)
    }
    let elements = (0..<batch.count).flatMap { n in [0, 1, 2].flatMap { _ in batch.entryElements(n) } }
    return Tensor(shape: Shape([batch.count] + wanted.extents), elements: elements)
  }

  private static func numbers(_ array: NPYArray, _ path: String, count: Int) throws(ImageError) -> [Int] {
    guard array.shape.count == count else {
      throw .labels(path, "it holds \(array.shape) numbers for \(count) images")
    }
    let values = try array.read(0..<count)
    guard values.allSatisfy({ $0 >= 0 && $0 < 1e6 && $0 == $0.rounded() }) else {
      throw .labels(path, "classes are whole numbers from 0")
    }
    return values.map { Int(saturating: $0) }
  }
}
