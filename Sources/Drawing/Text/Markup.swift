/// Text within HTML and SVG.
public enum Markup {
  /// Signs that mean something there stand for themselves.
  public static func escaped(_ text: String) -> String {
    text.reduce(into: "") { out, c in
      switch c {
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "&": out += "&amp;"
      case "\"": out += "&quot;"
      default: out.append(c)
      }
    }
  }
}
