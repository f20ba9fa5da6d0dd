/// A small matrix as coloured cells with their numbers, such as rates of perturbations on networks.
///
/// Where the names of columns that are those of the rows have no room, letters stand for them.
public struct MatrixPlot: Hashable, Sendable, Drawable {
  /// Row after row; NaN is not known yet.
  public var values: [[Double]]
  /// What stands before each row of ``values``.
  public var rowNames: [String]
  /// What stands above each column of ``values``.
  public var columnNames: [String]
  /// Signed values between ±`limit` by a diverging map; else 0…`limit` by a sequential one.
  public var isSigned: Bool
  /// The value at the end of the colours; numbers beyond it are written as they are.
  public var limit: Double
  /// Digits after the point; nil writes per cent.
  public var digits: Int?
  /// What each value could be at most, written behind it in cells that are wide enough; empty for none.
  public var ceilings: [[Double]] = []

  public init(
    _ values: [[Double]], rowNames: [String], columnNames: [String], isSigned: Bool = false,
    limit: Double = 1, digits: Int? = 2
  ) {
    self.values = values
    self.rowNames = rowNames
    self.columnNames = columnNames
    self.isSigned = isSigned
    self.limit = limit
    self.digits = digits
  }

  /// The number of a cell, and behind it what it could be at most.
  func text(_ i: Int, _ j: Int, width: Int) -> String {
    let value = i < values.count && j < values[i].count ? values[i][j] : .nan
    let number = text(value, width: width)
    guard value.isFinite, width >= 6, i < ceilings.count, j < ceilings[i].count, ceilings[i][j].isFinite
    else {
      return number
    }
    let both = number + "/" + text(ceilings[i][j], width: width)
    return both.count <= width ? both : number
  }

  /// A number for a cell; where it is too wide the nought before the point is left out, in the narrowest cells all
  /// digits but one.
  func text(_ value: Double, width: Int) -> String {
    guard value.isFinite else { return "–" }
    guard let digits else { return Number.fixed(100 * value, 0) }
    if width < 4, abs(value) >= 0.95 { return Number.fixed(value, 0) }
    let text = Number.fixed(value, width < 4 ? 1 : digits)
    return text.count > width || width < 4 ? text.replacing("0.", with: ".", maxReplacements: 1) : text
  }

  public func draw(on canvas: inout Canvas) {
    let set = canvas.appearance.glyphs
    let count = max(1, columnNames.count)
    let most = max(canvas.size.columns / 3, canvas.size.columns - 1 - 6 * count)
    let full = rowNames.map { Text.columns($0, set) }.max() ?? 0
    var names = min(most, full)
    var width = min(14, (canvas.size.columns - names - 1) / count)
    let areCut = columnNames.contains { Text.columns($0, set) > width - 1 }
    let areLettered = rowNames == columnNames && rowNames.count <= 26 && (areCut || full > names)
    if areLettered {
      names = min(max(most, canvas.size.columns - 1 - 5 * count), full + 2)
      width = min(14, (canvas.size.columns - names - 1) / count)
    }
    guard width >= 3 else { return }
    // Rows two or three high where there is room: the colours are easier to see.
    let height = width < 5 ? 1 : min(3, max(1, (canvas.size.rows - 1) / max(1, rowNames.count)))
    // The columns are in the order of the rows: rather no heading than a row too few.
    let heading = rowNames == columnNames && canvas.size.rows <= rowNames.count ? 0 : 1
    let gap = width < 4 ? 0 : 1
    func letter(_ i: Int) -> String { String(UnicodeScalar(UInt8(65 + i % 26))) }
    for (j, name) in columnNames.enumerated() where heading > 0 {
      canvas.put(
        areLettered ? letter(j) : name, row: 0, column: names + 1 + j * width, canvas.theme.muted,
        width: width - 1, alignment: .center)
    }
    for (i, name) in rowNames.enumerated() {
      let row = heading + i * height
      let start =
        areLettered
        ? canvas.put(letter(i) + " ", row: row + (height - 1) / 2, column: 0, canvas.theme.muted) : 0
      canvas.put(
        name, row: row + (height - 1) / 2, column: start, .plain, width: names - start)
      for j in columnNames.indices {
        let value = i < values.count && j < values[i].count ? values[i][j] : .nan
        let area = Rectangle(
          row: row, column: names + 1 + j * width, rows: height, columns: width - gap)
        draw(value, text(i, j, width: area.columns), in: area, on: &canvas)
      }
    }
  }

  private func draw(_ value: Double, _ text: String, in area: Rectangle, on canvas: inout Canvas) {
    var look = Look.plain
    if value.isFinite, canvas.appearance.colors >= .indexed {
      let map = isSigned ? ColorMap.diverging(canvas.appearance.background) : .viridis
      let color =
        isSigned
        ? map.color(of: Float(value), limit: Float(limit)) : map.color(at: value / max(limit, 1e-9))
      let ink = canvas.appearance.shown(color).luminance > 0.35 ? Color.black : .white
      look = Look(ink, on: color)
      canvas.fill(area, with: Cell(" ", background: color))
    } else if value.isFinite, abs(value) >= 0.5 * limit {
      look = Look(style: value < 0 ? .reverse : .bold)
    }
    canvas.put(
      text, row: area.row + (area.rows - 1) / 2, column: area.column, look,
      width: area.columns, alignment: area.columns < 4 ? .trailing : .center)
  }
}
