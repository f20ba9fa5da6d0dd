/// How a run of cells looks: its colours, and the style that stands for them where there are none.
public struct Look: Hashable, Sendable {
  /// Colour of the glyphs; nil is the terminal's own.
  public var foreground: Color?
  /// Colour behind them; nil is the terminal's own, and keeps what a cell has where text is put on it.
  public var background: Color?
  /// What is left of the look without colours.
  public var style: Style

  public init(_ foreground: Color? = nil, on background: Color? = nil, style: Style = []) {
    self.foreground = foreground
    self.background = background
    self.style = style
  }

  /// The terminal's own colours.
  public static let plain = Look()

  /// The same look with more style.
  public func with(_ more: Style) -> Look { Look(foreground, on: background, style: style.union(more)) }

  /// The same look on another background.
  public func on(_ background: Color?) -> Look { Look(foreground, on: background, style: style) }
}
