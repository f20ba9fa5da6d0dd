/// The sixteen glyphs of a cell cut in four; bit 0 is upper left, 1 upper right, 2 lower left, 3 lower right.
enum Quadrants {
  private static let glyphs = Array(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█".unicodeScalars)

  static func glyph(_ mask: Int) -> Unicode.Scalar { glyphs[mask & 15] }

  /// The quarters a glyph fills; nil when it is no such glyph.
  static func mask(_ glyph: Unicode.Scalar) -> Int? { glyphs.firstIndex(of: glyph) }
}
