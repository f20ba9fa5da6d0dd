public import Drawing

/// What the person asked for; nil leaves the choice to ``TerminalDecision``.
public struct TerminalOptions: Hashable, Sendable {
  /// Goes before `NO_COLOR`, `COLORTERM` and terminfo.
  public var colors: Appearance.ColorLevel?
  /// Goes before the locale, but blocks need a C library that gives them one column.
  public var glyphs: Appearance.GlyphSet?
  /// What curves are drawn with; where blocks are used at all.
  public var dots: Dots?
  /// Goes before `COLORFGBG`; given, the terminal is not asked.
  public var background: Appearance.Background?
  /// How pictures are shown; given, the terminal is not asked.
  public var graphics: GraphicsProtocol?
  /// Whether it is seen from afar: light, unless said otherwise, with thick lines and large names.
  public var isPresented = false
  /// Whether mouse reports are on at the start.
  public var mouse: Bool

  public init(
    colors: Appearance.ColorLevel? = nil, glyphs: Appearance.GlyphSet? = nil,
    dots: Dots? = nil, background: Appearance.Background? = nil, graphics: GraphicsProtocol? = nil,
    mouse: Bool = true
  ) {
    self.colors = colors
    self.glyphs = glyphs
    self.dots = dots
    self.background = background
    self.graphics = graphics
    self.mouse = mouse
  }

  /// The spelling of `--colors`: `auto` is nil.
  public static let colorLevels: [String: Appearance.ColorLevel] = [
    "none": .none, "8": .ansi8, "16": .ansi16, "256": .indexed, "true": .direct,
  ]
}
