/// A font of 3×5 pixels for pictures without a terminal: five octal digits a glyph, a row each, from the top.
enum PixelFont {
  static func rows(_ glyph: Unicode.Scalar) -> [Int] {
    let plain = letters[glyph] ?? letters[upper(glyph)] ?? letters[upper(spelled(glyph))] ?? 0o70007
    return (0..<5).map { plain >> (3 * (4 - $0)) & 7 }
  }

  private static func upper(_ glyph: Unicode.Scalar) -> Unicode.Scalar {
    glyph.properties.uppercaseMapping.unicodeScalars.first ?? glyph
  }

  private static func spelled(_ glyph: Unicode.Scalar) -> Unicode.Scalar {
    Text.glyphs(String(glyph), .ascii).first?.scalar ?? "?"
  }

  private static let letters: [Unicode.Scalar: Int] = [
    "A": 0o25755, "B": 0o65656, "C": 0o34443, "D": 0o65556, "E": 0o74647, "F": 0o74644, "G": 0o34553,
    "H": 0o55755, "I": 0o72227, "J": 0o11152, "K": 0o55655, "L": 0o44447, "M": 0o57755, "N": 0o65555,
    "O": 0o25552, "P": 0o65644, "Q": 0o25563, "R": 0o65655, "S": 0o34216, "T": 0o72222, "U": 0o55557,
    "V": 0o55552, "W": 0o55775, "X": 0o55255, "Y": 0o55222, "Z": 0o71247, "0": 0o75557, "1": 0o26227,
    "2": 0o71747, "3": 0o71717, "4": 0o55711, "5": 0o74717, "6": 0o74757, "7": 0o71111, "8": 0o75757,
    "9": 0o75717, ".": 0o00002, ",": 0o00024, ":": 0o02020, ";": 0o02024, "-": 0o00700, "+": 0o02720,
    "=": 0o07070, "/": 0o11244, "\\": 0o44211, "|": 0o22222, "(": 0o12221, ")": 0o42224, "[": 0o32223,
    "]": 0o62226, "<": 0o12421, ">": 0o42124, "%": 0o51245, "*": 0o52725, "#": 0o57575, "?": 0o71202,
    "!": 0o22202, "\"": 0o55000, "'": 0o22000, "_": 0o00007, "^": 0o25000, "~": 0o03600, "@": 0o75747,
    "&": 0o25253, "$": 0o36236, "{": 0o32623, "}": 0o62326, "`": 0o42000, "·": 0o00200, "•": 0o02720,
    "●": 0o27772, "■": 0o77777, "▲": 0o02770, "◆": 0o27772, "○": 0o25552, "▶": 0o46764, "▸": 0o46764,
    "‖": 0o55555, "→": 0o21712, "←": 0o24742, "↑": 0o27222, "↓": 0o22272, "╱": 0o11244, "…": 0o00005,
    "±": 0o27207, "×": 0o05250, "²": 0o62670, "−": 0o00700, "–": 0o00700,
  ]
}
