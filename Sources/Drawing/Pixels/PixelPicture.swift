/// A picture in pixels that a terminal can show in place of cells; it is enlarged to them.
///
/// Wherever only cells are shown (text, exports, terminals without pictures), the cells below it count.
public struct PixelPicture: Hashable, Sendable {
  /// The picture in its own pixels.
  public let image: RGBImage
  /// The rows and columns that it fills.
  public let cells: Size
  /// Tells pictures apart: a digest of pixels and size.
  public let identity: UInt64

  public init(_ image: RGBImage, cells: Size) {
    self.image = image
    self.cells = cells
    var digest = image.digest
    for number in [cells.rows, cells.columns] {
      digest = (digest ^ UInt64(number)) &* 0x9E37_79B9_7F4A_7C15
      digest ^= digest >> 29
    }
    identity = digest
  }

  public static func == (a: PixelPicture, b: PixelPicture) -> Bool { a.identity == b.identity }

  public func hash(into hasher: inout Hasher) { hasher.combine(identity) }
}

/// The part of a picture that one cell shows.
public struct PictureTile: Hashable, Sendable {
  /// Which picture of the canvas.
  public let identity: UInt64
  /// Rows and columns of cells from the picture's upper left corner.
  public let row: UInt16
  /// See ``row``.
  public let column: UInt16
}

/// The cells of a terminal that shows pictures, in its pixels.
public struct CellPixels: Hashable, Sendable {
  /// Pixels along a row.
  public let width: Int
  /// Pixels along a column.
  public let height: Int
  /// How many times the terminal enlarges pictures: they have so many times fewer pixels each way.
  public let enlargement: Int

  public init(width: Int, height: Int, enlargement: Int = 1) {
    self.width = max(1, width)
    self.height = max(1, height)
    self.enlargement = max(1, enlargement)
  }

  /// The pixels of a picture over some cells: as wide to high as they are.
  func picture(over cells: Size) -> (width: Int, height: Int) {
    func length(_ pixels: Int) -> Int { max(1, (pixels + enlargement / 2) / enlargement) }
    return (length(cells.columns * width), length(cells.rows * height))
  }
}

extension Canvas {
  /// Lays a picture over the cells from (`row`, `column`) on; what is drawn later lies over the picture.
  public mutating func lay(_ picture: PixelPicture, row: Int, column: Int) {
    let limit = Int(UInt16.max)
    guard !picture.cells.isEmpty, picture.cells.rows < limit, picture.cells.columns < limit else { return }
    keep(picture)
    for r in 0..<picture.cells.rows {
      for c in 0..<picture.cells.columns {
        self[row + r, column + c].tile = PictureTile(
          identity: picture.identity, row: UInt16(r), column: UInt16(c))
      }
    }
  }

  /// The picture that a tile of this canvas is a part of.
  public func picture(of tile: PictureTile) -> PixelPicture? { pictures[tile.identity] }
}

extension RGBImage {
  /// A digest of size and bytes, eight bytes a step.
  fileprivate var digest: UInt64 {
    var digest = UInt64(width) << 32 | UInt64(height)
    bytes.withUnsafeBytes { bytes in
      var at = 0
      while at + 8 <= bytes.count {
        digest = (digest ^ bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
        digest ^= digest >> 31
        at += 8
      }
      while at < bytes.count {
        digest = (digest ^ UInt64(bytes[at])) &* 0x9E37_79B9_7F4A_7C15
        at += 1
      }
    }
    return digest ^ digest >> 33
  }
}
