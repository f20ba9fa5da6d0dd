internal import Tensors

/// Images in an IDX file, N×H×W grey or N×C×H×W, with the labels of the file beside it.
struct IDXSet: DataSet {
  let name: String
  let count: Int
  let classNames: [String] = []
  private let file: IDXFile
  private let truth: [UInt8]?
  private let channels: Int
  private let height: Int
  private let width: Int
  private let fitting: Fitting

  var labelling: Labelling { truth == nil ? .none : .numbers }

  init(_ path: String, _ fitting: Fitting) throws(ImageError) {
    name = path
    self.fitting = fitting
    file = try IDXFile(path)
    let extents = file.extents
    switch extents.count {
    case 1: throw .array(path, "it holds labels; pass the images' file, and the labels beside it are found")
    case 3: (channels, height, width) = (1, extents[1], extents[2])
    case 4 where extents[1] == 1 || extents[1] == 3:
      (channels, height, width) = (extents[1], extents[2], extents[3])
    default:
      let shape = extents.map(String.init).joined(separator: "×")
      throw .array(path, "an array \(shape) is not images N×H×W or N×C×H×W")
    }
    guard height > 0, width > 0, extents[0] > 0 else { throw .empty(path) }
    guard height * width <= Picture.largestArea else { throw .tooLarge(path, width: width, height: height) }
    count = extents[0]
    truth = try IDXSet.labels(beside: path, count: count)
  }

  func read(_ range: Range<Int>) throws(ImageError) -> ImageBatch {
    try batch(range, fitting) { index throws(ImageError) in
      Picture(planes: try file.read(index..<index + 1)[...], channels: channels, width: width, height: height)
    }
  }

  func labels(_ range: Range<Int>) throws(ImageError) -> [Int?] {
    try check(range)
    return range.map { index in truth.map { Int($0[index]) } }
  }

  /// `train-images-idx3-ubyte.gz` has `train-labels-idx1-ubyte`, packed or not, beside it.
  private static func labels(beside path: String, count: Int) throws(ImageError) -> [UInt8]? {
    let file = Folder.lastComponent(path)
    guard let images = file.firstRange(of: "images") else { return nil }
    var name = file.replacing("images", with: "labels", at: images)
    for rank in ["idx3", "idx4"] {
      if let found = name.firstRange(of: rank) { name = name.replacing(rank, with: "idx1", at: found) }
    }
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    for candidate in [name, plain, plain + ".gz"] {
      let place = Folder.parent(path) + candidate
      guard Folder.isFile(place) else { continue }
      let labels = try IDXFile(place)
      guard labels.extents == [count] else {
        let shape = labels.extents.map(String.init).joined(separator: "×")
        throw .labels(place, "it holds \(shape) numbers for \(count) images")
      }
      return try labels.read(0..<count)
    }
    return nil
  }
}

extension String {
  fileprivate func firstRange(of text: String) -> Int? {
    let (own, sought) = (Array(utf8), Array(text.utf8))
    guard own.count >= sought.count else { return nil }
    return (0...own.count - sought.count).first { own[$0..<$0 + sought.count].elementsEqual(sought) }
  }

  fileprivate func replacing(_ text: String, with other: String, at offset: Int) -> String {
    let bytes = Array(utf8)
    return String(
      decoding: bytes[..<offset] + Array(other.utf8) + bytes[(offset + text.utf8.count)...], as: UTF8.self)
  }
}
