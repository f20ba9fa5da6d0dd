internal import Tensors

/// Images in an array, with their labels where there are some.
///
/// Labels: beside `x.npy` the array `x.labels.npy`, or the one that is called as labels of it are; in an archive the
/// array of that name; one whole number an image, in a row or a column, or one-hot.
struct ArraySet: DataSet {
  let name: String
  let classNames: [String]
  let remarks: [String]
  private let pixels: ImageArray
  private let entry: Shape
  private let truth: [Int]?
  private let fitting: Fitting

  var count: Int { pixels.count }
  var white: Float? { pixels.white == .sixteen ? pixels.white.scale : nil }
  var labelling: Labelling { truth == nil ? .none : .numbers }

  init(
    _ pixels: ImageArray, _ truth: [Int]?, classNames: [String] = [], remarks: [String] = [], _ path: String,
    _ fitting: Fitting
  ) throws(ImageError) {
    name = path
    self.pixels = pixels
    self.truth = truth
    self.fitting = fitting
    self.classNames = classNames
    self.remarks = remarks + pixels.remarks
    entry = pixels.entry(fitting.shape)
    if let truth, truth.count != pixels.count {
      throw .labels(path, "it holds \(truth.count) numbers for \(pixels.count) images")
    }
  }

  func read(_ range: Range<Int>) throws(ImageError) -> ImageBatch {
    if pixels.isWhole, pixels.white != .sixteen, entry[0] == 1 || entry[0] == 3 {
      let scale = 255 / pixels.white.scale
      return try batch(range, fitting) { index throws(ImageError) in
        let bytes = try values(index).map { UInt8($0 * scale) }
        return Picture(planes: bytes[...], channels: entry[0], width: entry[2], height: entry[1])
      }
    }
    try check(range)
    var elements: [Float] = []
    elements.reserveCapacity(range.count * entry.count)
    for index in range { elements += try values(index).map { $0 / pixels.white.scale } }
    let tensor = Tensor(shape: Shape([range.count] + entry.extents), elements: elements)
    return ImageBatch(try fitted(tensor), range)
  }

  /// Planes of image `index` in the array's scale, without transparency.
  private func values(_ index: Int) throws(ImageError) -> ArraySlice<Float> {
    let planes = try pixels.planes(index).prefix(entry.count)
    let white = pixels.white.scale
    // Rounding in whoever wrote the file may have left a pixel a hair outside.
    if let bad = planes.first(where: { !($0 >= -1e-6 * white && $0 <= (1 + 1e-5) * white) }) {
      throw .pixelRange(name, value: bad, index: index)
    }
    return planes
  }

  func labels(_ range: Range<Int>) throws(ImageError) -> [Int?] {
    try check(range)
    return range.map { truth?[$0] }
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
}

// MARK: - Files

extension ArraySet {
  init(npy file: InputFile, _ fitting: Fitting) throws(ImageError) {
    let array = try NPYArray(ByteSource(file), file.path)
    let pixels = try ImageArray(array, wanted: fitting.shape, file.path)
    guard let beside = ArraySet.labels(beside: file.path) else {
      try self.init(pixels, nil, file.path, fitting)
      return
    }
    let labels = try NPYArray(ByteSource(try InputFile(beside)), beside)
    let remark = "labels are those of \(Folder.lastComponent(beside))"
    try self.init(
      pixels, try ArraySet.numbers(labels, beside, count: pixels.count), remarks: [remark], file.path, fitting
    )
  }

  init(npz file: InputFile, _ fitting: Fitting) throws(ImageError) {
    let archive = try NPZ(file)
    try self.init(
      NamedArrays(names: archive.names) { name throws(ImageError) in try archive.array(name) }, file.path,
      fitting)
  }

  init(_ arrays: NamedArrays, order: ImageArray.Order? = nil, _ path: String, _ fitting: Fitting)
    throws(ImageError)
  {
    let images = try arrays.imagesName(path)
    let pixels = try ImageArray(
      try arrays.array(images), wanted: fitting.shape, order: order, "\(path):\(images)")
    let remarks = arrays.remark(images).map { [$0] } ?? []
    guard let labels = try arrays.labelsName(of: images, count: pixels.count) else {
      try self.init(pixels, nil, remarks: remarks, path, fitting)
      return
    }
    let truth = try ArraySet.numbers(try arrays.array(labels), "\(path):\(labels)", count: pixels.count)
    try self.init(pixels, truth, remarks: remarks, path, fitting)
  }

  /// The file of labels beside an array of images: `x.labels.npy`, else `y_test.npy` beside `x_test.npy`,
  /// `train_labels.npy` beside `train_images.npy` and the like.
  private static func labels(beside path: String) -> String? {
    let stem = path.hasSuffix(".npy") ? String(path.dropLast(4)) : path
    let words = Folder.lastComponent(stem).split(separator: "_", omittingEmptySubsequences: false)
    var candidates = [stem + ".labels.npy", stem + "_labels.npy"]
    for (i, word) in words.enumerated() {
      let others: [String] =
        switch word {
        case "x": ["y"]
        case "X": ["y", "Y"]
        case "images", "imgs", "data": ["labels", "targets"]
        case "image", "img": ["label", "target"]
        default: []
        }
      for other in others {
        let name = (words[..<i] + [other[...]] + words[(i + 1)...]).joined(separator: "_")
        candidates.append(Folder.parent(path) + name + ".npy")
      }
    }
    return candidates.first(where: Folder.isFile)
  }

  /// One class an image: whole numbers from 0, or rows of which one number is 1 and the others are 0.
  static func numbers(_ array: NPYArray, _ path: String, count: Int) throws(ImageError) -> [Int] {
    let size = array.shape.count
    guard count > 0, size % count == 0, size >= count, size == count || array.shape[0] == count else {
      throw .labels(path, "it holds \(array.shape) numbers for \(count) images")
    }
    let values = try array.read(0..<size)
    if size > count { return try oneHot(values, path, classes: size / count) }
    guard values.allSatisfy({ $0 >= 0 && $0 < 1e6 && $0 == $0.rounded() }) else {
      throw .labels(path, "classes are whole numbers from 0")
    }
    return values.map { Int(saturating: $0) }
  }

  private static func oneHot(_ values: [Float], _ path: String, classes: Int) throws(ImageError) -> [Int] {
    var labels: [Int] = []
    for start in stride(from: 0, to: values.count, by: classes) {
      let row = values[start..<start + classes]
      guard let place = row.firstIndex(of: 1), row.allSatisfy({ $0 == 0 || $0 == 1 }), row.reduce(0, +) == 1
      else {
        throw .labels(path, "rows of \(classes) numbers are read only if one is 1 and the others are 0")
      }
      labels.append(place - start)
    }
    return labels
  }
}
