/// A picture of 8-bit red, green and blue, rows from the top: height × width × 3 bytes.
public struct RGBImage: Hashable, Sendable {
  /// Pixels in a row.
  public let width: Int
  /// Rows of pixels.
  public let height: Int
  /// Red, green and blue of each pixel in turn, row after row.
  public var bytes: [UInt8]

  public init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(
      width >= 0 && height >= 0 && bytes.count == width * height * 3,
      "an image of \(width)×\(height) has \(width * height * 3) bytes, not \(bytes.count)")
    self.width = width
    self.height = height
    self.bytes = bytes
  }

  /// An image of one colour.
  public init(width: Int, height: Int, fill: Color) {
    self.init(
      width: width, height: height,
      bytes: (0..<max(0, width * height)).flatMap { _ in [fill.red, fill.green, fill.blue] })
  }

  subscript(row: Int, column: Int) -> Color {
    get {
      let i = 3 * (row * width + column)
      return Color(red: bytes[i], green: bytes[i + 1], blue: bytes[i + 2])
    }
    set {
      guard row >= 0, row < height, column >= 0, column < width else { return }
      let i = 3 * (row * width + column)
      (bytes[i], bytes[i + 1], bytes[i + 2]) = (newValue.red, newValue.green, newValue.blue)
    }
  }
}
