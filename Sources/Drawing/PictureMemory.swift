internal import Synchronization

/// Cells of pictures drawn before: the same picture is drawn in every frame, and finding its cells takes a
/// millisecond.
enum PictureMemory {
  private struct Key: Hashable {
    let image: RGBImage
    let size: Size
    let level: Appearance.ColorLevel
  }

  /// Some screens full of pictures.
  private static let capacity = 256
  private static let known = Mutex<[Key: [Cell]]>([:])

  /// The cells of a picture that takes `size`, row after row.
  static func cells(of picture: Picture, _ size: Size, _ level: Appearance.ColorLevel) -> [Cell] {
    let key = Key(image: picture.image, size: size, level: level)
    if let cells = known.withLock({ $0[key] }) { return cells }
    let quarters = level == .ansi16 ? 1 : 2
    let pixels = picture.resampled(width: quarters * size.columns, height: 2 * size.rows)
    let cells = level == .ansi16 ? PictureShading.cells(pixels) : PictureCoding(pixels, level).cells()
    known.withLock {
      if $0.count >= capacity { $0.removeAll() }
      $0[key] = cells
    }
    return cells
  }
}
