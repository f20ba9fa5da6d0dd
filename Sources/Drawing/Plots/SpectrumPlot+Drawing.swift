extension SpectrumPlot {
  public func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds)
    let frame = frame(on: &canvas)
    guard !frame.cells.isEmpty else { return }
    drawZero(frame, on: &canvas)
    for (i, value) in values.enumerated() where value.isFinite {
      let (start, slot) = slot(i, frame)
      let width = frame.cells.columns / values.count >= 3 ? slot - 1 : slot
      let (zero, top) = (Self.height(0, frame), Self.height(value, frame))
      for column in start..<start + width {
        drawBar(from: zero, to: top, column, color(value, i, canvas), frame, on: &canvas)
      }
      drawIndex(i, column: start + width / 2, slot, frame, on: &canvas)
    }
    drawOthers(frame, on: &canvas)
  }

  private func frame(on canvas: inout Canvas) -> PlotFrame {
    let ends = values + others.flatMap { $0.values.prefix(values.count) }
    return PlotFrame(
      Axis(0.5...Double(max(1, values.count)) + 0.5), Axis(around: ends, includesZero: true),
      titles: (indexTitle, title), showsHorizontalTicks: false, on: &canvas)
  }

  /// The marks of the other spectra, and which is whose in the upper right corner.
  private func drawOthers(_ frame: PlotFrame, on canvas: inout Canvas) {
    for (n, other) in others.enumerated() {
      let style = look(n)
      let (glyph, color) = (
        style.mark.glyph(canvas.appearance.glyphs), style.color(on: canvas.appearance.background)
      )
      for (i, value) in other.values.prefix(values.count).enumerated() where value.isFinite {
        let (start, slot) = slot(i, frame)
        let row = Int(Self.height(value, frame).rounded(.down)).clamped(to: 0...frame.cells.rows - 1)
        let (r, c) = (frame.cells.row + row, frame.cells.column + start + max(0, (slot - 1) / 2))
        let under = canvas[r, c]
        let isOnBar = under.glyph == "█" || under.glyph == "#"
        canvas[r, c] = Cell(
          glyph, foreground: color, background: isOnBar ? under.foreground : under.background, style: .bold)
      }
      let text = "\(String(glyph)) \(other.name)"
      let width = Text.columns(text, canvas.appearance.glyphs)
      let column = frame.cells.column + frame.cells.columns - width
      guard n < frame.cells.rows, column >= frame.cells.column else { continue }
      canvas.put(text, row: frame.cells.row + n, column: column, Look(color, style: .bold))
    }
  }

  /// Where a bar begins and how many columns it has with the gap after it; one at least.
  private func slot(_ index: Int, _ frame: PlotFrame) -> (start: Int, width: Int) {
    let (columns, count) = (frame.cells.columns, max(1, values.count))
    let start = index * columns / count
    return (start, max(1, (index + 1) * columns / count - start))
  }

  private func color(_ value: Double, _ index: Int, _ canvas: Canvas) -> Color {
    if index == selection { return canvas.appearance.background == .dark ? .yellow : .purple }
    return value < 0 ? .blue : .vermillion
  }

  /// Where a value lies in rows from the top of the plot, as its tick does: zero is the middle of a row.
  private static func height(_ value: Double, _ frame: PlotFrame) -> Double {
    Double(frame.place(1, value).down)
  }

  /// The line of zero, in the middle of its row; bars end at it.
  private func drawZero(_ frame: PlotFrame, on canvas: inout Canvas) {
    guard let row = frame.row(0) else { return }
    for column in 0..<frame.cells.columns {
      canvas.put(
        canvas.hasBlocks ? "─" : "-", row: row, column: frame.cells.column + column, canvas.theme.border,
        width: 1)
    }
  }

  /// A bar between two heights in rows from the top, to an eighth of a row: the glyphs fill from below, so an upper
  /// part is drawn in reverse.
  private func drawBar(
    from zero: Double, to top: Double, _ column: Int, _ color: Color, _ frame: PlotFrame,
    on canvas: inout Canvas
  ) {
    let (high, low) = (min(zero, top), max(zero, top))
    for row in 0..<frame.cells.rows {
      let covered = min(low, Double(row + 1)) - max(high, Double(row))
      guard covered > 0.06 else { continue }
      let (r, c) = (frame.cells.row + row, frame.cells.column + column)
      let hangs = high < Double(row) + 0.01 && low < Double(row) + 0.99
      if high > Double(row) + 0.01, low < Double(row) + 0.99 {
        // Within the row of zero: as much as its line.
        canvas[r, c] = Cell(canvas.hasBlocks ? "─" : "-", foreground: color, style: .bold)
      } else if !canvas.hasBlocks {
        if covered > 0.3 { canvas[r, c] = Cell("#", foreground: color) }
      } else if hangs, canvas.appearance.colors == .none {
        // Text alone keeps no reverse.
        canvas[r, c] = Cell(covered < 0.3 ? "▔" : covered < 0.75 ? "▀" : "█")
      } else if hangs {
        let rest = Bar.rising(1 - covered, .blocks)
        canvas[r, c] =
          rest == " " ? Cell("█", foreground: color) : Cell(rest, foreground: color, style: .reverse)
      } else {
        canvas[r, c] = Cell(Bar.rising(covered, .blocks), foreground: color)
      }
    }
  }

  /// Numbers from 1 below the bars, as many as fit.
  private func drawIndex(_ i: Int, column: Int, _ slot: Int, _ frame: PlotFrame, on canvas: inout Canvas) {
    let row = frame.cells.row + frame.cells.rows
    let every = slot >= 4 ? 1 : slot >= 2 ? 5 : 10
    if i == selection {
      canvas.put(
        canvas.hasBlocks ? "▲" : "^", row: row, column: frame.cells.column + column, canvas.theme.key)
    } else if i == 0 || (i + 1) % every == 0 {
      let width = i + 1 > 9 ? 1 : 0
      canvas.put("\(i + 1)", row: row, column: frame.cells.column + column - width, canvas.theme.muted)
    }
  }

  /// The index of the value at a cell of an area, for the mouse; nil outside the bars.
  public func index(row: Int, column: Int, in area: Rectangle) -> Int? {
    var scratch = Canvas(area.size)
    let frame = frame(on: &scratch)
    let across = column - area.column - frame.cells.column
    guard across >= 0, area.contains(row: row, column: column) else { return nil }
    return values.indices.first { across < slot($0, frame).start + slot($0, frame).width }
  }
}
