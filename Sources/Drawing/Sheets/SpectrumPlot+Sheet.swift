extension SpectrumPlot: SheetDrawable {
  public func height(at width: Double, _ style: SheetStyle) -> Double {
    0.66 * width + legend.height(width - 5 * style.fontSize, style)
  }

  public func draw(on sheet: inout Sheet, in box: Sheet.Box) {
    let (legend, style) = (legend, sheet.style)
    let foot = legend.height(box.width - 5 * style.fontSize, style)
    let ends = values + others.flatMap { $0.values.prefix(values.count) }
    let frame = SheetFrame(
      Axis(0.5...Double(max(1, values.count)) + 0.5), Axis(around: ends, includesZero: true),
      titles: (indexTitle, title), on: &sheet,
      in: Sheet.Box(x: box.x, y: box.y, width: box.width, height: box.height - foot))
    for (i, value) in values.enumerated() where value.isFinite {
      let (a, b) = (frame.place(Double(i) + 0.62, 0), frame.place(Double(i) + 1.38, value))
      sheet.rectangle(
        Sheet.Box(x: a.x, y: min(a.y, b.y), width: b.x - a.x, height: abs(b.y - a.y)),
        value < 0 ? .blue : .vermillion)
    }
    let zero = frame.place(0.5, 0).y
    sheet.line(
      [.init(frame.inner.x, zero), .init(frame.inner.right, zero)], style.muted, width: 0.5 * style.lineWidth)
    for (n, other) in others.enumerated() {
      for (i, value) in other.values.prefix(values.count).enumerated() where value.isFinite {
        sheet.mark(look(n), at: frame.place(Double(i + 1), value))
      }
    }
    let left = box.x + 5 * style.fontSize
    legend.draw(
      on: &sheet, in: Sheet.Box(x: left, y: box.bottom - foot, width: box.right - left, height: foot))
  }

  /// The look of the n-th of the others, its own or by its place among those that have none.
  func look(_ n: Int) -> CurveStyle { others[n].style ?? .other(others[..<n].count { $0.style == nil }) }

  private var legend: SheetLegend {
    var legend = SheetLegend()
    for n in others.indices {
      let look = look(n)
      legend.entries.append(
        (
          others[n].name,
          { $0.mark(look, at: .init($1.x + SheetLegend.sample / 2 * $0.style.fontSize, $1.y)) }
        ))
    }
    return legend
  }
}
