internal import Drawing

/// A line of text that the person types, and what it is for.
struct Prompt: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case modelPath, imagesSpec, compared, filter, image, radius, step, seed
    case leftDirection, rightDirection
    case search
  }

  let kind: Kind
  private(set) var text: [Character]
  /// How many characters stand before the cursor.
  private(set) var cursor: Int
  /// What the path could go on with, as far as it was asked, and which of it is put in.
  var completions: [Completion] = []
  var chosen: Int?
  /// The place of what was put in among what was typed before.
  var recalled: Int?

  init(_ kind: Kind, text: String = "") {
    self.kind = kind
    self.text = Array(text)
    cursor = self.text.count
  }

  var string: String { String(text) }

  var label: String {
    switch kind {
    case .modelPath: "Open model: "
    case .compared: "Compare with: "
    case .imagesSpec: "Open images: "
    case .filter: "Show only models with: "
    case .image: "Go to image: "
    case .radius: "ξ: "
    case .step: "h: "
    case .seed: "Seed: "
    case .search: "Search: "
    case .leftDirection: "Left direction: "
    case .rightDirection: "Right direction: "
    }
  }

  /// What can be typed, shown until something is.
  var hint: String {
    switch kind {
    case .modelPath: "an .onnx file or a folder; Tab completes, ↑ recalls earlier paths"
    case .compared: "a listed model or the path of an .onnx file"
    case .imagesSpec: "a file, a folder, .bin, IDX, .npy or a set's name; Tab completes"
    case .filter: "part of the model's or data set's name"
    case .image: "its number"
    case .radius: "norm of a universal perturbation, in px"
    case .step: "scale of the secant, in px"
    case .seed: "a whole number"
    case .search: "a symbol, a word or a key"
    case .leftDirection, .rightDirection: "uap, sc 1, sf 1, random 7, image 3, a .npy or .mat file"
    }
  }

  /// Edits the text; false for keys that mean nothing to it.
  mutating func edit(_ key: Key) -> Bool {
    let before = text
    defer { if text != before { (completions, chosen) = ([], nil) } }
    switch key {
    case .character(let c): insert(String(c))
    case .backspace:
      guard cursor > 0 else { return true }
      cursor -= 1
      text.remove(at: cursor)
    case .delete: if cursor < text.count { text.remove(at: cursor) }
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(text.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = text.count
    case .control("u"): (text, cursor) = (Array(text[cursor...]), 0)
    case .control("k"): text.removeSubrange(cursor...)
    case .control("w"): removeWord()
    default: return false
    }
    return true
  }

  /// Puts text in at the cursor; line breaks and other control characters are left out.
  mutating func insert(_ string: String) {
    let printable = string.filter { c in
      !c.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
    let room = max(0, 4096 - text.count)
    text.insert(contentsOf: printable.prefix(room), at: cursor)
    cursor += min(room, printable.count)
  }

  private mutating func removeWord() {
    var start = cursor
    while start > 0, text[start - 1] == " " { start -= 1 }
    while start > 0, text[start - 1] != " ", text[start - 1] != "/" { start -= 1 }
    if start == cursor, start > 0 { start -= 1 }
    text.removeSubrange(start..<cursor)
    cursor = start
  }
}

extension Prompt: Drawable {
  /// The label, the hint, and as much of the text as fits around the cursor, which is shown in reverse video.
  func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds)
    let wanted = canvas.put(label, row: 0, column: 1, canvas.theme.title)
    let start = min(wanted, max(1, canvas.size.columns / 2))
    let room = max(1, canvas.size.columns - start - 1)
    if wanted > start { canvas.fill(Rectangle(row: 0, column: start - 1, rows: 1, columns: room + 2)) }
    let set = canvas.appearance.glyphs
    var first = 0
    while first < cursor, Text.columns(String(text[first..<cursor]), set) >= room { first += 1 }
    canvas.put(String(text[first...]), row: 0, column: start, width: room)
    if text.isEmpty { canvas.put(hint, row: 0, column: start + 2, canvas.theme.muted) }
    let place = start + Text.columns(String(text[first..<cursor]), set)
    let under = canvas[0, place]
    canvas[0, place] = Cell(
      under.glyph, foreground: under.foreground, background: under.background, style: .reverse)
  }
}

/// The files and folders that a path could go on with, over the line that it is typed in.
struct CompletionList: Drawable {
  let prompt: Prompt

  static func rows(_ prompt: Prompt) -> Int { min(12, prompt.completions.count) + 2 }

  func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds)
    let inside = canvas.frame(
      "files", note: "\(prompt.completions.count); Tab and Shift-Tab choose", in: canvas.bounds)
    let first = min(
      max(0, (prompt.chosen ?? 0) - inside.rows + 1), max(0, prompt.completions.count - inside.rows))
    for (i, completion) in prompt.completions.dropFirst(first).prefix(inside.rows).enumerated() {
      let isChosen = first + i == prompt.chosen
      let look: Look =
        isChosen ? canvas.theme.selection : completion.kind == .other ? canvas.theme.muted : .plain
      canvas.put(
        completion.name, row: inside.row + i, column: inside.column + 1, look, width: inside.columns / 2)
      canvas.put(
        completion.remark, row: inside.row + i, column: inside.column + 2 + inside.columns / 2,
        canvas.theme.muted, width: inside.columns / 2 - 3)
    }
  }
}
