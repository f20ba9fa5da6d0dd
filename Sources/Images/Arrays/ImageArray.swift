internal import Tensors

/// How the elements of an array are the pixels of images: the order of its axes, and what its numbers mean.
struct ImageArray: Sendable {
  /// The order of an image's axes.
  enum Order: Sendable {
    case planes
    /// H×W×C.
    case interleaved
    /// C×W×H, as column-major programs leave their planes.
    case columns
  }

  /// The number that stands for white.
  enum White: Sendable {
    case one
    /// Of scikit-learn's digits.
    case sixteen
    case byte

    var scale: Float {
      switch self {
      case .one: 1
      case .sixteen: 16
      case .byte: 255
      }
    }
  }

  let count: Int
  /// C×H×W of an image, with what is dropped.
  let stored: Shape
  let order: Order
  private(set) var white = White.byte
  /// What a person should know of the reading.
  private(set) var remarks: [String] = []
  private let array: NPYArray
  private let path: String

  /// The images of an array; `wanted`, C×H×W that the model takes, settles what the extents alone do not, `order` says
  /// how the axes lie where the file's format does.
  init(_ array: NPYArray, wanted: Shape?, order: Order? = nil, _ path: String) throws(ImageError) {
    self.array = array
    self.path = path
    let shape = array.shape
    guard
      let axes = order.map({ (count: shape[0], stored: ImageArray.planes($0, shape.entry), order: $0) })
        ?? ImageArray.axes(shape, wanted)
    else {
      throw .array(path, "an array \(shape) is not images N×C×H×W, N×H×W×C, N×H×W, H×W×C, C×H×W or N×pixels")
    }
    (count, stored, self.order) = axes
    guard shape.count > 0 else { throw .empty(path) }
    guard stored[1] <= Picture.largestArea / stored[2] else {
      throw .tooLarge(path, width: stored[2], height: stored[1])
    }
    try decideWhite()
    if shape.rank < 4, let sentence = sentence(shape) { remarks.append(sentence) }
    if isAlphaDropped(wanted) { remarks.append("the fourth channel is taken for transparency and dropped") }
  }

  /// C×H×W of the images, without transparency.
  func entry(_ wanted: Shape?) -> Shape {
    isAlphaDropped(wanted) ? [3, stored[1], stored[2]] : stored
  }

  private func isAlphaDropped(_ wanted: Shape?) -> Bool { stored[0] == 4 && wanted?[0] != 4 }

  /// Elements of image `index` as planes, as floats in the array's own scale.
  func planes(_ index: Int) throws(ImageError) -> [Float] {
    let size = stored.count
    let elements = try array.read(index * size..<(index + 1) * size)
    let (channels, height, width) = (stored[0], stored[1], stored[2])
    if order == .planes || order == .interleaved && channels == 1 { return elements }
    var out: [Float] = []
    out.reserveCapacity(size)
    for c in 0..<channels {
      for y in 0..<height {
        for x in 0..<width {
          out.append(
            order == .interleaved
              ? elements[(y * width + x) * channels + c] : elements[(c * width + x) * height + y])
        }
      }
    }
    return out
  }

  /// Whether the pixels are whole numbers, which can be resized as pictures are.
  var isWhole: Bool { array.type.kind != .float }
}

// MARK: - Axes

extension ImageArray {
  private static func planes(_ order: Order, _ extents: Shape) -> Shape {
    switch order {
    case .planes: extents
    case .interleaved: [extents[2], extents[0], extents[1]]
    case .columns: [extents[0], extents[2], extents[1]]
    }
  }

  private static func axes(_ shape: Shape, _ wanted: Shape?) -> (count: Int, stored: Shape, order: Order)? {
    switch shape.rank {
    case 4: image(shape.entry, wanted).map { (shape[0], $0.0, $0.1) }
    case 3:
      many(shape, wanted) ?? image(shape, wanted).map { (1, $0.0, $0.1) } ?? (
        shape[0], [1, shape[1], shape[2]], .planes
      )
    case 2: flat(shape, wanted)
    case 1: wanted.flatMap { $0.count == shape[0] ? (1, $0, .planes) : nil }
    default: nil
    }
  }

