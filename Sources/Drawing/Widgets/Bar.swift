/// Bars in eighths of a cell.
enum Bar {
  private static let left = Array(" ▏▎▍▌▋▊▉█".unicodeScalars)
  private static let lower = Array(" ▁▂▃▄▅▆▇█".unicodeScalars)

  /// A bar that grows to the right, `length` cells long in a field of `width` cells.
  static func glyphs(_ length: Double, width: Int, _ set: Appearance.GlyphSet) -> [Unicode.Scalar] {
    (0..<max(0, width)).map { i in
      let part = length.isFinite ? min(1, max(0, length - Double(i))) : 0
      return set == .blocks ? left[Int((part * 8).rounded())] : part >= 0.5 ? "#" : " "
    }
  }

  /// The glyph of a cell that is filled from below by a part of it, 0…1.
  static func rising(_ part: Double, _ set: Appearance.GlyphSet) -> Unicode.Scalar {
    let part = part.isFinite ? min(1, max(0, part)) : 0
    return set == .blocks ? lower[Int((part * 8).rounded())] : part >= 0.75 ? "#" : part >= 0.25 ? "=" : " "
  }
}
