/// The looks of the interface: each carries a colour and the style that says the same without colours.
public struct Theme: Hashable, Sendable {
  public let text: Look
  public let muted: Look
  public let title: Look
  public let accent: Look
  public let key: Look
  public let selection: Look
  public let good: Look
  public let warning: Look
  public let bad: Look
  public let border: Look
  /// The colour of the line where the margin is zero: as far from every colour map as the background allows.
  public let contour: Color
  /// The colour of curves over pictures, apart from the contour's.
  public let curve: Color
  /// What region colours are mixed with.
  public let ground: Color

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
