extension LinePlot {
  /// Draws the band, or the area down to zero: a tint between neighbouring points with many colours, else a bar at
  /// each point.
  func drawBand(_ one: Series, _ color: Color, _ frame: PlotFrame, on canvas: inout Canvas) {
    guard !one.band.isEmpty || one.isFilled else { return }
    let ends = one.x.indices.map { i -> (Double, Double) in
      one.isFilled
        ? (max(0, one.y[i]), min(0, one.y[i])) : (one.band[i].upper, one.band[i].lower)
    }
    let upper = one.x.indices.map { frame.place(one.x[$0], ends[$0].0) }
    let lower = one.x.indices.map { frame.place(one.x[$0], ends[$0].1) }
    let isTinted = canvas.appearance.colors >= .indexed && canvas.hasBlocks
    let tint = color.mixed(with: canvas.theme.ground, share: 0.72)
    for column in 0..<frame.cells.columns {
      let across = Float(column) + 0.5
      guard isTinted || upper.contains(where: { abs($0.across - across) <= 0.5 }),
        let top = Self.height(upper, at: across), let bottom = Self.height(lower, at: across)
      else { continue }
      for row in 0..<frame.cells.rows {
        let (r, c) = (frame.cells.row + row, frame.cells.column + column)
        if isTinted {
          let halves = [0.25, 0.75].map { top <= Float(row) + $0 && Float(row) + $0 <= bottom }
          Self.tint(halves, tint, &canvas[r, c])
        } else if top < Float(row + 1), bottom > Float(row) {
          let glyph: Unicode.Scalar = canvas.hasBlocks ? "│" : "|"
          canvas[r, c] = Cell(glyph, foreground: color, style: canvas.theme.muted.style)
        }
      }
    }
  }

  /// Colours the upper and lower half of a cell, keeping what another band left in the other half.
  private static func tint(_ halves: [Bool], _ tint: Color, _ cell: inout Cell) {
    switch (halves[0], halves[1]) {
    case (true, true): cell = Cell(" ", background: tint)
    case (true, false): cell = Cell("▀", foreground: tint, background: cell.background)
    case (false, true): cell = Cell("▄", foreground: tint, background: cell.background)
    case (false, false): break
    }
  }

  /// The height of a polyline at a place across, nil beside it and where it is not finite.
  private static func height(_ line: [(across: Float, down: Float)], at across: Float) -> Float? {
    for (a, b) in zip(line, line.dropFirst()) where a.across <= across + 0.5 && across - 0.5 <= b.across {
      let width = b.across - a.across
      let share = width > 0 ? min(1, max(0, (across - a.across) / width)) : 0
      let down = a.down + share * (b.down - a.down)
      return down.isFinite ? down : nil
    }
    return nil
  }
}
