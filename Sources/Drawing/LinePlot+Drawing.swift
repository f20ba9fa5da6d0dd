extension LinePlot {
  private static let markers = Array("●■▲◆○□△◇".unicodeScalars)
  private static let asciiMarkers = Array("*#^+ox%@".unicodeScalars)

  public func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds)
    let legend = legend(on: canvas)
    let (across, up) = axes
    let frame = PlotFrame(
      across, up, titles: (horizontalTitle, verticalTitle), bottom: legend.count, on: &canvas)
    guard !frame.cells.isEmpty else { return }
    for (i, one) in series.enumerated() { drawBand(one, color(i), frame, on: &canvas) }
    for reference in references { draw(reference, frame, on: &canvas) }
    drawCursor(frame, on: &canvas)
    for (i, one) in series.enumerated() { drawLine(one, color(i), frame, on: &canvas) }
    for i in series.indices where series[i].showsMarkers { drawMarkers(i, frame, on: &canvas) }
    for (line, entries) in legend.enumerated() {
      let row = canvas.size.rows - legend.count + line
      canvas.put(entries.flatMap { $0 }, row: row, column: Self.indent)
    }
  }

  /// The axes given, else such as hold all points and bands; a linear vertical one begins at zero.
  private var axes: (horizontal: Axis, vertical: Axis) {
    let xs = series.flatMap(\.x).filter { $0.isFinite && (horizontalScale == .linear || $0 > 0) }
    let ys = series.flatMap { one in
      one.y.indices.flatMap { i in
        let half = i < one.deviation.count && one.deviation[i].isFinite ? one.deviation[i] : 0
        return [one.y[i] - half, one.y[i] + half]
      }
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
        marker(index, canvas), foreground: color(index), background: canvas[row, column].background,
        style: .bold)
    }
  }

  private func color(_ index: Int) -> Color { series[index].color ?? ClassPalette.colors[index % 7] }

  private func marker(_ index: Int, _ canvas: Canvas) -> Unicode.Scalar {
    let markers = canvas.hasBlocks ? Self.markers : Self.asciiMarkers
    return markers[index % markers.count]
  }

  private func draw(_ reference: Reference, _ frame: PlotFrame, on canvas: inout Canvas) {
    guard let row = frame.row(reference.y) else { return }
    let look = canvas.theme.muted
    for column in 0..<frame.cells.columns where column % 2 == 0 {
      let glyph = canvas.hasBlocks ? "╌" : "-"
      canvas.put(glyph, row: row, column: frame.cells.column + column, look, width: 1)
    }
    let width = min(frame.cells.columns, Text.columns(reference.name, canvas.appearance.glyphs))
    let start = frame.cells.column + frame.cells.columns - width
    canvas.put(reference.name, row: max(frame.cells.row, row - 1), column: start, look, width: width)
  }

  private func drawCursor(_ frame: PlotFrame, on canvas: inout Canvas) {
    guard let cursor, let column = frame.column(cursor) else { return }
    for row in frame.cells.row..<frame.cells.row + frame.cells.rows {
      canvas.put(canvas.hasBlocks ? "╎" : ":", row: row, column: column, canvas.theme.key, width: 1)
    }
  }

  private func drawLine(_ one: Series, _ color: Color, _ frame: PlotFrame, on canvas: inout Canvas) {
    var quarters = Quarters(rows: frame.cells.rows, columns: frame.cells.columns)
    let places = zip(one.x, one.y).map { frame.place($0, $1) }
    for (a, b) in zip(places, places.dropFirst()) { quarters.line(from: a, to: b) }
    for row in 0..<quarters.rows {
      for column in 0..<quarters.columns where quarters.mask(row, column) != 0 {
        let (r, c) = (frame.cells.row + row, frame.cells.column + column)
        let glyph = canvas.hasBlocks ? Quadrants.glyph(quarters.mask(row, column)) : "."
        canvas[r, c] = Cell(glyph, foreground: color, background: canvas[r, c].background)
      }
    }
  }

  private static let indent = 4

  /// A series' marker, name and, with a cursor, its value at the point nearest to it.
  private typealias Entry = [(String, Look)]

  /// Lines of markers and names: one, two where one does not hold them; the values are left out before a name is.
  private func legend(on canvas: Canvas) -> [[Entry]] {
    guard canvas.size.rows >= 7 else { return [] }
    let lines = canvas.size.rows >= 9 ? 2 : 1
    let full = wrapped(entries(withValues: true, canvas), canvas)
    if full.count <= lines { return full }
    return Array(wrapped(entries(withValues: false, canvas), canvas).prefix(lines))
  }

  private func entries(withValues: Bool, _ canvas: Canvas) -> [Entry] {
    series.indices.filter { !series[$0].name.isEmpty }.map { i in
      let one = series[i]
      var text = one.name
      if withValues, let cursor,
        let at = one.x.indices.min(by: { abs(one.x[$0] - cursor) < abs(one.x[$1] - cursor) })
      {
        text += " " + Number.short(one.y[at])
      }
      return [
        (String(marker(i, canvas)) + " ", Look(color(i), style: .bold)), (text + "   ", .plain),
      ]
    }
  }

  private func wrapped(_ entries: [Entry], _ canvas: Canvas) -> [[Entry]] {
    let room = canvas.size.columns - Self.indent
    var lines: [[Entry]] = []
    var used = 0
    for entry in entries {
      let width = entry.reduce(0) { $0 + Text.columns($1.0, canvas.appearance.glyphs) }
      // The gap after the last one may be cut.
      if lines.isEmpty || used + width - 3 > room { (lines, used) = (lines + [[]], 0) }
      lines[lines.count - 1].append(entry)
      used += width
    }
    return lines
  }
}
