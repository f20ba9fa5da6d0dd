/// Where a line of text stands in the columns it is given.
public enum Alignment: Sendable { case leading, center, trailing }

/// Text as cells: a column a grapheme, control characters replaced, spelled in ASCII where that is all there is.
public enum Text {
  /// The glyphs of a text, one a column.
  ///
  /// Combining marks are dropped; control and direction characters become `�` and glyphs two columns wide `?`,
  /// because a cell holds one column.
  public static func glyphs(_ text: some StringProtocol, _ set: Appearance.GlyphSet) -> [Unicode.Scalar] {
    if let plain = printable(text) { return plain }
    var glyphs: [Unicode.Scalar] = []
    for character in text {
      guard let first = character.unicodeScalars.first else { continue }
      if set == .ascii, !first.isASCII {
        glyphs += (spelling[first] ?? "?").unicodeScalars
      } else {
        glyphs.append(shown(first, set))
      }
    }
    return glyphs
  }

  /// The glyphs of a text that is printable ASCII; nil of any other.
  private static func printable(_ text: some StringProtocol) -> [Unicode.Scalar]? {
    var glyphs: [Unicode.Scalar] = []
    glyphs.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      guard (0x20...0x7e).contains(byte) else { return nil }
      glyphs.append(Unicode.Scalar(byte))
    }
    return glyphs
  }

  /// The text as one line for a terminal: what would move the cursor, turn the direction or hide becomes `�`.
  public static func visible(_ text: some StringProtocol) -> String {
    if printable(text) != nil { return String(text) }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
  }

  /// How many columns a text takes.
  public static func columns(_ text: some StringProtocol, _ set: Appearance.GlyphSet = .blocks) -> Int {
    if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return text.utf8.count }
    return glyphs(text, set).count
  }

  /// At most `width` glyphs; the last of a text cut short is an ellipsis.
  public static func truncated(
    _ text: some StringProtocol, to width: Int, _ set: Appearance.GlyphSet = .blocks
  ) -> [Unicode.Scalar] {
    let all = glyphs(text, set)
    if all.count <= width { return all }
    if width <= 0 { return [] }
    return Array(all.prefix(width - 1)) + [set == .blocks ? "…" : "~"]
  }

  /// Lines of at most `width` columns, broken at spaces, and inside words that are longer than a line.
  public static func wrapped(_ text: String, to width: Int, _ set: Appearance.GlyphSet = .blocks) -> [String]
  {
    guard width > 0 else { return [] }
    return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
      var lines = [""]
      for word in words(paragraph) {
        var word = word
        let last = lines[lines.count - 1]
        if columns(last, set) + (last.isEmpty ? 0 : 1) + columns(word, set) <= width {
          lines[lines.count - 1] += (last.isEmpty ? "" : " ") + word
          continue
        }
        while columns(word, set) > width {
          lines.append(String(word.prefix(width)))
          word = word.dropFirst(width)
        }
        lines.append(String(word))
      }
      return lines.count > 1 && lines[0].isEmpty ? Array(lines.dropFirst()) : lines
    }
  }

  /// A number and its unit are one word.
  private static func words(_ paragraph: Substring) -> [Substring] {
    var words: [Substring] = []
    for word in paragraph.split(separator: " ") {
      let isUnit = ["%", "px", "1/px", "kB", "MB"].contains(
        word.prefix { $0 != "," && $0 != "." && $0 != ":" })
      if isUnit, let last = words.last, last.last?.isNumber ?? false {
        words[words.count - 1] = paragraph[last.startIndex..<word.endIndex]
      } else {
        words.append(word)
      }
    }
    return words
  }

  private static func shown(_ scalar: Unicode.Scalar, _ set: Appearance.GlyphSet) -> Unicode.Scalar {
    if (0x20...0x7e).contains(scalar.value) { return scalar }
    if isControl(scalar) { return set == .blocks ? "\u{FFFD}" : "?" }
    return isWide(scalar) ? "?" : scalar
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: true
    default: false
    }
  }

  /// Whether terminals give the glyph two columns (Unicode's East Asian Width, and emoji).
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F000...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: scalar.properties.isEmojiPresentation
    }
  }

  /// The symbols of the interface in ASCII.
  private static let spelling: [Unicode.Scalar: String] = [
    "α": "alpha", "β": "beta", "δ": "delta", "ε": "eps", "κ": "kappa", "λ": "lambda", "μ": "mu", "ξ": "xi",
    "θ": "theta", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "Δ": "Delta", "Σ": "Sum", "∇": "grad ",
    "∞": "inf",
    "‖": "|", "±": "+-", "−": "-", "–": "-", "—": "-", "×": "x", "·": ".", "•": "*", "●": "*", "○": "o",
    "▸": ">", "▾": "v", "▴": "^", "◂": "<", "→": ">", "←": "<", "↑": "^", "↓": "v", "⏎": "Enter", "≤": "<=",
    "≥": ">=", "≠": "!=", "≈": "~", "ᵀ": "^T", "̂": "^", "⟂": "_|_", "∥": "||", "Π": "P", "²": "2", "³": "3",
    "°": "deg", "…": "~", "’": "'", "‘": "'",
    "“": "\"",
    "”": "\"", "√": "sqrt", "ℓ": "l", "∈": "in", "✓": "+", "✗": "x", "é": "e", "è": "e", "ä": "a", "ö": "o",
    "ü": "u", "ß": "ss", "▁": "_", "█": "#", "░": ".", "▒": ":", "▓": "#", "⟨": "<", "⟩": ">", "₂": "2",
    "½": "1/2", "ᵢ": "_i",
    "ⱼ": "_j", "≡": "=", "▏": "|",
  ]
}

extension Canvas {
  /// Puts one line of text; returns the column after it.
  ///
  /// See ``Text/glyphs(_:_:)`` for what becomes of odd characters. A nil background keeps what the cell has.
  /// `width` is how many columns the text may take and is aligned in; nil is up to the right edge.
  @discardableResult
  public mutating func put(
    _ text: some StringProtocol, row: Int, column: Int, _ look: Look = .plain, width: Int? = nil,
    alignment: Alignment = .leading
  ) -> Int {
    let room = max(0, width ?? size.columns - column)
    let glyphs = Text.truncated(text, to: room, appearance.glyphs)
    let spare = width == nil ? 0 : room - glyphs.count
    let start = column + (alignment == .leading ? 0 : alignment == .center ? spare / 2 : spare)
    for (i, glyph) in glyphs.enumerated() {
      self[row, start + i] = Cell(
        glyph, foreground: look.foreground, background: look.background ?? self[row, start + i].background,
        style: look.style)
    }
    return start + glyphs.count
  }

  /// Puts runs of text of different looks one after another; returns the column after them.
  @discardableResult
  public mutating func put(_ runs: [(String, Look)], row: Int, column: Int, width: Int? = nil) -> Int {
    let end = column + max(0, width ?? size.columns - column)
    return runs.reduce(column) { at, run in put(run.0, row: row, column: at, run.1, width: max(0, end - at)) }
  }
}
