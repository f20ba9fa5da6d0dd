/// Rows and columns of a screen or a part of it.
public struct Size: Hashable, Sendable, Codable {
  /// Height in cells; ``init(rows:columns:)`` takes negative numbers as 0.
  public var rows: Int
  /// Width in cells, negative numbers likewise taken as 0.
  public var columns: Int

  public init(rows: Int, columns: Int) {
    self.rows = max(0, rows)
    self.columns = max(0, columns)
  }
}

/// A part of a canvas; row and column of its upper left cell, counted from 0.
public struct Rectangle: Hashable, Sendable {
  /// Row of the upper edge, negative above the canvas.
  public var row: Int
  /// Column of the left edge, negative left of the canvas.
  public var column: Int
  /// Height in cells.
  public var rows: Int
  /// Width in cells.
  public var columns: Int

  public init(row: Int, column: Int, rows: Int, columns: Int) {
    self.row = row
    self.column = column
    self.rows = max(0, rows)
    self.columns = max(0, columns)
  }

  /// Height and width, without the place.
  public var size: Size { Size(rows: rows, columns: columns) }
  /// Whether it holds no cell.
  public var isEmpty: Bool { rows == 0 || columns == 0 }

  /// The rectangle without `n` cells on each side.
  public func inset(by n: Int) -> Rectangle {
    Rectangle(row: row + n, column: column + n, rows: rows - 2 * n, columns: columns - 2 * n)
  }

  /// The upper `rows` rows, and what is left below them.
  public func split(top: Int) -> (top: Rectangle, rest: Rectangle) {
    let top = min(max(0, top), rows)
    return (
      Rectangle(row: row, column: column, rows: top, columns: columns),
      Rectangle(row: row + top, column: column, rows: rows - top, columns: columns)
    )
  }

  /// The left `columns` columns, and what is left beside them.
  public func split(left: Int) -> (left: Rectangle, rest: Rectangle) {
    let left = min(max(0, left), columns)
    return (
      Rectangle(row: row, column: column, rows: rows, columns: left),
      Rectangle(row: row, column: column + left, rows: rows, columns: columns - left)
    )
  }

  /// Whether a cell lies inside; both numbers are the canvas's, not counted from the rectangle's corner.
  public func contains(row r: Int, column c: Int) -> Bool {
    r >= row && r < row + rows && c >= column && c < column + columns
  }
}

/// How a cell is set off besides its colours; all a terminal without colours can show.
public struct Style: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// SGR 1; heavier type in SVG files, not shown in PNG files.
  public static let bold = Style(rawValue: 1)
  /// SGR 2; mixed with the background in pictures.
  public static let dim = Style(rawValue: 2)
  /// SGR 4; a line below the glyph, not shown in PNG files.
  public static let underline = Style(rawValue: 4)
  /// SGR 7; foreground and background change places.
  public static let reverse = Style(rawValue: 8)
}

/// What one column shows: a character, and a mark on it.
public struct Glyph: Hashable, Sendable {
  /// The base; ``Cell/rightHalf`` in the second column of a wide one.
  public var scalar: Unicode.Scalar
  /// A combining mark on it; nil for none.
  public var mark: Unicode.Scalar?

  public init(_ scalar: Unicode.Scalar, mark: Unicode.Scalar? = nil) {
    self.scalar = scalar
    self.mark = mark
  }
}

/// One place of the screen: a glyph, and how it looks.
///
/// A nil colour is the terminal's own.
public struct Cell: Hashable, Sendable {
  /// The base character; ``rightHalf`` where the glyph to the left goes on.
  public var glyph: Unicode.Scalar
  /// A combining mark on the glyph; nil for none.
  public var mark: Unicode.Scalar?
  /// Colour of the glyph.
  public var foreground: Color?
  /// Colour behind the glyph.
  public var background: Color?
  /// What sets the cell off besides its colours.
  public var style: Style
  /// The part of a picture that lies over the cell where the terminal shows pictures; nil for none.
  public var tile: PictureTile?

  public init(_ glyph: Unicode.Scalar, foreground: Color? = nil, background: Color? = nil, style: Style = [])
  {
    self.glyph = glyph
    self.foreground = foreground
    self.background = background
    self.style = style
  }

  public init(_ glyph: Glyph, foreground: Color? = nil, background: Color? = nil, style: Style = []) {
    self.init(glyph.scalar, foreground: foreground, background: background, style: style)
    mark = glyph.mark
  }

