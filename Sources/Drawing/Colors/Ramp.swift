/// Glyphs from little ink to much, monotone in the fonts measured, for sizes where there are no colours.
public enum Ramp {
  /// Eight levels of ASCII; the classic ` .:-=+*#%@` is not monotone in DejaVu Sans Mono.
  public static let ascii = Array(" .:;+?Z@".unicodeScalars)
  /// Five levels of shade.
  public static let shades = Array(" ░▒▓█".unicodeScalars)

  /// The glyph for a brightness or size, 0…1.
  public static func glyph(_ level: Double, _ set: Appearance.GlyphSet) -> Unicode.Scalar {
    let ramp = set == .blocks ? shades : ascii
    guard level.isFinite else { return ramp[0] }
    return ramp[min(ramp.count - 1, Int(min(1, max(0, level)) * Double(ramp.count)))]
  }

  /// The glyph for a signed value when ±`limit` are the ends, so that plain text tells the signs apart.
  ///
  /// Negative values use the light half of the ramp and positive ones the heavy half; ink grows with the value's
  /// size in each.
  public static func glyph(of value: Float, limit: Float, _ set: Appearance.GlyphSet) -> Unicode.Scalar {
    let size = Double(abs(value)) / Double(max(limit, .leastNormalMagnitude))
    guard size.isFinite else { return " " }
    let step = min(3, Int(min(1, size) * 4))
    if set == .ascii { return ascii[value < 0 ? step : 4 + step] }
    return value < 0 ? negative[step] : positive[step]
  }

  private static let negative = Array(" .:;".unicodeScalars)
  // Not the full block, which lines are drawn with.
  private static let positive = Array("░░▒▓".unicodeScalars)
}
