internal import Synchronization

/// Cells of pictures drawn before: the same picture is drawn in every frame, and finding its cells takes a
/// millisecond.
enum PictureMemory {
  private struct Key: Hashable {
    let image: RGBImage
    let size: Size
    let level: Appearance.ColorLevel

    /// Some bytes tell pictures apart nearly always, and equality tells the rest.
    func hash(into hasher: inout Hasher) {
      hasher.combine(size)
      hasher.combine(level)
      for i in stride(from: 0, to: image.bytes.count, by: max(1, image.bytes.count / 61)) {
        hasher.combine(image.bytes[i])
      }
    }
  }

  /// Pictures used since the last turn, and those used only before it: a picture in use is never forgotten.
  private struct Pictures {
    var recent: [Key: [Cell]] = [:]
    var older: [Key: [Cell]] = [:]

    mutating func find(_ key: Key) -> [Cell]? {
      if let cells = recent[key] { return cells }
      guard let cells = older.removeValue(forKey: key) else { return nil }
      keep(cells, key)
      return cells
    }

    mutating func keep(_ cells: [Cell], _ key: Key) {
      if recent.count >= capacity { (older, recent) = (recent, [:]) }
      recent[key] = cells
    }
  }

  /// Some screens full of pictures.
  private static let capacity = 256
  private static let known = Mutex(Pictures())

  /// The cells of a picture that takes `size`, row after row.
  static func cells(of picture: CellPicture, _ size: Size, _ level: Appearance.ColorLevel) -> [Cell] {
    let key = Key(image: picture.image, size: size, level: level)
    if let cells = known.withLock({ $0.find(key) }) { return cells }
    let quarters = level <= .ansi16 ? 1 : 2
    let pixels = picture.resampled(width: quarters * size.columns, height: 2 * size.rows)
    let cells = level <= .ansi16 ? PictureShading.cells(pixels, level) : PictureCoding(pixels, level).cells()
    known.withLock { $0.keep(cells, key) }
    return cells
  }
}
