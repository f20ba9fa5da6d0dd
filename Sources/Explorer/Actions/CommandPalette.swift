internal import Drawing

/// The command palette: everything that can be done, found by a few letters.
struct CommandPalette: Sendable {
  struct Item: Sendable {
    /// The screen it belongs to; nil for what works everywhere.
    var screen: ScreenName?
    var title: String
    var keys: String
    var action: Action
  }

  var prompt = Prompt(.filter)
  private(set) var selection = 0
  private let items: [Item]

  init(_ items: [Item]) { self.items = items }

  /// What fits the text, best first; a last word that can only be a value is left out of the search.
  var matches: [Item] {
    let query = argument == nil ? prompt.string : prompt.string.split(separator: " ").dropLast(typed).joined()
    var found: [(score: Int, place: Int)] = []
    for (i, item) in items.enumerated() {
      guard let score = Fuzzy.score(query, in: item.searched) else { continue }
      found.append((score + item.wordScore(query), i))
    }
    return found.sorted { ($0.score, -$0.place) > ($1.score, -$1.place) }.map { items[$0.place] }
  }

  /// The value typed behind a command, such as the number in `xi 2.4`; nil where there is none.
  var argument: String? {
    let words = prompt.string.split(separator: " ")
    // Words of a command's title are no value.
    let text = prompt.string.lowercased()
    if items.contains(where: { $0.title.lowercased().hasPrefix(text) }) { return nil }
    if words.count > 1, let word = words.first, items.contains(where: { $0.word == String(word) }) {
      return words.dropFirst().joined(separator: " ")
    }
    guard words.count > 1, let last = words.last,
      last.contains(where: { $0.isNumber || $0 == "/" || $0 == "." })
    else { return nil }
    return String(last)
  }

  /// Words of the argument.
  private var typed: Int { argument.map { $0.split(separator: " ").count } ?? 0 }

  /// Puts the selected command's own word in, to be followed by a value.
  private mutating func complete() {
    guard let word = selected?.word else { return }
    prompt = Prompt(prompt.kind, text: word + " ")
    selection = 0
  }

  var selected: Item? {
    let matches = matches
    return matches.indices.contains(selection) ? matches[selection] : matches.first
  }

  mutating func edit(_ key: Key) {
    switch key {
    case .up, .control("p"): selection = max(0, selection - 1)
    case .tab: complete()
    case .down, .control("n"): selection = min(max(0, matches.count - 1), selection + 1)
    case .pageUp: selection = max(0, selection - 10)
    case .pageDown: selection = min(max(0, matches.count - 1), selection + 10)
    default: if prompt.edit(key) { selection = 0 }
    }
  }

  mutating func select(_ index: Int) { selection = min(max(0, matches.count - 1), max(0, index)) }
}

extension CommandPalette.Item {
  /// How much sooner it comes where the query is its own word, or begins it.
  fileprivate func wordScore(_ query: String) -> Int {
    guard let word, !query.isEmpty, word.hasPrefix(query) else { return 0 }
    return word == query ? 1000 : 100
  }

  /// What people call it who know it: `compare`, `xi`, `help`.
  var word: String? { Action.words.first { $0.value == action }?.key }

  var shown: String { (screen.map { $0.title + ": " } ?? "") + title }

  /// With Greek letters also as people type them.
  var searched: String {
    (word.map { $0 + " " } ?? "") + shown.replacing("ξ", with: "ξ xi").replacing("κ", with: "κ kappa")
  }
}

extension CommandPalette: Drawable {
  /// Where it stands on a screen of this size.
  static func area(in size: Size) -> Rectangle {
    let columns = size.columns < 100 ? size.columns : 90
    let rows = min(size.rows, max(8, size.rows * 2 / 3))
    return Rectangle(
      row: min(2, max(0, size.rows - rows)), column: (size.columns - columns) / 2, rows: rows,
      columns: columns)
  }

  private func table(_ matches: [Item]) -> Table {
    Table(
      [Table.Column("", isFlexible: true), Table.Column("", alignment: .trailing)],
      rows: matches.map { [$0.shown, $0.keys] }, selection: matches.isEmpty ? nil : selection,
      showsHeading: false)
  }

  func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds)
    let inside = canvas.frame(
      "commands", note: "Enter runs it · Esc closes", isActive: true, in: canvas.bounds)
    let (line, rest) = inside.split(top: 1)
    canvas.put(":", row: line.row, column: line.column, canvas.theme.key)
    canvas.put(prompt.string, row: line.row, column: line.column + 1)
    canvas[line.row, line.column + 1 + prompt.cursor] = Cell(" ", style: .reverse)
    let matches = matches
    if matches.isEmpty {
      canvas.put(
        "No match. Try fewer letters.", row: rest.row + 1, column: rest.column, canvas.theme.muted)
    }
    canvas.draw(table(matches), in: rest.split(top: 1).rest)
  }

  /// The index of the match at a cell of the palette's own area.
  func match(row: Int, in size: Size) -> Int? {
    let inside = Frame.interior(of: Rectangle(row: 0, column: 0, rows: size.rows, columns: size.columns))
    let rest = inside.split(top: 2).rest
    return table(matches).row(at: row - rest.row, lines: rest.rows)
  }
}
