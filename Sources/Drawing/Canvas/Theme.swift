/// The looks of the interface: each carries a colour and the style that says the same without colours.
public struct Theme: Hashable, Sendable {
  /// Labels and sentences, in the terminal's own colours.
  public let text: Look
  /// What may be passed over: hints, units, ticks, table headings, what is paused or cancelled; gray or dim.
  public let muted: Look
  /// Headings, and values that stand out; bold alone.
  public let title: Look
  /// What has the focus, topics and the fill of bars; blue and bold.
  public let accent: Look
  /// Keys to press, and the places of cursors on axes and plots; orange or vermillion, bold.
  public let key: Look
  /// The selected row or entry, in reverse video.
  public let selection: Look
  /// What runs or went well; green alone.
  public let good: Look
  /// Cautions, found signs and wrong labels; yellow on dark, vermillion on light, bold.
  public let warning: Look
  /// Failures, alarms and reasons why something cannot be used; vermillion, bold, underlined.
  public let bad: Look
  /// Frames, axis lines and the ends of gauges; gray or dim.
  public let border: Look
  /// The colour of the line where the margin is zero: as far from every colour map as the background allows.
  public let contour: Color
  /// The colour of curves over pictures, apart from the contour's.
  public let curve: Color
  /// What region colours are mixed with.
  public let ground: Color

  /// Looks for the background and the number of colours; the glyphs do not matter.
  public init(_ appearance: Appearance) {
    let dark = appearance.background == .dark
    text = .plain
    // On eight colours "bright black" is black: there, as without colours, dimness says it.
    let faint: Style = appearance.colors < .ansi16 ? .dim : []
    let gray = dark ? Color(gray: 138, ansi: 8) : Color(gray: 98, ansi: 8)
    let known = appearance.colors >= .ansi16
    muted = Look(known ? gray : nil, style: faint)
    border = Look(known ? (dark ? Color(gray: 98, ansi: 8) : Color(gray: 158, ansi: 7)) : nil, style: faint)
    let blue = dark ? Color.skyBlue : Color.blue
    title = Look(style: .bold)
    accent = Look(blue, style: .bold)
    key = Look(dark ? Color.orange : Color.vermillion, style: .bold)
    selection = Look(style: .reverse)
    good = Look(Color.green)
    warning = Look(dark ? Color.yellow : Color.vermillion, style: .bold)
    bad = Look(Color.vermillion, style: [.bold, .underline])
    contour = dark ? .white : .black
    curve = dark ? .yellow : Color(red: 110, green: 0, blue: 130, indexed: 90, ansi: 5)
    ground = dark ? .black : .white
  }
}
