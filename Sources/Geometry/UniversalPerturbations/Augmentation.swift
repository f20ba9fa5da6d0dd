public import Tensors

/// How images are varied before a universal perturbation learns from them, so that few stand for many.
public enum Augmentation: Hashable, Sendable, CustomStringConvertible {
  case none
  /// Half of the draws have left and right exchanged.
  case mirror
  /// Besides, each draw is shifted by a whole number of pixels up to this, evenly, down and across; what comes in at an
  /// edge is the image reflected there, as training of these networks has it.
  case shift(Int)

  /// As the command line spells it: `none`, `mirror`, `shift:N`.
  public init?(_ text: String) {
    switch text {
    case "none": self = .none
    case "mirror": self = .mirror
    default:
      guard text.hasPrefix("shift:"), let most = Int(text.dropFirst(6)), (1...16_384).contains(most)
      else { return nil }
      self = .shift(most)
    }
  }

  public var description: String {
    switch self {
    case .none: "none"
    case .mirror: "mirror"
    case .shift(let most): "shift:\(most)"
    }
  }

  /// The farthest shift, in pixels.
  public var reach: Int { if case .shift(let most) = self { most } else { 0 } }

  /// One draw of each image, N×C×H×W.
  public func draw(_ images: Tensor, using generator: inout SeededGenerator) -> Tensor {
    if self == .none { return images }
    let (rows, columns) = (images.shape[2], images.shape[3])
    precondition(reach < min(rows, columns), "a shift of \(reach) in images of \(rows)×\(columns)")
    var elements: [Float] = []
    elements.reserveCapacity(images.elements.count)
    for n in 0..<images.count {
      let isMirrored = generator.next() >> 63 == 1
      let (down, across) = (shift(&generator), shift(&generator))
      let ys = (0..<rows).map { Self.reflected($0 + down, rows) }
      let xs = (0..<columns).map {
        Self.reflected(isMirrored ? columns - 1 - $0 + across : $0 + across, columns)
      }
      let image = images.entryElements(n)
      for channel in 0..<images.shape[1] {
        for y in ys {
          let row = image.startIndex + (channel * rows + y) * columns
          for x in xs { elements.append(image[row + x]) }
        }
      }
    }
    return Tensor(shape: images.shape, elements: elements)
  }

  private func shift(_ generator: inout SeededGenerator) -> Int {
    reach == 0 ? 0 : Int.random(in: -reach...reach, using: &generator)
  }

  /// Where a place beyond an edge lies that is reflected in the outermost pixel.
  private static func reflected(_ place: Int, _ count: Int) -> Int {
    if place < 0 { return -place }
    return place < count ? place : 2 * count - 2 - place
  }
}

extension Augmentation: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let augmentation = Augmentation(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(text) is not an augmentation")
    }
    self = augmentation
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
