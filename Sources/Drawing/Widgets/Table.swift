/// Rows and columns of text with a heading, a selected row kept in sight, and a mark where more rows follow.
public struct Table: Hashable, Sendable, Drawable {
  /// How one column is headed, laid out and cut.
  public struct Column: Hashable, Sendable {
    /// The heading, which counts for the width where ``width`` is nil.
    public var title: String
    /// Where the heading and the entries stand in the column.
    public var alignment: Alignment
    /// How many columns of the screen it takes; nil is as many as its widest entry.
    public var width: Int?
    /// Whether it gives way first when room is short, and takes what is left over.
    public var isFlexible: Bool
    /// What entries lose that are longer than there is room for.
    public var cut: Text.Cut

    public init(
      _ title: String, alignment: Alignment = .leading, width: Int? = nil, isFlexible: Bool = false,
      cut: Text.Cut = .end
    ) {
      self.title = title
      self.alignment = alignment
      self.width = width
      self.isFlexible = isFlexible
      self.cut = cut
    }
  }

  /// Columns from left to right, one blank apart.
  public var columns: [Column]
  /// The entries of each row in the order of the columns; missing ones stay blank.
  public var rows: [[String]]
  /// The selected row; nil selects none.
  public var selection: Int?
  /// Whether the first line holds the titles of the columns, underlined.
  public var showsHeading: Bool
  /// Looks of single rows, by index: a model that cannot be used is muted, say.
  public var looks: [Int: Look]
  /// The sign of what a row is about, in its colour before the first entry, by index; all rows are indented by it.
  public var marks: [Int: CurveStyle]

  public init(
    _ columns: [Column], rows: [[String]], selection: Int? = nil, showsHeading: Bool = true,
    looks: [Int: Look] = [:], marks: [Int: CurveStyle] = [:]
  ) {
    self.columns = columns
    self.rows = rows
    self.selection = selection
    self.showsHeading = showsHeading
    self.looks = looks
    self.marks = marks
  }

  /// The index of the row that is shown first when there is room for `visible` rows.
  public func firstRow(visible: Int) -> Int {
    guard let selection, visible > 0 else { return 0 }
    return max(0, min(rows.count - visible, selection - visible / 2))
  }

  /// The index of the row shown at a line of an area with `lines` lines, for the mouse.
  public func row(at line: Int, lines: Int) -> Int? {
    let heading = showsHeading ? 1 : 0
    let index = firstRow(visible: lines - heading) + line - heading
    return line >= heading && line < lines && rows.indices.contains(index) ? index : nil
  }

  public func draw(on canvas: inout Canvas) {
    let heading = showsHeading ? 1 : 0
    let visible = max(0, canvas.size.rows - heading)
    let first = firstRow(visible: visible)
    let shown = first..<max(first, min(rows.count, first + visible))
    let widths = widths(in: canvas.size.columns - 1, canvas.appearance.glyphs)
    if showsHeading { put(columns.map(\.title), at: 0, widths, canvas.theme.muted.with(.underline), &canvas) }
    for index in shown {
      let line = heading + index - first
      let look = index == selection ? canvas.theme.selection : looks[index] ?? .plain
      if index == selection {
        let cell = Cell(" ", style: look.style)
        canvas.fill(Rectangle(row: line, column: 0, rows: 1, columns: canvas.size.columns - 1), with: cell)
      }
      put(rows[index], at: line, widths, look, &canvas)
      if let mark = marks[index] {
        canvas.put(
          String(mark.mark.glyph(canvas.appearance.glyphs)), row: line, column: 0,
          Look(mark.color(on: canvas.appearance.background), style: look.style.union(.bold)), width: 1)
      }
    }
    let edge = canvas.size.columns - 1
    if first > 0 { canvas.put("▴", row: heading, column: edge, canvas.theme.muted) }
    if shown.upperBound < rows.count, visible > 0 {
      canvas.put("▾", row: canvas.size.rows - 1, column: edge, canvas.theme.muted)
    }
  }

  private func put(_ entries: [String], at line: Int, _ widths: [Int], _ look: Look, _ canvas: inout Canvas) {
    var start = indent
    for (i, width) in widths.enumerated() {
      if i < entries.count {
        canvas.put(
          entries[i], row: line, column: start, look, width: width, alignment: columns[i].alignment,
          cut: columns[i].cut)
      }
      start += width + 1
    }
  }

  private var indent: Int { marks.isEmpty ? 0 : 2 }

  /// The most columns that a flexible one is widened to.
  private static let widest = 44

  /// Natural widths, one column apart; flexible columns, else the last, take up the difference.
  private func widths(in room: Int, _ set: Appearance.GlyphSet) -> [Int] {
    var widths = columns.enumerated().map { i, column in
      column.width
        ?? rows.reduce(Text.columns(column.title, set)) { widest, row in
          i < row.count ? max(widest, Text.columns(row[i], set)) : widest
        }
    }
    var spare = room - indent - widths.reduce(0, +) - max(0, widths.count - 1)
    let flexible = columns.indices.filter { columns[$0].isFlexible }
    for (n, i) in (flexible.isEmpty ? columns.indices.suffix(1) : flexible).enumerated() {
      let share = spare / (max(1, flexible.count) - n)
      // Farther from their names, numbers are read in the wrong row.
      let most = max(widths[i], flexible.isEmpty ? 0 : Self.widest)
      let wanted = min(most, widths[i] + share)
      spare -= max(0, wanted) - widths[i]
      widths[i] = max(0, wanted)
    }
    return widths
  }
}
