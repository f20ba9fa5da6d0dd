/// An image in cells: two pixels a cell in half blocks, or glyphs by brightness; the aspect is kept.
public struct CellPicture: Hashable, Sendable, Drawable {
  /// The picture in its own pixels; drawing brings it to the size of its area.
  public var image: RGBImage
  /// Whether it stands in the middle of its area or in the upper left corner.
  public var isCentered: Bool

  public init(_ image: RGBImage, isCentered: Bool = true) {
    self.image = image
    self.isCentered = isCentered
  }

  /// A perturbation as a picture: mapped by sign with ±`limit` at the ends.
  ///
  /// Three channels become 0.5 + value / (2 · limit) each, as the paper shows perturbations; one channel is shown
  /// by a diverging map.
  ///
  /// `values` go channel after channel (C×H×W); a nil `limit` takes the largest magnitude.
  public static func signed(
    _ values: [Float], channels: Int, height: Int, width: Int, limit: Float? = nil,
    background: Appearance.Background = .dark
  ) -> CellPicture {
    precondition(
      values.count == channels * height * width,
      "a picture of \(channels)×\(height)×\(width) needs as many values, not \(values.count)")
    let plane = height * width
    let limit = max(.leastNormalMagnitude, limit ?? values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 })
    let map = ColorMap.diverging(background)
    var bytes = [UInt8](repeating: 0, count: plane * 3)
    for i in 0..<plane {
      if channels >= 3 {
        for c in 0..<3 { bytes[3 * i + c] = byte(0.5 + values[c * plane + i] / (2 * limit)) }
      } else if channels > 0 {
        let color = map.color(of: values[i], limit: limit)
        (bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]) = (color.red, color.green, color.blue)
      }
    }
    return CellPicture(RGBImage(width: width, height: height, bytes: bytes))
  }

  /// The magnitude to show in full colour: 1.4 times what a fiftieth of the values pass, so that noise stays calm,
  /// from a quarter of the largest to the largest.
  public static func limit(of values: [Float]) -> Float {
    let sizes = values.map(abs).filter(\.isFinite).sorted()
    guard let largest = sizes.last else { return 0 }
    return min(largest, max(1.4 * sizes[(sizes.count - 1) * 49 / 50], largest / 4))
  }

  /// An image from values in [0, 1], channel after channel (C×H×W); one channel is gray.
  public static func pixels(_ values: [Float], channels: Int, height: Int, width: Int) -> CellPicture {
    precondition(
      values.count == channels * height * width,
      "a picture of \(channels)×\(height)×\(width) needs as many values, not \(values.count)")
    let plane = height * width
    var bytes = [UInt8](repeating: 0, count: plane * 3)
    for i in 0..<plane where channels > 0 {
      for c in 0..<3 { bytes[3 * i + c] = byte(values[(channels >= 3 ? c : 0) * plane + i]) }
    }
    return CellPicture(RGBImage(width: width, height: height, bytes: bytes))
  }

  private static func byte(_ value: Float) -> UInt8 {
    value.isFinite ? UInt8((min(1, max(0, value)) * 255).rounded()) : 0
  }

  /// The cells the picture takes of `size`: as large as fits with square pixels, a cell being twice as high as wide.
  public func cells(in size: Size) -> Size {
    guard image.width > 0, image.height > 0, !size.isEmpty else { return Size(rows: 0, columns: 0) }
    let room = min(Double(size.columns) / Double(image.width), Double(size.rows * 2) / Double(image.height))
    // Enlarged by whole numbers pixels are equally large, and equal neighbours cost few bytes.
    let scale = room >= 2 ? room.rounded(.down) : room
    return Size(
      rows: min(size.rows, max(1, Int((Double(image.height) * scale / 2).rounded()))),
      columns: min(size.columns, max(1, Int((Double(image.width) * scale).rounded()))))
  }
}
