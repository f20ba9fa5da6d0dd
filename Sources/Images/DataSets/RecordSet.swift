internal import Tensors

/// The binary version of CIFAR-10 (a label, then 3×32×32 bytes) and of CIFAR-100 (two labels, the fine one second).
struct RecordSet: DataSet {
  let name: String
  let count: Int
  let classNames: [String]
  let labelling = Labelling.numbers
  private let file: InputFile
  private let labelBytes: Int
  private let fitting: Fitting

  private static let side = 32
  private static let pixels = 3 * side * side

  init(_ file: InputFile, _ fitting: Fitting) throws(ImageError) {
    name = file.path
    self.file = file
    self.fitting = fitting
    labelBytes = try RecordSet.layout(file)
    count = file.size / (RecordSet.pixels + labelBytes)
    let folder = Folder.parent(file.path)
    classNames =
      labelBytes == 1
      ? Folder.lines(folder + "batches.meta.txt") ?? RecordSet.cifar10
      : Folder.lines(folder + "fine_label_names.txt") ?? []
  }

  func read(_ range: Range<Int>) throws(ImageError) -> ImageBatch {
    try batch(range, fitting) { index throws(ImageError) in
      let start = index * (RecordSet.pixels + labelBytes) + labelBytes
      let planes = try file.read(start..<start + RecordSet.pixels)
      return Picture(planes: planes[...], channels: 3, width: RecordSet.side, height: RecordSet.side)
    }
  }

  func labels(_ range: Range<Int>) throws(ImageError) -> [Int?] {
    try check(range)
    var labels: [Int?] = []
    for index in range {
      let at = index * (RecordSet.pixels + labelBytes) + labelBytes - 1
      let label = Int(try file.read(at..<at + 1)[0])
      guard label < (labelBytes == 1 ? 10 : 100) else {
        throw .labels(name, "record \(index) has the class \(label), so it is not a CIFAR file")
      }
      labels.append(label)
    }
    return labels
  }

  /// How many bytes of labels a record has; where the size fits both kinds, the first labels decide.
  private static func layout(_ file: InputFile) throws(ImageError) -> Int {
    let fits = [1, 2].filter { file.size > 0 && file.size % (pixels + $0) == 0 }
    guard let first = fits.first else { throw .records(file.path, bytes: file.size) }
    if fits.count == 1 { return first }
    for index in 0..<min(16, file.size / (pixels + 1)) {
      let at = index * (pixels + 1)
      if try file.read(at..<at + 1)[0] > 9 { return 2 }
    }
    return 1
  }

  private static let cifar10 = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
}
