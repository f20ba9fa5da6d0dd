internal import Drawing
internal import Images

/// A picture of at most 256 colours.
struct IndexedPicture {
  let width: Int
  let height: Int
  /// Red, green and blue of each colour in turn.
  private(set) var palette: [UInt8] = []
  /// The colour of each pixel, row after row.
  private(set) var indices: [UInt8]

  /// Exactly the picture; nil where it has more colours.
  init?(_ image: RGBImage) {
    (width, height) = (image.width, image.height)
    indices = [UInt8](repeating: 0, count: image.width * image.height)
    var known: [UInt32: UInt8] = [:]
    var last: (color: UInt32, index: UInt8)?
    for pixel in indices.indices {
      let color = Self.color(image, pixel)
      if let last, last.color == color {
        indices[pixel] = last.index
        continue
      }
      if known[color] == nil {
        guard known.count < 256 else { return nil }
        known[color] = UInt8(known.count)
        palette += image.bytes[3 * pixel..<3 * pixel + 3]
      }
      last = (color, known[color] ?? 0)
      indices[pixel] = known[color] ?? 0
    }
  }

  /// The picture in the 256 colours that come nearest to its own.
  init(reducing image: RGBImage) {
    (width, height) = (image.width, image.height)
    let picture = Picture(width: width, height: height, channels: 3, bytes: image.bytes)
    guard let reduced = ColorReduction(picture) else {
      // No memory for it: a grey area.
      (palette, indices) = ([128, 128, 128], [UInt8](repeating: 0, count: width * height))
      return
    }
    (palette, indices) = (reduced.palette, reduced.indices)
  }

  private static func color(_ image: RGBImage, _ pixel: Int) -> UInt32 {
    UInt32(image.bytes[3 * pixel]) << 16 | UInt32(image.bytes[3 * pixel + 1]) << 8
      | UInt32(image.bytes[3 * pixel + 2])
  }
}
