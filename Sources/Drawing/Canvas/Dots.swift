/// What a cell is divided into for lines thinner than a cell: two columns of dots, two to four rows.
public enum Dots: String, Hashable, Sendable, CaseIterable {
  /// Braille patterns, 2×4: fine lines, and in nearly every font.
  case braille
  /// Blocks of 2×4 (Unicode 16): heavier, in few fonts.
  case octants
  /// Blocks of 2×3 (Unicode 13).
  case sextants
  /// Blocks of 2×2.
  case quarters
  /// One point a cell: for fonts of a few hundred glyphs, and for ASCII.
  case points

  /// Rows of dots in a cell; two columns each, but for ``points``.
  var rows: Int {
    switch self {
    case .braille, .octants: 4
    case .sextants: 3
    case .quarters: 2
    case .points: 1
    }
  }

  var columns: Int { self == .points ? 1 : 2 }

  /// The glyph whose dots are set: bit 2r + c is row r from the top, column c from the left.
  func glyph(_ mask: Int, _ set: Appearance.GlyphSet) -> Unicode.Scalar {
    guard mask != 0 else { return " " }
    switch self {
    case .braille: return Self.braille(mask)
    case .octants: return Self.octantGlyphs[mask & 255]
    case .sextants: return Self.sextant(mask & 63)
    case .quarters: return Quadrants.glyph(mask)
    case .points: return set == .ascii ? "." : "·"
    }
  }

  /// The dots of a glyph, for drawings that have no font; nil where it is none of these.
  static func mask(of glyph: Unicode.Scalar) -> (dots: Dots, mask: Int)? { masks[glyph] }

  private static let masks: [Unicode.Scalar: (dots: Dots, mask: Int)] = {
    var masks: [Unicode.Scalar: (dots: Dots, mask: Int)] = [:]
    for dots in [Dots.braille, .octants, .sextants, .quarters] {
      for mask in 1..<(1 << (2 * dots.rows)) { masks[dots.glyph(mask, .blocks)] = (dots, mask) }
    }
    return masks
  }()

  /// U+2800 and a bit for each dot: down the left column, down the right one, then the two of the last row.
  private static func braille(_ mask: Int) -> Unicode.Scalar {
    let bits: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    return Unicode.Scalar(0x2800 + bits.indices.reduce(0) { $0 | (mask >> $1 & 1 == 1 ? bits[$1] : 0) })!
  }

  /// U+1FB00 … in the order of the masks, without the two halves and the full block, which are older.
  private static func sextant(_ mask: Int) -> Unicode.Scalar {
    switch mask {
    case 21: "▌"
    case 42: "▐"
    case 63: "█"
    default: Unicode.Scalar(UInt32(0x1FB00 + mask - 1 - (mask > 21 ? 1 : 0) - (mask > 42 ? 1 : 0)))!
    }
  }

  /// U+1CD00 … in the order of the masks, without those that have a place elsewhere.
  private static let octantGlyphs: [Unicode.Scalar] = {
    var glyphs: [Unicode.Scalar] = []
    var next: UInt32 = 0x1CD00
    for mask in 0..<256 {
      if let known = elsewhere[mask] ?? wholeQuarters(mask) {
        glyphs.append(known)
      } else {
        glyphs.append(Unicode.Scalar(next)!)
        next += 1
      }
    }
    return glyphs
  }()

  /// Octants of Unicode 13 and 16 outside their block.
  private static let elsewhere: [Int: Unicode.Scalar] = [
    0b0000_0001: "\u{1CEA8}", 0b0000_0010: "\u{1CEAB}", 0b0100_0000: "\u{1CEA3}", 0b1000_0000: "\u{1CEA0}",
    0b0001_0100: "\u{1FBE6}", 0b0010_1000: "\u{1FBE7}", 0b0000_0011: "\u{1FB82}", 0b0011_1111: "\u{1FB85}",
    0b1100_0000: "\u{2582}", 0b1111_1100: "\u{2586}",
  ]

  /// The block element where both rows of each half are equal.
  private static func wholeQuarters(_ mask: Int) -> Unicode.Scalar? {
    guard mask & 3 == mask >> 2 & 3, mask >> 4 & 3 == mask >> 6 & 3 else { return nil }
    return Quadrants.glyph(mask & 3 | (mask >> 4 & 3) << 2)
  }
}
