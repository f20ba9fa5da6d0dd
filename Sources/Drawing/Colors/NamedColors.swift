extension Color {
  /// A colour with the nearest places in the smaller palettes.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.init(
      red: red, green: green, blue: blue, indexed: Palette.indexed(red: red, green: green, blue: blue),
      ansi: Palette.ansi(red: red, green: green, blue: blue))
  }

  init(gray level: UInt8, ansi: UInt8) {
    self.init(
      red: level, green: level, blue: level, indexed: Palette.indexed(red: level, green: level, blue: level),
      ansi: ansi)
  }

  /// #000000, the ground of dark themes.
  public static let black = Color(red: 0, green: 0, blue: 0, indexed: 16, ansi: 0)
  /// #FFFFFF, the ground of light themes.
  public static let white = Color(red: 255, green: 255, blue: 255, indexed: 231, ansi: 15)
  /// White where there are only eight colours: bright black is black there.
  public static let gray = Color(gray: 128, ansi: 7)

  // Okabe and Ito, "Color Universal Design" (2008): apart under every common colour-vision deficiency.
  /// Okabe and Ito's orange, #E69F00.
  public static let orange = Color(red: 230, green: 159, blue: 0, indexed: 214, ansi: 3)
  /// Okabe and Ito's sky blue, #56B4E9.
  public static let skyBlue = Color(red: 86, green: 180, blue: 233, indexed: 74, ansi: 14)
  /// Okabe and Ito's bluish green, #009E73.
  public static let green = Color(red: 0, green: 158, blue: 115, indexed: 36, ansi: 2)
  /// Okabe and Ito's yellow, #F0E442.
  public static let yellow = Color(red: 240, green: 228, blue: 66, indexed: 220, ansi: 11)
  /// Okabe and Ito's blue, #0072B2.
  public static let blue = Color(red: 0, green: 114, blue: 178, indexed: 25, ansi: 12)
  /// Okabe and Ito's vermillion, #D55E00.
  public static let vermillion = Color(red: 213, green: 94, blue: 0, indexed: 166, ansi: 9)
  /// Okabe and Ito's reddish purple, #CC79A7.
  public static let purple = Color(red: 204, green: 121, blue: 167, indexed: 175, ansi: 5)

  /// This colour with a share of another mixed in, by components.
  public func mixed(with other: Color, share: Double) -> Color {
    let p = share.isFinite ? min(1, max(0, share)) : 0
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((Double(a) * (1 - p) + Double(b) * p).rounded()) }
    let (r, g, b) = (mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
    return Color(
      red: r, green: g, blue: b, indexed: Palette.indexed(red: r, green: g, blue: b),
      ansi: p < 0.6 ? ansi : other.ansi)
  }

  /// Relative luminance as the eye weighs it, 0…1, with the weights of BT.709.
  public var luminance: Double {
    func square(_ v: UInt8) -> Double { Double(v) * Double(v) / 65_025 }
    return 0.2126 * square(red) + 0.7152 * square(green) + 0.0722 * square(blue)
  }
}
