/// How a viewer is to turn a picture: EXIF's and TIFF's tag 274, by its numbers.
enum Orientation: Int {
  case upright = 1
  case mirrored
  case turnedAround
  case flipped
  case transposed
  /// To be turned by 90° clockwise.
  case clockwise
  case transverse
  /// To be turned by 90° counterclockwise.
  case counterclockwise

  /// What stands before the TIFF structure in a JPEG's segment, and sometimes in a WebP's.
  static let exifMark: [UInt8] = Array("Exif\0\0".utf8)

  /// The tag in the first directory of a TIFF structure; upright where it does not say.
  init(exif: ArraySlice<UInt8>?) {
    self = exif.flatMap { Orientation(rawValue: Orientation.tag($0) ?? 1) } ?? .upright
  }

  private static func tag(_ exif: ArraySlice<UInt8>) -> Int? {
    let bytes = Array(exif.starts(with: exifMark) ? exif.dropFirst(exifMark.count) : exif)
    guard bytes.count >= 8 else { return nil }
    let isLittle = bytes[0] == UInt8(ascii: "I")
    func number(_ at: Int, _ size: Int) -> Int? {
      guard at >= 0, at + size <= bytes.count else { return nil }
      return isLittle ? bytes[at..<at + size].littleEndian : bytes[at..<at + size].bigEndian
    }
    guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
    for entry in 0..<count {
      let at = directory + 2 + 12 * entry
      guard let tag = number(at, 2) else { return nil }
      if tag == 274 { return number(at + 8, 2) }
    }
    return nil
  }

  /// Whether rows become columns.
  private var isTransposing: Bool { rawValue >= Orientation.transposed.rawValue }

  /// `picture` as a viewer shows it.
  func turn(_ picture: Picture) -> Picture {
    guard self != .upright else { return picture }
    let (width, height) = isTransposing ? (picture.height, picture.width) : (picture.width, picture.height)
    let channels = picture.channels
    var bytes: [UInt8] = []
    bytes.reserveCapacity(picture.bytes.count)
    for y in 0..<height {
      for x in 0..<width {
        let (column, row) = source(x, y, picture)
        let first = (row * picture.width + column) * channels
        bytes += picture.bytes[first..<first + channels]
      }
    }
    return Picture(width: width, height: height, channels: channels, bytes: bytes)
  }

  /// The column and the row that (x, y) of the turned picture comes from.
  private func source(_ x: Int, _ y: Int, _ picture: Picture) -> (Int, Int) {
    let (right, bottom) = (picture.width - 1, picture.height - 1)
    return switch self {
    case .upright: (x, y)
    case .mirrored: (right - x, y)
    case .turnedAround: (right - x, bottom - y)
    case .flipped: (x, bottom - y)
    case .transposed: (y, x)
    case .clockwise: (y, bottom - x)
    case .transverse: (right - y, bottom - x)
    case .counterclockwise: (right - y, x)
    }
  }
}
