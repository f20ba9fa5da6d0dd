internal import Tensors

/// A square cut out of the middle of pictures.
///
/// Before it are left out (side − crop)/2 rows or columns. Libraries differ where that is no whole number, by a pixel.
public struct CentreCrop: Sendable, Equatable, ExpressibleByIntegerLiteral {
  /// How half of what the picture has beyond the square becomes a whole number of rows or columns.
  public enum Rounding: Sendable {
    /// To the nearest whole number, halves to the even one, as torchvision does it.
    case toEven
    /// To the whole number below, as Hugging Face's processors do it.
    case down
  }

  /// Rows and columns of the square, 1...100,000 px.
  public var side: Int
  /// What becomes of a half row or column; no matter for a margin, whose odd one lies behind the picture.
  public var rounding: Rounding
  /// Whether a smaller picture gets a black margin, as these libraries give it; the odd row or column behind it.
  public var pads: Bool

  public init(side: Int, rounding: Rounding = .toEven, pads: Bool = false) {
    self.side = side
    self.rounding = rounding
    self.pads = pads
  }

  public init(integerLiteral side: Int) { self.init(side: side) }

  /// The square; nil where the picture is smaller and gets no margin.
  public func apply(_ picture: Picture) -> Picture? {
    guard (1...Picture.longestSide).contains(side) else { return nil }
    guard pads || side <= min(picture.width, picture.height) else { return nil }
    let (top, left) = (start(picture.height), start(picture.width))
    let columns = max(0, left)..<min(picture.width, left + side)
    let channels = picture.channels
    var out = [UInt8](repeating: 0, count: side * side * channels)
    for row in max(0, top)..<min(picture.height, top + side) {
      let source = (row * picture.width + columns.lowerBound) * channels
      let target = ((row - top) * side + columns.lowerBound - left) * channels
      let length = columns.count * channels
      out.replaceSubrange(target..<target + length, with: picture.bytes[source..<source + length])
    }
    return Picture(width: side, height: side, channels: channels, bytes: out)
  }

  /// The first row or column of the square; below 0 by the width of a margin.
  private func start(_ extent: Int) -> Int {
    if extent < side { return -((side - extent) / 2) }
    let exact = Double(extent - side) / 2
    return Int(saturating: exact.rounded(rounding == .down ? .down : .toNearestOrEven))
  }
}
