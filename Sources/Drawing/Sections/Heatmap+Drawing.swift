extension Heatmap {
  public func draw(on canvas: inout Canvas) {
    let layout = layout(canvas.size, canvas.appearance)
    canvas.fill(canvas.bounds)
    guard !layout.plot.cells.isEmpty else { return }
    let samples = samples(layout.plot)
    let painter = RegionPainter(self, samples, canvas.appearance)
    canvas.with(layout.plot.cells) { plot in
      painter.paint(on: &plot)
      let points = markers.map(\.point) + (cursor.map { [$0] } ?? [])
      let taken = points.compactMap { layout.plot.cell(of: $0) }
        .map { (row: $0.row, column: $0.column - layout.gutter) }
      var lines = lines(samples, layout.plot, painter, plot.theme)
      if plot.appearance.isPresented { for i in lines.indices { lines[i].quarters.thicken() } }
      for line in lines { draw(line, painter, on: &plot) }
      if let pixels = pixels(layout.plot, plot.appearance) { plot.lay(pixels, row: 0, column: 0) }
      let quarters = lines.map(\.quarters)
      painter.name(
        regions: Regions(samples, avoiding: taken, lines: quarters), avoiding: quarters, on: &plot)
      drawMarks(layout.plot, on: &plot)
    }
    if layout.hasAxes { drawAxes(layout, on: &canvas) }
    if let row = layout.legend { painter.legend(on: &canvas, row: row) }
  }

  /// The field at the centres of the quarters of the plot's cells, from the top.
  func samples(_ plot: PlotArea) -> Field.Samples {
    let s = (0..<2 * plot.cells.columns).map { plot.point(across: (Float($0) + 0.5) / 2, down: 0).s }
    let t = (0..<2 * plot.cells.rows).map { plot.point(across: 0, down: (Float($0) + 0.5) / 2).t }
    return field.samples(s: s, t: t)
  }

  private struct Line {
    var quarters: DotGrid
    /// A glyph for each cell, where there are no block elements; nil takes one for all.
    var strokes: [Unicode.Scalar?]?
    var color: Color
  }

  /// Curves first, then the contour, which is drawn over them.
  private func lines(
    _ samples: Field.Samples, _ plot: PlotArea, _ painter: RegionPainter, _ theme: Theme
  ) -> [Line] {
    var lines = curves.map { curve in
      var quarters = DotGrid(rows: plot.cells.rows, columns: plot.cells.columns)
      for (a, b) in zip(curve.points, curve.points.dropFirst()) {
        quarters.line(from: plot.place(of: a), to: plot.place(of: b))
      }
      return Line(quarters: quarters, strokes: nil, color: curve.color ?? theme.curve)
    }
    if showsContour {
      let contour = Contour(samples)
      lines.append(Line(quarters: contour.quarters, strokes: contour.strokes, color: painter.contour))
    }
    return lines
  }

  private func draw(_ line: Line, _ painter: RegionPainter, on canvas: inout Canvas) {
    let (quarters, strokes) = (line.quarters, line.strokes)
    let colored = canvas.appearance.colors > .none
    for row in 0..<quarters.rows {
      for column in 0..<quarters.columns where quarters.mask(row, column) != 0 {
        var glyph = Quadrants.glyph(quarters.mask(row, column))
        if !canvas.hasBlocks {
          glyph = strokes?[row * quarters.columns + column] ?? "o"
        } else if strokes == nil, !colored || painter.isCoarse {
          glyph = "•"
        }
        canvas[row, column] = Cell(
          glyph, foreground: painter.isCoarse ? .black : line.color,
          background: colored ? painter.ground(row, column, line: quarters.mask(row, column)) : nil,
          style: canvas.hasBlocks ? [] : .bold)
      }
    }
  }

  private func drawMarks(_ plot: PlotArea, on canvas: inout Canvas) {
    let theme = canvas.theme
    let look = Look(theme.contour, on: theme.ground, style: .bold)
    for marker in markers {
      guard let (row, column) = plot.cell(of: marker.point).map({ ($0.row, $0.column - plot.cells.column) })
      else { continue }
      let glyph = String(marker.glyph)
      canvas.put(glyph, row: row, column: column, look, width: 1)
      let width = Text.columns(marker.label, canvas.appearance.glyphs)
      guard width > 0 else { continue }
      let fits = column + 2 + width <= canvas.size.columns
      canvas.put(marker.label, row: row, column: fits ? column + 1 : column - width, look, width: width)
    }
    if let cursor, let (row, column) = plot.cell(of: cursor) {
      let here = column - plot.cells.column
      let under = canvas[row, here].glyph
      let isMarker = markers.contains { $0.glyph == under }
      let colored = canvas.appearance.colors > .none
      canvas[row, here] = Cell(
        isMarker ? under : "+", foreground: colored ? .black : nil, background: colored ? .yellow : nil,
        style: colored ? .bold : [.bold, .reverse])
    }
  }
}
