public import Tensors

/// An 8-bit picture, RGB or grey, bytes row by row with a pixel's channels together.
public struct Picture: Sendable, Equatable {
  /// The most pixels that are read: beyond it a file is refused before anything is allocated for it.
  public static let largestArea = 100_000_000

  /// The longest side that a picture is resized to.
  static let longestSide = 100_000

  /// Columns, px.
  public let width: Int
  /// Rows, px.
  public let height: Int
  /// 3 for RGB, 1 for grey.
  public let channels: Int
  /// H×W×C, from 0 for black to 255 for white.
  public let bytes: [UInt8]

  public init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    precondition(channels == 1 || channels == 3, "a picture has 1 or 3 channels, not \(channels)")
    precondition(
      bytes.count == width * height * channels, "\(bytes.count) bytes for \(width)×\(height)×\(channels)")
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }

  /// A picture from planes C×H×W, as data files keep them.
  init(planes: ArraySlice<UInt8>, channels: Int, width: Int, height: Int) {
    let area = width * height
    let base = planes.startIndex
    self.init(
      width: width, height: height, channels: channels,
      bytes: [UInt8](unsafeUninitializedCapacity: channels * area) { out, initialized in
        for channel in 0..<channels {
          for i in 0..<area { out[i * channels + channel] = planes[base + channel * area + i] }
        }
        initialized = channels * area
      })
  }

  /// The picture as a batch of one, 1×C×H×W, pixels in [0, 1].
  public var tensor: Tensor {
    var elements: [Float] = []
    appendPlanes(to: &elements)
    return Tensor(shape: [1, channels, height, width], elements: elements)
  }

  /// A picture of entry `n` of a batch N×C×H×W (C is 1 or 3), pixels in [0, 1], what lies outside cut off.
  public init(_ batch: Tensor, entry n: Int = 0) {
    let (channels, height, width) = (batch.shape[1], batch.shape[2], batch.shape[3])
    let bytes = batch.entryElements(n).map { UInt8(max(0, min(255, 255 * $0.clampedFinite)).rounded()) }
    self.init(planes: bytes[...], channels: channels, width: width, height: height)
  }

  /// Grey repeated in three channels; a colour picture stays as it is.
  public var inColor: Picture {
    if channels == 3 { return self }
    return Picture(width: width, height: height, channels: 3, bytes: bytes.flatMap { [$0, $0, $0] })
  }

  /// The grey picture that this is, where all of its pixels are grey; nil where one is coloured.
  public var inGrey: Picture? {
    if channels == 1 { return self }
    var grey: [UInt8] = []
    grey.reserveCapacity(width * height)
    for i in stride(from: 0, to: bytes.count, by: 3) {
      guard bytes[i] == bytes[i + 1], bytes[i] == bytes[i + 2] else { return nil }
      grey.append(bytes[i])
    }
    return Picture(width: width, height: height, channels: 1, bytes: grey)
  }

  /// The planes C×H×W, bytes divided by 255.
  func appendPlanes(to elements: inout [Float]) {
    for channel in 0..<channels {
      for i in stride(from: channel, to: bytes.count, by: channels) { elements.append(Float(bytes[i]) / 255) }
    }
  }
}

extension Float {
  fileprivate var clampedFinite: Float { isNaN ? 0 : self }
}
