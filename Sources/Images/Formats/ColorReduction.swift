internal import CGIF

/// A picture in at most 256 colours, by the median cut of giflib.
public struct ColorReduction {
  /// Red, green and blue of each colour in turn.
  public private(set) var palette: [UInt8] = []
  /// The colour of each pixel, row after row.
  public private(set) var indices: [UInt8]

  /// Finds the colours of a picture of three channels; nil where giflib has no memory.
  ///
  /// They are rounded to 32 steps of each channel.
  public init?(_ picture: Picture) {
    precondition(picture.channels == 3, "colours are reduced of three channels")
    func plane(_ channel: Int) -> [UInt8] {
      stride(from: channel, to: picture.bytes.count, by: 3).map { picture.bytes[$0] }
    }
    var (red, green, blue) = (plane(0), plane(1), plane(2))
    indices = [UInt8](repeating: 0, count: red.count)
    guard let map = GifMakeMapObject(256, nil), let colors = map.pointee.Colors else { return nil }
    defer { GifFreeMapObject(map) }
    var count = Int32(256)
    let (width, height) = (UInt32(picture.width), UInt32(picture.height))
    guard GifQuantizeBuffer(width, height, &count, &red, &green, &blue, &indices, colors) == GIF_OK else {
      return nil
    }
    for i in 0..<Int(count) {
      palette += [colors[i].Red, colors[i].Green, colors[i].Blue].map(Self.full)
    }
  }

  /// giflib counts in 31 steps of eight, of which the last is white.
  static func full(_ value: UInt8) -> UInt8 { UInt8(min(255, Int(value) * 255 / 248)) }
}
