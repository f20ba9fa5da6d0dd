/// The axes of a plot drawn on a canvas, and where values lie between them.
struct PlotFrame {
  let cells: Rectangle
  let horizontal: Axis
  let vertical: Axis
  /// Rows between the ends of the vertical axis: as many as make its ticks equally far apart.
  private let span: Int

  /// Draws axis lines, ticks and titles on `canvas` where there is room; `bottom` rows are left free below.
  init(
    _ horizontal: Axis, _ vertical: Axis, titles: (horizontal: String, vertical: String), bottom: Int = 0,
    showsHorizontalTicks: Bool = true, on canvas: inout Canvas
  ) {
    self.horizontal = horizontal
    self.vertical = vertical
    let size = canvas.size
    guard size.rows - bottom >= 5, size.columns >= 16 else {
      cells = Rectangle(row: 0, column: 0, rows: size.rows - bottom, columns: size.columns)
      span = cells.rows - 1
      return
    }
    // Where there are few rows both titles share one.
    let isLow = !titles.vertical.isEmpty && size.rows - bottom < 12
    let head = titles.vertical.isEmpty ? 0 : 1
    let foot = (showsHorizontalTicks ? 2 : 1) + (titles.horizontal.isEmpty || isLow ? 0 : 1)
    let ticks: [Axis.Tick]
    (ticks, span) = Self.evenTicks(vertical, rows: size.rows - bottom - head - foot)
    let width = ticks.map { Text.columns($0.label, canvas.appearance.glyphs) }.max() ?? 0
    let gutter = min(size.columns / 3, width + 1)
    cells = Rectangle(
      row: head, column: gutter, rows: size.rows - head - foot - bottom, columns: size.columns - gutter)
    guard !cells.isEmpty else { return }
    drawVertical(ticks, on: &canvas)
    drawHorizontal(shows: showsHorizontalTicks, on: &canvas)
    let end = canvas.put(titles.vertical, row: 0, column: 0, canvas.theme.muted)
    if isLow {
      canvas.put(
        "→ " + titles.horizontal, row: 0, column: end + 3, canvas.theme.muted,
        width: max(0, size.columns - end - 3), alignment: .trailing)
    } else {
      canvas.put(
        titles.horizontal, row: size.rows - bottom - 1, column: gutter, canvas.theme.muted,
        width: cells.columns, alignment: .center)
    }
  }

  /// Ticks that are whole rows apart, where the axis ends with ticks and little of the height is lost by it; the most of
  /// those that are two rows apart at least.
  private static func evenTicks(_ axis: Axis, rows: Int) -> (ticks: [Axis.Tick], span: Int) {
    let most = max(2, rows / 3)
    for count in stride(from: axis.scale == .linear ? most : 0, through: 2, by: -1) {
      let ticks = axis.ticks(count)
      let slack = 1e-6 * (axis.upper - axis.lower)
      guard let first = ticks.first, let last = ticks.last, ticks.count > 1,
        abs(first.value - axis.lower) <= slack, abs(last.value - axis.upper) <= slack
      else { continue }
      let apart = (rows - 1) / (ticks.count - 1)
      let span = apart * (ticks.count - 1)
      if apart >= 2, 5 * span >= 4 * (rows - 1) { return (ticks, span) }
    }
    return (axis.ticks(most), rows - 1)
  }

  private func drawVertical(_ ticks: [Axis.Tick], on canvas: inout Canvas) {
    let border = canvas.theme.border
    let line = cells.column - 1
    for row in cells.row..<cells.row + cells.rows {
      canvas.put(canvas.hasBlocks ? "│" : "|", row: row, column: line, border)
    }
    canvas.put(canvas.hasBlocks ? "└" : "+", row: cells.row + cells.rows, column: line, border)
    for tick in ticks {
      guard let row = row(tick.value) else { continue }
      canvas.put(canvas.hasBlocks ? "┤" : "+", row: row, column: line, border)
      canvas.put(tick.label, row: row, column: 0, canvas.theme.muted, width: line, alignment: .trailing)
    }
  }

  private func drawHorizontal(shows: Bool, on canvas: inout Canvas) {
    let border = canvas.theme.border
    let line = cells.row + cells.rows
    for column in cells.column..<cells.column + cells.columns {
      canvas.put(canvas.hasBlocks ? "─" : "-", row: line, column: column, border)
    }
    guard shows else { return }
    var free = 0
    for tick in horizontal.ticks(max(2, cells.columns / 8)) {
      guard let column = column(tick.value) else { continue }
      canvas.put(canvas.hasBlocks ? "┬" : "+", row: line, column: column, border)
      let width = Text.columns(tick.label, canvas.appearance.glyphs)
      let start = min(canvas.size.columns - width, max(0, column - width / 2))
      guard start >= free else { continue }
      free = canvas.put(tick.label, row: line + 1, column: start, canvas.theme.muted) + 1
    }
  }

  /// Where a point lies, counted in cells from the plot's upper left corner: cell centres of the first and last
  /// columns and rows are the ends of the axes.
  func place(_ x: Double, _ y: Double) -> (across: Float, down: Float) {
    (
      Float(0.5 + horizontal.position(x) * Double(cells.columns - 1)),
      Float(Double(cells.rows - 1 - span) + 0.5 + (1 - vertical.position(y)) * Double(span))
    )
  }

  /// The canvas's row of a y; nil outside the plot.
  func row(_ y: Double) -> Int? {
    let down = place(horizontal.lower, y).down
    return down >= 0 && down < Float(cells.rows) ? cells.row + Int(down) : nil
  }

  /// The canvas's column of an x; nil outside the plot.
  func column(_ x: Double) -> Int? {
    let across = place(x, vertical.lower).across
    return across >= 0 && across < Float(cells.columns) ? cells.column + Int(across) : nil
  }
}
