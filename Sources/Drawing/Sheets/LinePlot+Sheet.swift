extension LinePlot: SheetDrawable {
  public func height(at width: Double, _ style: SheetStyle) -> Double {
    0.66 * width + legend.height(width - left(style), style)
  }

  /// The most that ticks and title take at the left: the legend has what is left over.
  private func left(_ style: SheetStyle) -> Double {
    SheetFrame.margins(axes.vertical, (horizontalTitle, verticalTitle), style).left
  }

  public func draw(on sheet: inout Sheet, in box: Sheet.Box) {
    let legend = legend
    let left = left(sheet.style)
    let foot = legend.height(box.width - left, sheet.style)
    let (across, up) = axes
    let frame = SheetFrame(
      across, up, titles: (horizontalTitle, verticalTitle), on: &sheet,
      in: Sheet.Box(x: box.x, y: box.y, width: box.width, height: box.height - foot))
    sheet.within(frame.inner) { sheet in
      for i in series.indices.reversed() { drawBand(i, frame, on: &sheet) }
      for reference in references { draw(reference, frame, on: &sheet) }
      for i in series.indices.reversed() { drawLine(i, frame, on: &sheet) }
    }
    // The first series is what the plot is about: its marks lie on top.
    for i in series.indices.reversed() where series[i].showsMarkers { drawMarks(i, frame, on: &sheet) }
    for reference in references { name(reference, frame, on: &sheet) }
    legend.draw(
      on: &sheet, in: Sheet.Box(x: box.x + left, y: box.bottom - foot, width: box.width - left, height: foot))
  }

  private func color(_ i: Int, _ sheet: Sheet) -> Color { style(i).color(on: sheet.style.background) }

  private func drawBand(_ i: Int, _ frame: SheetFrame, on sheet: inout Sheet) {
    let one = series[i]
    guard !one.band.isEmpty || one.isFilled else { return }
    let floor = frame.vertical.scale == .linear ? 0 : frame.vertical.lower
    var (upper, lower) = ([Sheet.Point](), [Sheet.Point]())
    // A gap in the line is one in its band; a lone point has a stroke.
    func end() {
      let (area, opacity) = (upper + lower.reversed(), one.isFilled ? 0.3 : 0.16)
      if upper.count > 1 { sheet.add(.area(area, color(i, sheet), opacity: opacity)) }
      if upper.count == 1 { sheet.line(area, color(i, sheet)) }
      (upper, lower) = ([], [])
    }
    for j in one.x.indices {
      guard one.y[j].isFinite else {
        end()
        continue
      }
      let ends = one.isFilled ? Band(floor, one.y[j]) : one.band[j]
      let low = ends.lower.isFinite ? ends.lower : one.y[j]
      upper.append(frame.place(one.x[j], ends.upper.isFinite ? ends.upper : one.y[j]))
      lower.append(frame.place(one.x[j], frame.vertical.scale == .linear ? low : max(low, floor)))
    }
    end()
  }

  private func drawLine(_ i: Int, _ frame: SheetFrame, on sheet: inout Sheet) {
    let (look, color) = (style(i), color(i, sheet))
    var run: [Sheet.Point] = []
    func end() {
      sheet.line(run, color, dashes: look.strokes.lengths(sheet.style.lineWidth))
      run = []
    }
    for (x, y) in zip(series[i].x, series[i].y) {
      let point = frame.place(x, y)
      if point.x.isFinite, point.y.isFinite { run.append(point) } else { end() }
    }
    end()
  }

  private func drawMarks(_ i: Int, _ frame: SheetFrame, on sheet: inout Sheet) {
    for (x, y) in zip(series[i].x, series[i].y) where frame.isInside(x, y) {
      sheet.mark(style(i), at: frame.place(x, y))
    }
  }

  private func look(_ reference: Reference, _ sheet: Sheet) -> (color: Color, dashes: [Double]) {
    let width = sheet.style.lineWidth
    return (
      reference.style?.color(on: sheet.style.background) ?? sheet.style.muted,
      (reference.style?.strokes ?? .dashed).lengths(width)
    )
  }

  private func draw(_ reference: Reference, _ frame: SheetFrame, on sheet: inout Sheet) {
    let (color, dashes) = look(reference, sheet)
    let y = frame.place(frame.horizontal.lower, reference.y).y
    sheet.line([.init(frame.inner.x, y), .init(frame.inner.right, y)], color, dashes: dashes)
  }

  /// Above its line at the end where the curves are farther away, or below where there is no room above.
  private func name(_ reference: Reference, _ frame: SheetFrame, on sheet: inout Sheet) {
    guard !reference.name.isEmpty, frame.isInside(frame.horizontal.lower, reference.y) else { return }
    let y = frame.place(frame.horizontal.lower, reference.y).y
    func distance(_ point: (Series) -> (Double?, Double?)) -> Double {
      series.compactMap { one in
        let (x, value) = point(one)
        return x.flatMap { x in value.map { abs(frame.place(x, $0).y - y) } }
      }.min() ?? .infinity
    }
    let isLeft = distance { ($0.x.first, $0.y.first) } > distance { ($0.x.last, $0.y.last) }
    let size = sheet.style.fontSize
    let isAbove = y - frame.inner.y > 1.5 * size
    sheet.text(
      reference.name,
      at: .init(
        isLeft ? frame.inner.x + 0.4 * size : frame.inner.right - 0.4 * size,
        isAbove ? y - 0.4 * size : y + 1.2 * size),
      look(reference, sheet).color, anchor: isLeft ? .start : .end)
  }

  private var legend: SheetLegend {
    var legend = SheetLegend()
    for i in series.indices where !series[i].name.isEmpty && series.count > 1 {
      let (look, hasMarks) = (style(i), series[i].showsMarkers)
      legend.entries.append(
        (
          series[i].name,
          { sheet, at in
            let width = SheetLegend.sample * sheet.style.fontSize
            sheet.line(
              [at, .init(at.x + width, at.y)], look.color(on: sheet.style.background),
              dashes: look.strokes.lengths(sheet.style.lineWidth))
            if hasMarks { sheet.mark(look, at: .init(at.x + width / 2, at.y)) }
          }
        ))
    }
    return legend
  }
}

extension CurveStyle.Strokes {
  /// Strokes and gaps in turn, in points, for a line of some width.
  func lengths(_ width: Double) -> [Double] {
    switch self {
    case .solid: []
    case .dashed: [4.5 * width, 2 * width]
    case .dotted: [1.1 * width, 1.6 * width]
    case .dashDotted: [6 * width, 1.8 * width, 1.2 * width, 1.8 * width]
    }
  }
}
