/// What the terminal can show, as decided at the start or by the user; pictures choose glyphs and colours by it.
public struct Appearance: Hashable, Sendable {
  /// How many colours: none means bold, dim, underline and reverse alone.
  public enum ColorLevel: Int, Sendable, Comparable, CaseIterable {
    case none, ansi8, ansi16, indexed, direct
    public static func < (a: ColorLevel, b: ColorLevel) -> Bool { a.rawValue < b.rawValue }
  }

  /// Which glyphs: ASCII alone, or block elements and line drawing as well.
  public enum GlyphSet: Sendable { case ascii, blocks }

  /// Whether text is light on dark or dark on light.
  public enum Background: Sendable { case dark, light }

  /// The most colours that may be used.
  public var colors: ColorLevel
  /// The glyphs that may be used.
  public var glyphs: GlyphSet
  /// What lies behind text; the theme, colour maps and the tones of classes go by it.
  public var background: Background

  /// What curves are drawn with; ``Dots/points`` where the glyphs are ASCII.
  public var dots: Dots {
    get { glyphs == .ascii ? .points : chosenDots }
    set { chosenDots = newValue }
  }

  private var chosenDots: Dots

  /// Pixels of a cell where pictures may be laid over cells; nil where cells are all there is.
  public var pixels: CellPixels?

  /// Whether it is seen from afar: thick lines and large names.
  public var isPresented = false

  public init(colors: ColorLevel, glyphs: GlyphSet, background: Background = .dark, dots: Dots = .braille) {
    self.colors = colors
    self.glyphs = glyphs
    self.background = background
    chosenDots = dots
  }

  /// Text alone: no colours, no attributes that matter, block elements allowed.
  public static let plain = Appearance(colors: .none, glyphs: .blocks)
}
