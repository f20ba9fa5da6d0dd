extension RegionPainter {
  /// Writes the name of each region of some size into it, or its letter where the name does not fit.
  func name(regions: Regions, avoiding lines: [DotGrid], on canvas: inout Canvas) {
    for region in regions.regions where region.count >= 12 && region.width >= 3 {
      let name = classes.name(region.label)
      if appearance.isPresented, putLarge(name, in: region, avoiding: lines, on: &canvas) { continue }
      let width = Text.columns(name, appearance.glyphs)
      let word = width + 2 <= region.width ? name : String(classes.letter(region.label))
      let text = isFilled || region.width < 5 ? word : " \(word) "
      let column = region.column - Text.columns(text, appearance.glyphs) / 2
      for (i, glyph) in Text.glyphs(text, appearance.glyphs).enumerated() {
        let under = ground(region.row, min(canvas.size.columns - 1, max(0, column + i)))
        canvas[region.row, column + i] = Cell(
          glyph, foreground: under.map(ink), background: under,
          style: canvas[region.row, column + i].style.union(isFilled ? [] : .bold))
      }
    }
  }

  /// In letters to be read from afar; false where the region has no room for them.
  private func putLarge(
    _ name: String, in region: Regions.Region, avoiding lines: [DotGrid], on canvas: inout Canvas
  ) -> Bool {
    let width = LargeText.columns(name)
    let (row, column) = (region.row - 1, region.column - width / 2)
    guard appearance.glyphs == .blocks, width + 4 <= region.width, row >= 0,
      row + LargeText.rows <= canvas.size.rows
    else { return false }
    let isFree = (0..<LargeText.rows).allSatisfy { r in
      (column - 1...column + width).allSatisfy { c in
        c >= 0 && c < canvas.size.columns
          && samples.labels[samples.index(2 * (row + r), 2 * c)] == region.label
          && !lines.contains { $0.mask(row + r, c) != 0 }
      }
    }
    guard isFree else { return false }
    let under = ground(region.row, region.column)
    for (i, letter) in name.unicodeScalars.enumerated() {
      let here = column + 4 * i
      for r in 0..<LargeText.rows {
        for c in here..<here + 3 where isFilled { canvas[row + r, c].background = ground(row + r, c) }
      }
      canvas.put(letter: letter, row: row, column: here, Look(under.map(ink), style: .bold))
    }
    return true
  }

  /// Black or white, whichever is read better on a colour.
  private func ink(on color: Color) -> Color { appearance.shown(color).luminance > 0.35 ? .black : .white }

  /// The legend: the scale with its limits, or the classes in sight with their letters.
  func legend(on canvas: inout Canvas, row: Int) {
    if mode == .margin { scale(on: &canvas, row: row) } else { swatches(on: &canvas, row: row) }
  }

  private func scale(on canvas: inout Canvas, row: Int) {
    let text = Number.short(Double(limit), digits: 2)
    let width = min(16, (canvas.size.columns - 2 * Text.columns(text) - 4) / 2 * 2)
    guard width >= 4 else { return }
    var column = canvas.put("-\(text) ", row: row, column: 0, theme.muted)
    for i in 0..<width {
      let value = limit * (2 * (Float(i) + 0.5) / Float(width) - 1)
      if i == width / 2 {
        canvas[row, column] = Cell(appearance.glyphs == .blocks ? "│" : "|", foreground: theme.contour)
        column += 1
      }
      canvas[row, column] = step(value)
      column += 1
    }
    column = canvas.put(" +\(text)", row: row, column: column, theme.muted)
    canvas.put("  margin", row: row, column: column)
    if samples.known.contains(false) {
      canvas.put("  hatched: not computed yet", row: row, column: column + 8, theme.muted)
    }
  }

  private func step(_ value: Float) -> Cell {
    if isFilled { return Cell(" ", background: map.color(of: value, limit: limit)) }
    if appearance.colors > .none {
      return Cell(
        Ramp.glyph(Double(abs(value) / limit), appearance.glyphs),
        foreground: map.color(of: value, limit: limit))
    }
    return Cell(
      Ramp.glyph(of: value, limit: limit, appearance.glyphs),
      style: appearance.glyphs == .ascii && value > 0 ? .reverse : [])
  }

  private func swatches(on canvas: inout Canvas, row: Int) {
    let counts = samples.counts { $0.isFinite }
    var column = 0
    for label in counts.keys.sorted(by: { (counts[$0, default: 0], $1) > (counts[$1, default: 0], $0) }) {
      let name = classes.name(label)
      let width = Text.columns(name, appearance.glyphs) + 4
      guard column + width <= canvas.size.columns else { break }
      let color = region(label, depth: 1)
      let look = isFilled ? Look(ink(on: color), on: color) : .plain
      let around = isFilled || label == home ? " " : appearance.glyphs == .blocks ? String(hatch(label)) : "|"
      canvas.put(around + String(classes.letter(label)) + around, row: row, column: column, look)
      column = canvas.put(" " + name, row: row, column: column + 3) + 1
    }
  }
}
