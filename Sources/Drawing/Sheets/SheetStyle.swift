/// How figures look on paper and on slides: sizes in points, and colours.
public struct SheetStyle: Hashable, Sendable {
  /// What a figure is for.
  public enum Name: String, Sendable, CaseIterable {
    /// A column of a paper: small type on white, without a title, which the caption has.
    case paper
    /// A slide: large type on white.
    case slides
    /// A slide with a dark ground.
    case dark
  }

  /// What it was made from.
  public private(set) var name: Name
  /// The first font that is tried.
  public var fontFamily: String
  /// Of all text but titles, in points.
  public var fontSize: Double
  /// Of curves, in points; axes are thinner.
  public var lineWidth: Double
  /// Half the width of a curve's marks, in points.
  public var markSize: Double
  /// Whether the figure's title stands on it.
  public var hasTitle: Bool

  public init(_ name: Name, fontFamily: String = "DejaVu Sans") {
    self.name = name
    self.fontFamily = fontFamily
    fontSize = name == .paper ? 7.5 : 15
    lineWidth = name == .paper ? 1.1 : 2.2
    markSize = name == .paper ? 2 : 4
    hasTitle = name != .paper
  }

  /// The same sizes in the colours of the dark style.
  public var onDark: SheetStyle {
    var style = self
    style.name = .dark
    return style
  }

  /// What lies behind the figure.
  public var background: Appearance.Background { name == .dark ? .dark : .light }
  var ground: Color { name == .dark ? Color(red: 18, green: 18, blue: 20) : .white }
  var ink: Color {
    name == .dark ? Color(red: 235, green: 235, blue: 235) : Color(red: 20, green: 20, blue: 20)
  }
  var muted: Color {
    name == .dark ? Color(red: 160, green: 160, blue: 160) : Color(red: 90, green: 90, blue: 90)
  }
  var grid: Color {
    name == .dark ? Color(red: 56, green: 56, blue: 60) : Color(red: 222, green: 222, blue: 222)
  }
  /// The colour behind everything, which a file begins with.
  public var paper: Color { ground }

  /// From one line of text to the next.
  var lineHeight: Double { 1.4 * fontSize }

  /// How wide a text is, by the advances of DejaVu Sans: a little more than most fonts take.
  public func width(_ text: String, size: Double? = nil, isBold: Bool = false) -> Double {
    let size = size ?? fontSize
    return RichText.runs(text).reduce(0) { sum, run in
      let scale = size * (run.isSubscript ? RichText.small : 1)
      return sum + run.text.unicodeScalars.reduce(0) { $0 + Self.advance($1) } * scale
    } * (isBold ? 1.12 : 1)
  }

  private static func advance(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "'", "|", ".", ",", ":", ";", " ", "I", "!": 0.32
    case "f", "t", "r", "(", ")", "[", "]", "-", "/", "·": 0.4
    case "m", "M", "W", "w", "%", "@", "→", "±", "−", "+", "=", "<", ">", "∇", "≥", "≤": 0.85
    case "A"..."Z", "∞", "‖": 0.68
    case "0"..."9": 0.64
    default: scalar.value > 0x2E80 ? 1 : 0.6
    }
  }
}

/// Text with subscripts: the sign after `_` of a single letter, as in S_c and K_S.
public enum RichText {
  /// A part of a text on one height.
  public struct Run: Hashable, Sendable {
    /// What is written.
    public var text: String
    /// Whether it is smaller and stands lower.
    public var isSubscript: Bool
  }

  /// The size of a subscript beside that of the text.
  public static var small: Double { 0.72 }
  /// How far below the line it stands, in sizes of the text.
  public static var drop: Double { 0.22 }

  /// Minus signs where a hyphen stands before a number: not within words and ranges.
  static func withMinus(_ text: String) -> String {
    let characters = Array(text)
    return String(
      characters.indices.map { i in
        let isBound = i == 0 || characters[i - 1] == " " || "([=".contains(characters[i - 1])
        let isNumber = i + 1 < characters.count && (characters[i + 1].isNumber || characters[i + 1] == ".")
        return characters[i] == "-" && isBound && isNumber ? "−" : characters[i]
      })
  }

  /// A text in its parts: `S_c reached` is S, a low c, and the rest.
  public static func runs(_ text: String) -> [Run] {
    let characters = Array(withMinus(text))
    func isWord(_ i: Int) -> Bool {
      characters.indices.contains(i)
        && (characters[i].isLetter || characters[i].isNumber || characters[i] == "_")
    }
    var runs: [Run] = []
    var (plain, i) = ("", 0)
    while i < characters.count {
      let isBase =
        characters[i].isLetter && !isWord(i - 1) && i + 2 < characters.count && characters[i + 1] == "_"
      if isBase, characters[i + 2].isLetter || characters[i + 2].isNumber, !isWord(i + 3) {
        runs.append(Run(text: plain + String(characters[i]), isSubscript: false))
        runs.append(Run(text: String(characters[i + 2]), isSubscript: true))
        (plain, i) = ("", i + 3)
      } else {
        plain.append(characters[i])
        i += 1
      }
    }
    return plain.isEmpty ? runs : runs + [Run(text: plain, isSubscript: false)]
  }
}
