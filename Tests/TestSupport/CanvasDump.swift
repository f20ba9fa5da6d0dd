public import Drawing

/// A canvas as text that golden files hold and people can read.
public enum CanvasDump {
  /// The glyphs, then a map of looks: a letter for each pair of colours and style, and what the letters mean.
  public static func dump(_ canvas: Canvas) -> String {
    var letters: [String: Character] = ["": "·"]
    var legend: [String] = []
    let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!$%&*+=?@^~")
    let map = (0..<canvas.size.rows).map { row in
      String(
        (0..<canvas.size.columns).map { column -> Character in
          let look = describe(canvas[row, column], canvas.appearance.colors)
          if let letter = letters[look] { return letter }
          let letter = legend.count < alphabet.count ? alphabet[legend.count] : "#"
          letters[look] = letter
          legend.append("\(letter) \(look)")
          return letter
        })
    }
    return ([canvas.text, String(repeating: "-", count: canvas.size.columns)] + map + legend)
      .joined(separator: "\n") + "\n"
  }

  private static func describe(_ cell: Cell, _ level: Appearance.ColorLevel) -> String {
    func name(_ color: Color) -> String {
      switch level {
      case .none: ""
      case .ansi8: "\(color.ansi % 8)"
      case .ansi16: "\(color.ansi)"
      case .indexed: "\(color.indexed)"
      case .direct: "\(color.red),\(color.green),\(color.blue)"
      }
    }
    var parts: [String] = []
    if let color = cell.foreground, level > .none { parts.append("fg " + name(color)) }
    if let color = cell.background, level > .none { parts.append("bg " + name(color)) }
    for (style, word) in [
      (Style.bold, "bold"), (.dim, "dim"), (.underline, "underline"), (.reverse, "reverse"),
    ]
    where cell.style.contains(style) { parts.append(word) }
    return parts.joined(separator: " ")
  }
}