  /// Stands where the glyph of the cell to the left goes on.
  public static let rightHalf: Unicode.Scalar = "\0"

  /// A space in the terminal's own colours.
  public static let blank = Cell(" ")
}

/// A screen as a value: what every picture is drawn on, and what tests, exports and the terminal read.
///
/// Whatever falls outside is clipped: drawing never traps, however small the canvas.
public struct Canvas: Hashable, Sendable {
  /// Rows and columns of ``cells``.
  public let size: Size
  /// Row after row from the top, `size.rows` × `size.columns`.
  public private(set) var cells: [Cell]
  /// What the canvas can show; pictures choose glyphs and colours by it.
  public let appearance: Appearance
  /// The pictures that cells are tiles of, by identity.
  private(set) var pictures: [UInt64: PixelPicture] = [:]

  public init(_ size: Size, appearance: Appearance = .plain) {
    self.size = size
    self.appearance = appearance
    cells = [Cell](repeating: .blank, count: size.rows * size.columns)
  }

  /// All of the canvas, its upper left cell at (0, 0).
  public var bounds: Rectangle { Rectangle(row: 0, column: 0, rows: size.rows, columns: size.columns) }

  /// The cell there; outside the canvas blank to read, and without effect to set.
  public subscript(row: Int, column: Int) -> Cell {
    get { bounds.contains(row: row, column: column) ? cells[row * size.columns + column] : .blank }
    set { if bounds.contains(row: row, column: column) { cells[row * size.columns + column] = newValue } }
  }

  /// Sets a run of cells; all of it has to lie on the canvas.
  mutating func fill(row: Int, _ columns: Range<Int>, with cell: Cell) {
    guard !columns.isEmpty else { return }
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= size.columns && (0..<size.rows).contains(row))
    let start = row * size.columns + columns.lowerBound
    cells.withUnsafeMutableBufferPointer {
      $0.extracting(start..<start + columns.count).update(repeating: cell)
    }
  }

  /// Remembers a picture that tiles name.
  mutating func keep(_ picture: PixelPicture) { pictures[picture.identity] = picture }

  /// Copies a canvas onto this one, its upper left cell at (`row`, `column`), clipped.
  mutating func copy(_ part: Canvas, row: Int, column: Int) {
    let columns = max(0, -column)..<max(0, -column, min(part.size.columns, size.columns - column))
    let rows = max(0, -row)..<max(0, -row, min(part.size.rows, size.rows - row))
    guard !columns.isEmpty else { return }
    if !part.pictures.isEmpty { pictures.merge(part.pictures) { $1 } }
    let width = size.columns
    cells.withUnsafeMutableBufferPointer { cells in
      part.cells.withUnsafeBufferPointer { source in
        for r in rows {
          let from = r * part.size.columns + columns.lowerBound
          let to = (row + r) * width + column + columns.lowerBound
          _ = cells.extracting(to..<to + columns.count).update(
            fromContentsOf: source.extracting(from..<from + columns.count))
        }
      }
    }
  }

  /// Whether a row looks as it does on a canvas of the same width.
  public func hasSameRow(_ row: Int, as other: Canvas) -> Bool {
    guard size.columns == other.size.columns, row < size.rows, row < other.size.rows else { return false }
    let range = row * size.columns..<(row + 1) * size.columns
    return cells[range] == other.cells[range]
  }

  /// The first cells of a row as a terminal can show them: where one half of a wide glyph was drawn over or lies outside, the
  /// other is `?` or blank.
  public func shownCells(row: Int, columns: Int? = nil) -> [Cell] {
    let start = row * size.columns
    var shown = Array(cells[start..<start + min(columns ?? size.columns, size.columns)])
    for i in shown.indices {
      if shown[i].glyph == Cell.rightHalf {
        if i == 0 || !Text.isWide(shown[i - 1].glyph) { shown[i].glyph = " " }
      } else if shown[i].glyph.value >= 0x1100, Text.isWide(shown[i].glyph),
        i + 1 == shown.count || shown[i + 1].glyph != Cell.rightHalf
      {
        shown[i].glyph = "?"
      }
    }
    return shown
  }

  /// The glyphs, a line a row, trailing blanks removed: what golden tests compare.
  public var text: String {
    (0..<size.rows).map { row in
      var line = Text.string(shownCells(row: row).map { Glyph($0.glyph, mark: $0.mark) }).unicodeScalars
      while line.last == " " { line.removeLast() }
      return String(line)
    }.joined(separator: "\n")
  }
}
