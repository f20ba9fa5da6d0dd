internal import Drawing

/// The help of one screen: its keys, and what every symbol on it means.
struct HelpPage: Sendable {
  var title: String
  var bindings: [Binding]
  var definitions: [Definition]
  var scroll = 0
  /// What is looked for; nil where nothing is.
  var search: Prompt?

  /// Whether an entry holds every word that is looked for.
  private func isFound(_ texts: String...) -> Bool {
    guard let search else { return true }
    let text = texts.joined(separator: " ").lowercased()
    return search.string.lowercased().split(separator: " ").allSatisfy { text.contains($0) }
  }

  private var foundDefinitions: [Definition] {
    definitions.filter { isFound($0.symbol, $0.meaning) }
  }

  private var foundBindings: [Binding] { bindings.filter { isFound($0.keyNames, $0.title) } }

  /// Lines of text with their looks, for a page of this many columns.
  private func lines(_ columns: Int, _ canvas: Canvas) -> [[(String, Look)]] {
    let set = canvas.appearance.glyphs
    func entry(_ name: String, _ text: String, _ width: Int, _ look: Look) -> [[(String, Look)]] {
      let wrapped = Text.wrapped(text, to: max(10, columns - width - 2), set)
      let padding = String(repeating: " ", count: max(0, width - Text.columns(name, set)))
      return wrapped.enumerated().map { i, line in
        i == 0
          ? [(name, look), (padding + "  ", .plain), (line, .plain)]
          : [(String(repeating: " ", count: width + 2), .plain), (line, .plain)]
      }
    }
    func width(_ names: [String], _ limit: Int) -> Int {
      min(limit, names.map { Text.columns($0, set) }.max() ?? 0)
    }
    let limit = max(6, columns / 3)
    let (definitions, bindings) = (foundDefinitions, foundBindings)
    guard !definitions.isEmpty || !bindings.isEmpty else {
      return [[("Nothing here matches.", canvas.theme.muted)]]
    }
    let symbols = width(definitions.map(\.symbol), limit)
    let keys = width(bindings.map(\.keyNames), limit)
    return (bindings.isEmpty ? [] : [[("Keys", canvas.theme.accent)]])
      + bindings.flatMap { entry($0.keyNames, $0.title, keys, canvas.theme.key) }
      + (definitions.isEmpty || bindings.isEmpty ? [] : [[("", .plain)]])
      + (definitions.isEmpty ? [] : [[("What is shown", canvas.theme.accent)]])
      + definitions.flatMap { entry($0.symbol, $0.meaning, symbols, canvas.theme.title) }
  }

  /// Moves the text; clipped to its length when drawn.
  mutating func scroll(by lines: Int) { scroll = max(0, min(10_000, scroll + lines)) }

  /// Keeps the scroll within the text of a screen of this size.
  mutating func clamp(to size: Size, _ appearance: Appearance) {
    let inside = Frame.interior(of: Rectangle(row: 0, column: 0, rows: size.rows, columns: size.columns))
    let count = lines(inside.columns - 2, Canvas(size, appearance: appearance)).count
    scroll = max(0, min(scroll, count - inside.rows))
  }
}

extension HelpPage: Drawable {
  func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds)
    let area = canvas.bounds
    let inside = Frame.interior(of: area)
    let lines = lines(inside.columns - 2, canvas)
    let first = max(0, min(scroll, lines.count - inside.rows))
    let isLong = lines.count > inside.rows
    let name = search.map { "search: \($0.string)▏" } ?? "help · \(title)"
    let short = isLong ? "↑↓ scroll · Esc closes" : "Esc closes"
    let note = Frame.note(
      [(search == nil ? "/ searches · " : "") + short, short, isLong ? "↑↓ / Esc" : "Esc closes", "Esc"],
      beside: name,
      columns: area.columns, canvas.appearance.glyphs)
    canvas.frame(name, note: note, isActive: true, in: area)
    for (i, line) in lines.dropFirst(first).prefix(max(0, inside.rows)).enumerated() {
      canvas.put(line, row: inside.row + i, column: inside.column + 1, width: inside.columns - 2)
    }
    let edge = area.columns - 1
    if first > 0 { canvas.put("▴", row: 1, column: edge, canvas.theme.key) }
    if first + inside.rows < lines.count {
      canvas.put("▾", row: area.rows - 2, column: edge, canvas.theme.key)
    }
  }
}
