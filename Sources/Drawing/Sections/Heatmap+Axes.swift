extension Heatmap {
  /// The axis lines with ticks, the places of the cursor on them, and what the axes are.
  func drawAxes(_ layout: Layout, on canvas: inout Canvas) {
    let plot = layout.plot.cells
    let line = layout.gutter - 1
    let glyphs = Array((canvas.hasBlocks ? "│┤─┬└▲▶" : "|+-++^>").unicodeScalars)
    let border = canvas.theme.border
    func cell(_ i: Int) -> Cell { Cell(glyphs[i], foreground: border.foreground, style: border.style) }
    for row in 0..<plot.rows { canvas[row, line] = cell(0) }
    for column in plot.column..<plot.column + plot.columns { canvas[plot.rows, column] = cell(2) }
    canvas[plot.rows, line] = cell(4)
    drawTicks(layout, with: cell, on: &canvas)
    if let cursor, let (row, column) = layout.plot.cell(of: cursor) {
      let look = canvas.theme.key
      canvas[plot.rows, column] = Cell(glyphs[5], foreground: look.foreground, style: look.style)
      canvas[row, line] = Cell(glyphs[6], foreground: look.foreground, style: look.style)
    }
    if let row = layout.caption { drawCaption(layout, row: row, on: &canvas) }
  }

  private func drawTicks(_ layout: Layout, with cell: (Int) -> Cell, on canvas: inout Canvas) {
    let plot = layout.plot.cells
    let line = layout.gutter - 1
    var free = 0
    for tick in Self.ticks(layout.plot.s, along: plot.columns, every: 10) {
      let point = PlanePoint(s: Float(tick.value), t: layout.plot.t.lowerBound)
      guard let column = layout.plot.cell(of: point)?.column else { continue }
      canvas[plot.rows, column] = cell(3)
      let width = Text.columns(tick.label, canvas.appearance.glyphs)
      let start = min(canvas.size.columns - width, max(0, column - width / 2))
      guard start >= free else { continue }
      free = canvas.put(tick.label, row: plot.rows + 1, column: start, canvas.theme.muted) + 1
    }
    for tick in Self.ticks(layout.plot.t, along: plot.rows, every: 4) {
      let point = PlanePoint(s: layout.plot.s.lowerBound, t: Float(tick.value))
      guard let row = layout.plot.cell(of: point)?.row else { continue }
      canvas[row, line] = cell(1)
      canvas.put(
        tick.label, row: row, column: 0, canvas.theme.muted, width: max(0, line), alignment: .trailing)
    }
  }

  private func drawCaption(_ layout: Layout, row: Int, on canvas: inout Canvas) {
    var runs: [(String, Look)] = [
      ("→ ", canvas.theme.muted), (horizontal, .plain), ("   ↑ ", canvas.theme.muted), (vertical, .plain),
    ]
    if !canvas.hasBlocks {
      runs[0].0 = "> "
      runs[2].0 = "   ^ "
    }
    let colors = canvas.appearance.colors
    // On regions in few colours curves are dots without a colour of their own.
    let isColored = mode == .labels ? colors >= .indexed : colors > .none
    for curve in curves where !curve.name.isEmpty {
      let dot = !canvas.hasBlocks ? "o" : isColored ? "▄" : "•"
      let look = isColored ? Look(curve.color ?? canvas.theme.curve) : .plain
      runs += [("   \(dot) ", look), (curve.name, .plain)]
    }
    if isColored, canvas.hasBlocks {
      runs += [("   ▄ ", Look(canvas.theme.contour)), ("boundary", .plain)]
    }
    let room = canvas.size.columns - layout.gutter
    func width(_ runs: [(String, Look)]) -> Int {
      runs.reduce(0) { $0 + Text.columns($1.0, canvas.appearance.glyphs) }
    }
    if width(runs) > room {
      for i in [1, 3] { runs[i].0 = runs[i].0.replacing(" along ", with: " ") }
      runs[2].0 = runs[2].0.replacing("   ", with: "  ")
    }
    // A curve whose name is cut says nothing.
    while width(runs) > room, runs.count > 4 { runs.removeLast(2) }
    canvas.put(runs, row: row, column: layout.gutter)
  }
}