  /// An image of three axes: as the model takes it, else by where three or four channels, or one, stand.
  private static func image(_ extents: Shape, _ wanted: Shape?) -> (Shape, Order)? {
    if let wanted, extents == wanted { return (extents, .planes) }
    let last: Shape = [extents[2], extents[0], extents[1]]
    if let wanted, last[1] == wanted[1], last[2] == wanted[2], isChannels(last[0]) {
      return (last, .interleaved)
    }
    if extents[0] == 1 || extents[0] == 3 { return (extents, .planes) }
    if isChannels(last[0]) { return (last, .interleaved) }
    return extents[0] == 4 ? (extents, .planes) : nil
  }

  private static func isChannels(_ extent: Int) -> Bool { extent == 1 || extent == 3 || extent == 4 }

  /// Grey images N×H×W in the size that the model takes, where it does not take N channels.
  private static func many(_ shape: Shape, _ wanted: Shape?) -> (count: Int, stored: Shape, order: Order)? {
    guard let wanted, shape != wanted, shape[1] == wanted[1], shape[2] == wanted[2] else { return nil }
    return shape[0] == 3 && wanted[0] == 3 ? nil : (shape[0], [1, shape[1], shape[2]], .planes)
  }

  /// Rows of pixels: in the model's shape, in CIFAR's or MNIST's, or of a grey square; or one grey image.
  private static func flat(_ shape: Shape, _ wanted: Shape?) -> (count: Int, stored: Shape, order: Order)? {
    if let wanted {
      if shape[1] == wanted.count { return (shape[0], wanted, .planes) }
      if shape[1] == wanted[1] * wanted[2] { return (shape[0], [1, wanted[1], wanted[2]], .planes) }
      if shape[0] == wanted[1], shape[1] == wanted[2] { return (1, [1, shape[0], shape[1]], .planes) }
    }
    for channels in [3, 1] where shape[1] % channels == 0 {
      let side = Int(saturating: Double(shape[1] / channels).squareRoot().rounded())
      if side >= 4, side * side * channels == shape[1] { return (shape[0], [channels, side, side], .planes) }
    }
    return nil
  }

  private func sentence(_ shape: Shape) -> String? {
    let images = count == 1 ? "one image" : "\(count) images"
    return
      "the array \(shape) is taken as \(images) of \(stored[0])×\(stored[1])×\(stored[2]) (channels, rows, columns)"
  }
}

// MARK: - Values

extension ImageArray {
  /// Images whose values decide; the others are checked when they are read.
  private static let sample = 64

  /// Recognises by the values of some images what stands for white.
  private mutating func decideWhite() throws(ImageError) {
    if array.type.kind == .boolean {
      white = .one
      return
    }
    var (least, most) = (Float.infinity, -Float.infinity)
    var areWhole = true
    let step = max(1, count / ImageArray.sample)
    for index in stride(from: 0, to: count, by: step) {
      for value in try array.read(index * stored.count..<(index + 1) * stored.count) {
        guard value.isFinite else { throw .pixelRange(path, value: value, index: index) }
        least = min(least, value)
        most = max(most, value)
        areWhole = areWhole && value == value.rounded()
      }
    }
    // No picture of bytes is as dark as that: the numbers are of another kind.
    let isBetween = array.type.kind == .float && most > 1 + 1e-6 && most < 8
    guard least >= -1e-6, most <= 255 + 1e-3, !isBetween else {
      throw .pixels(path, least: least, most: most)
    }
    white = most > 1 + 1e-6 ? .byte : .one
    if areWhole, most > 8, most <= 16, stored == [1, 8, 8] { white = .sixteen }
    if let remark = remark(most) { remarks.append(remark) }
  }

  private func remark(_ most: Float) -> String? {
    let type = array.type
    switch (white, type.kind) {
    case (.sixteen, _):
      return
        "the pixels are whole numbers up to \(Int(saturating: most)), as scikit-learn's digits: 16 is taken as white"
    case (.byte, .float):
      return "the values reach \(most): they are taken as pixels from 0 to 255"
    case (.byte, .signed), (.byte, .unsigned):
      return type.isByte ? nil : "whole numbers are taken as pixels from 0 to 255"
    case (.one, .signed), (.one, .unsigned):
      return "no value exceeds 1: 1 is taken as white"
    default: return nil
    }
  }
}
