internal import Foundation

/// Where a line of text stands in the columns it is given.
public enum Alignment: Sendable { case leading, center, trailing }

/// Text as cells: one or two columns a glyph, control characters replaced, spelled in ASCII where that is all there is.
public enum Text {
  /// The glyphs of a text, one a column; one of two columns is followed by ``Cell/rightHalf``.
  ///
  /// Composed where Unicode can; of the marks that are left, a glyph keeps one. Control and direction characters become
  /// `�`, and of joined emoji the first is shown, for terminals do not agree on how wide the others make it.
  public static func glyphs(_ text: some StringProtocol, _ set: Appearance.GlyphSet) -> [Glyph] {
    if let plain = printable(text) { return plain }
    var glyphs: [Glyph] = []
    for character in text.precomposedStringWithCanonicalMapping {
      if set == .ascii {
        let first = character.unicodeScalars.first ?? " "
        glyphs += (first.isASCII ? String(shown(first, set)) : spelling[first] ?? "?").unicodeScalars.map {
          Glyph($0)
        }
      } else {
        append(character, to: &glyphs)
      }
    }
    return glyphs
  }

  /// A grapheme: its base, a mark, and what of it stands beside the base.
  private static func append(_ character: Character, to glyphs: inout [Glyph]) {
    let start = glyphs.count
    for scalar in character.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark:
        // Variation selectors choose between forms of a glyph that terminals do not have.
        guard glyphs.count > start, !(0xFE00...0xFE0F).contains(scalar.value) else { continue }
        let base = glyphs.count - (glyphs[glyphs.count - 1].scalar == Cell.rightHalf ? 2 : 1)
        if glyphs[base].mark == nil { glyphs[base].mark = scalar }
      default:
        if glyphs.count > start, isControl(scalar) || glyphs[start].scalar.properties.isEmoji { continue }
        glyphs.append(Glyph(letter(scalar) ?? shown(scalar, .blocks)))
        if isWide(scalar) { glyphs.append(Glyph(Cell.rightHalf)) }
      }
    }
  }

  /// The letter that a flag is spelled with.
  private static func letter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    (0x1F1E6...0x1F1FF).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0x1F1E6 + 0x41) : nil
  }

  /// The glyphs of a text that is printable ASCII; nil of any other.
  private static func printable(_ text: some StringProtocol) -> [Glyph]? {
    var glyphs: [Glyph] = []
    glyphs.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      guard (0x20...0x7e).contains(byte) else { return nil }
      glyphs.append(Glyph(Unicode.Scalar(byte)))
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

  /// What a text longer than its place loses.
  public enum Cut: Sendable {
    case end
    /// Of names of files the beginning and the end tell most.
    case middle
  }

  /// At most `width` columns; an ellipsis stands for what is cut.
  public static func truncated(
    _ text: some StringProtocol, to width: Int, _ set: Appearance.GlyphSet = .blocks, cut: Cut = .end
  ) -> [Glyph] {
    let all = glyphs(text, set)
    if all.count <= width { return all }
    if width <= 0 { return [] }
    let last = cut == .end || width < 5 ? 0 : (width - 1) / 2
    var head = all.prefix(width - 1 - last)
    if let scalar = head.last?.scalar, isWide(scalar) { head.removeLast() }
    var tail = all.suffix(last)
    if tail.first?.scalar == Cell.rightHalf { tail.removeFirst() }
    return head + [Glyph(set == .blocks ? "…" : "~")] + tail
  }

  /// The same as text.
  public static func shortened(
    _ text: some StringProtocol, to width: Int, _ set: Appearance.GlyphSet = .blocks
  ) -> String {
    columns(text, set) <= width ? String(text) : string(truncated(text, to: width, set, cut: .middle))
  }

  /// The text that glyphs came of.
  static func string(_ glyphs: some Sequence<Glyph>) -> String {
    var text = String.UnicodeScalarView()
    for glyph in glyphs where glyph.scalar != Cell.rightHalf {
      text.append(glyph.scalar)
      if let mark = glyph.mark { text.append(mark) }
    }
    return String(text)
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
          let part = beginning(of: word, width, set)
          lines.append(String(part))
          word = word.dropFirst(part.count)
        }
        lines.append(String(word))
      }
      return lines.count > 1 && lines[0].isEmpty ? Array(lines.dropFirst()) : lines
    }
  }

  /// As many characters as fit, one at the least.
  private static func beginning(of word: Substring, _ width: Int, _ set: Appearance.GlyphSet) -> Substring {
    var count = 0
    var used = 0
    for character in word {
      used += columns(String(character), set)
      if used > width { break }
      count += 1
    }
    return word.prefix(max(1, count))
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
    return isControl(scalar) ? (set == .blocks ? "\u{FFFD}" : "?") : scalar
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: true
    default: false
    }
  }

  /// Whether terminals give the glyph two columns (Unicode's East Asian Width, and emoji).
  public static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x1100, 0x2500...0x25FC, 0x2800...0x28FF: false
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18DFF,
      0x1AFF0...0x1B2FF,
      0x1F200...0x1F265, 0x20000...0x3FFFD:
      true
    case 0x1F1E6...0x1F1FF: false
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
    alignment: Alignment = .leading, cut: Text.Cut = .end
  ) -> Int {
    let room = max(0, width ?? size.columns - column)
    let glyphs = Text.truncated(text, to: room, appearance.glyphs, cut: cut)
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
