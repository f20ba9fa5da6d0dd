extension LinePlot {
  public func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds)
    let legend = legend(on: canvas)
    let (across, up) = axes
    let frame = PlotFrame(
      across, up, titles: (horizontalTitle, verticalTitle), bottom: legend.count, on: &canvas)
    guard !frame.cells.isEmpty else { return }
    for i in series.indices.reversed() { drawBand(series[i], color(i, canvas), frame, on: &canvas) }
    for reference in references { draw(reference, frame, on: &canvas) }
    drawCursor(frame, on: &canvas)
    drawLines(frame, on: &canvas)
    for reference in references { putName(of: reference, frame, on: &canvas) }
    // The first series is what the plot is about: its marks lie on top.
    for i in series.indices.reversed() where series[i].showsMarkers { drawMarkers(i, frame, on: &canvas) }
    for (line, entries) in legend.enumerated() {
      let row = canvas.size.rows - legend.count + line
      var runs = entries.flatMap { $0 }
      runs[runs.count - 1].0.removeLast(Self.gap.count)
      canvas.put(runs, row: row, column: Self.indent)
    }
  }

  /// The axes given, else such as hold all points and bands; a linear vertical one begins at zero.
  var axes: (horizontal: Axis, vertical: Axis) {
    let xs = series.flatMap(\.x).filter { $0.isFinite && (horizontalScale == .linear || $0 > 0) }
    let ys = series.flatMap { one in
      one.y + one.band.flatMap { [$0.lower, $0.upper] }
    }
    return (
      horizontal ?? Axis((xs.min() ?? 0)...(xs.max() ?? 1), scale: horizontalScale),
      vertical ?? Axis(around: ys + references.map(\.y), scale: verticalScale, includesZero: true)
    )
  }

  private func drawMarkers(_ index: Int, _ frame: PlotFrame, on canvas: inout Canvas) {
    for (x, y) in zip(series[index].x, series[index].y) {
      guard let row = frame.row(y), let column = frame.column(x) else { continue }
      canvas[row, column] = Cell(
        marker(index, canvas), foreground: color(index, canvas), background: canvas[row, column].background,
        style: .bold)
    }
  }

  /// The look of a series, its own or by its place among those that have none.
  func style(_ index: Int) -> CurveStyle {
    series[index].style ?? .other(series[..<index].count { $0.style == nil })
  }

  private func color(_ index: Int, _ canvas: Canvas) -> Color {
    style(index).color(on: canvas.appearance.background)
  }

  private func marker(_ index: Int, _ canvas: Canvas) -> Unicode.Scalar {
    style(index).mark.glyph(canvas.appearance.glyphs)
  }

  private func draw(_ reference: Reference, _ frame: PlotFrame, on canvas: inout Canvas) {
    guard let row = frame.row(reference.y) else { return }
    let look = look(of: reference, canvas)
    for column in frame.cells.column..<frame.cells.column + frame.cells.columns
    where (column - frame.cells.column) % 2 == 0 && canvas[row, column].glyph == " " {
      canvas.put(canvas.hasBlocks ? "╌" : "-", row: row, column: column, look, width: 1)
    }
  }

  private func look(of reference: Reference, _ canvas: Canvas) -> Look {
    reference.style.map { Look($0.color(on: canvas.appearance.background)) } ?? canvas.theme.muted
  }

  /// Above or below its line, at the right, the left or the middle: the first place that holds nothing else.
  private func putName(of reference: Reference, _ frame: PlotFrame, on canvas: inout Canvas) {
    guard let row = frame.row(reference.y), !reference.name.isEmpty else { return }
    let (cells, look) = (frame.cells, look(of: reference, canvas))
    let width = min(cells.columns, Text.columns(reference.name, canvas.appearance.glyphs))
    let spare = cells.columns - width
    let rows = [row - 1, row + 1].filter { $0 >= cells.row && $0 < cells.row + cells.rows }
    for start in [spare, 0, spare / 2].map({ cells.column + $0 }) {
      for row in rows where (start..<start + width).allSatisfy({ canvas[row, $0].glyph == " " }) {
        canvas.put(reference.name, row: row, column: start, look, width: width)
        return
      }
    }
  }

  private func drawCursor(_ frame: PlotFrame, on canvas: inout Canvas) {
    guard let cursor, let column = frame.column(cursor) else { return }
    for row in frame.cells.row..<frame.cells.row + frame.cells.rows {
      canvas.put(canvas.hasBlocks ? "╎" : ":", row: row, column: column, canvas.theme.key, width: 1)
    }
  }

  /// The last series first: of lines that meet in a cell the first one's colour is seen.
  private func drawLines(_ frame: PlotFrame, on canvas: inout Canvas) {
    let (cells, dots) = (frame.cells, canvas.appearance.dots)
    var drawn = [Int](repeating: 0, count: cells.rows * cells.columns)
    for (i, one) in series.enumerated().reversed() {
      var grid = DotGrid(rows: cells.rows, columns: cells.columns, dots: dots)
      let places = zip(one.x, one.y).map { frame.place($0, $1) }
      var length = 0
      for (a, b) in zip(places, places.dropFirst()) {
        length = grid.line(
          from: a, to: b, strokes: dots == .points ? [] : style(i).strokes.dots, after: length)
      }
      for place in drawn.indices where grid.masks[place] != 0 {
        let mask = Int(grid.masks[place])
        let (row, column) = (place / cells.columns, place % cells.columns)
        // Lines that coincide take turns, so that none hides another.
        if drawn[place] & mask == mask, column / 2 % 2 == 1 { continue }
        drawn[place] |= mask
        let glyph = dots.glyph(drawn[place], canvas.appearance.glyphs)
        let under = canvas[cells.row + row, cells.column + column]
        canvas[cells.row + row, cells.column + column] = Cell(
          glyph, foreground: color(i, canvas), background: Self.ground(under, mask, dots))
      }
    }
  }

  /// What lies behind a line's part of a cell: of a cell that a band fills by half, the half that holds more of it.
  private static func ground(_ cell: Cell, _ mask: Int, _ dots: Dots) -> Color? {
    guard cell.glyph == "▀" || cell.glyph == "▄" else { return cell.background }
    let half = dots.rows * dots.columns / 2
    let upper = (mask & ((1 << half) - 1)).nonzeroBitCount
    let isUpper = 2 * upper > mask.nonzeroBitCount
    return isUpper == (cell.glyph == "▀") ? cell.foreground : cell.background
  }

  private static let indent = 4
  private static let gap = "   "

  /// A series' marker, name and, with a cursor, its value at the point nearest to it.
  private typealias Entry = [(String, Look)]

  /// Lines of markers and names: one, up to three where one does not hold them; the values are left out before a name is.
  private func legend(on canvas: Canvas) -> [[Entry]] {
    guard canvas.size.rows >= 7 else { return [] }
    let lines = canvas.size.rows >= 12 ? 3 : canvas.size.rows >= 9 ? 2 : 1
    let full = wrapped(entries(withValues: true, canvas), canvas)
    if full.count <= lines { return full }
    return Array(wrapped(entries(withValues: false, canvas), canvas).prefix(lines))
  }

  private func entries(withValues: Bool, _ canvas: Canvas) -> [Entry] {
    series.indices.filter { !series[$0].name.isEmpty }.map { i in
      let one = series[i]
      var text = one.name
      if withValues, let cursor, let value = value(of: one, at: cursor) { text += " " + value }
      return [
        (
          String(marker(i, canvas)) + style(i).strokes.sample(canvas.appearance.glyphs) + " ",
          Look(color(i, canvas), style: .bold)
        ),
        (text + Self.gap, .plain),
      ]
    }
  }

  /// The value at the point nearest to the cursor; where another series has a point just there and this one none, it has
  /// no value there.
  private func value(of one: Series, at cursor: Double) -> String? {
    func distance(_ series: Series) -> Double { series.x.map { abs($0 - cursor) }.min() ?? .infinity }
    guard let at = one.x.indices.min(by: { abs(one.x[$0] - cursor) < abs(one.x[$1] - cursor) }) else {
      return nil
    }
    let isThere = distance(one) <= 1e-9 * abs(cursor)
    let isAnywhere = series.contains { distance($0) <= 1e-9 * abs(cursor) }
    return isThere || !isAnywhere ? Number.short(one.y[at]) : "–"
  }

  private func wrapped(_ entries: [Entry], _ canvas: Canvas) -> [[Entry]] {
    let room = canvas.size.columns - Self.indent
    var lines: [[Entry]] = []
    var used = 0
    for entry in entries {
      let width = entry.reduce(0) { $0 + Text.columns($1.0, canvas.appearance.glyphs) }
      // The gap after the last one is left out.
      if lines.isEmpty || used + width - Self.gap.count > room { (lines, used) = (lines + [[]], 0) }
      lines[lines.count - 1].append(entry)
      used += width
    }
    return lines
  }
}
