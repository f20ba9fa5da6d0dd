/// Cells and pixels of pictures drawn before.
enum PictureMemory {
  private struct Key: Hashable {
    let image: RGBImage
    let size: Size
    /// Colours of cells; nil for pixels.
    let level: Appearance.ColorLevel?
    let pixels: CellPixels?

    /// Some bytes tell pictures apart nearly always, and equality tells the rest.
    func hash(into hasher: inout Hasher) {
      hasher.combine(size)
      hasher.combine(level)
      hasher.combine(pixels)
      for i in stride(from: 0, to: image.bytes.count, by: max(1, image.bytes.count / 61)) {
        hasher.combine(image.bytes[i])
      }
    }
  }

  /// Some screens full of pictures.
  private static let cells = RecentMemory<Key, [Cell]>(capacity: 256)
  private static let pictures = RecentMemory<Key, PixelPicture>(capacity: 128)

  /// The cells of a picture that takes `size`, row after row.
  static func cells(of picture: CellPicture, _ size: Size, _ level: Appearance.ColorLevel) -> [Cell] {
    cells.value(of: Key(image: picture.image, size: size, level: level, pixels: nil)) {
      let quarters = level <= .ansi16 ? 1 : 2
      let pixels = picture.resampled(width: quarters * size.columns, height: 2 * size.rows)
      return level <= .ansi16 ? PictureShading.cells(pixels, level) : PictureCoding(pixels, level).cells()
    }
  }

  /// The pixels of a picture that takes `size`: its own, unless it has more than are shown.
  static func pixels(of picture: CellPicture, _ size: Size, _ pixels: CellPixels) -> PixelPicture {
    pictures.value(of: Key(image: picture.image, size: size, level: nil, pixels: pixels)) {
      let (width, height) = pixels.picture(over: size)
      let isLarge = picture.image.width > width || picture.image.height > height
      return PixelPicture(
        isLarge ? picture.resampled(width: width, height: height) : picture.image, cells: size)
    }
  }
}
