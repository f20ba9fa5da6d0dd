extension BarPlot {
  public func draw(on canvas: inout Canvas) {
    let glyphs = canvas.appearance.glyphs
    let columns = canvas.size.columns
    let names = min(columns / 2, entries.map { Text.columns($0.name, glyphs) }.max() ?? 0)
    let texts = min(columns / 3, entries.map { Text.columns($0.text, glyphs) }.max() ?? 0)
    let start = names + (names > 0 ? 1 : 0)
    let width = max(0, columns - start - texts - (texts > 0 ? 1 : 0))
    let top = upper ?? entries.map(\.value).filter(\.isFinite).max() ?? 1
    let scale = top > 0 ? Double(width) / top : 0
    for (row, entry) in entries.prefix(canvas.size.rows).enumerated() {
      let look = row == selection ? canvas.theme.selection : .plain
      canvas.put(entry.name, row: row, column: 0, look, width: names)
      let color = entry.color ?? canvas.theme.accent.foreground
      for (i, glyph) in Bar.glyphs(entry.value * scale, width: width, glyphs).enumerated() {
        canvas[row, start + i] = Cell(glyph, foreground: color)
      }
      mark(entry.interval, scale, row: row, from: start, width: width, on: &canvas)
      canvas.put(entry.text, row: row, column: columns - texts, look, width: texts, alignment: .trailing)
    }
  }

  private func mark(
    _ interval: ClosedRange<Double>?, _ scale: Double, row: Int, from start: Int, width: Int,
    on canvas: inout Canvas
  ) {
    guard let interval, width > 0, interval.lowerBound.isFinite, interval.upperBound.isFinite else { return }
    func column(_ value: Double) -> Int { Int((value * scale).clamped(to: 0...Double(width - 1))) }
    let (low, high) = (column(interval.lowerBound), column(interval.upperBound))
    guard high > low else { return }
    for i in low...high {
      let glyph: Unicode.Scalar = canvas.hasBlocks ? (i == low ? "├" : i == high ? "┤" : "─") : "-"
      let filled = canvas[row, start + i].glyph == "█" || canvas[row, start + i].glyph == "#"
      canvas[row, start + i] = Cell(
        glyph, foreground: filled ? canvas.theme.ground : nil,
        background: filled ? canvas[row, start + i].foreground : nil,
        style: filled && canvas.appearance.colors == .none ? .reverse : [])
    }
  }
}
