extension Heatmap: SheetDrawable {
  /// A plane is drawn with equal scales, as high as wide where the plane is.
  private var aspect: Double {
    let (s, t) = extents
    return Double(t.upperBound - t.lowerBound)
      / Double(max(s.upperBound - s.lowerBound, .leastNormalMagnitude))
  }

  private var extents: (s: ClosedRange<Float>, t: ClosedRange<Float>) {
    window ?? (
      (field.columns.first ?? 0)...(field.columns.last ?? 1), (field.rows.first ?? 0)...(field.rows.last ?? 1)
    )
  }

  private func axis(_ range: ClosedRange<Float>) -> Axis {
    Axis(Double(range.lowerBound)...Double(range.upperBound))
  }

  public func height(at width: Double, _ style: SheetStyle) -> Double {
    let (left, bottom) = SheetFrame.margins(axis(extents.t), (horizontal, vertical), style)
    let plane = width - left - 0.9 * style.fontSize
    return min(1.6, aspect) * plane + bottom + 0.5 * style.fontSize + foot(width - left, style)
  }

  private func foot(_ width: Double, _ style: SheetStyle) -> Double {
    guard showsLegend else { return 0 }
    return mode == .margin ? 2.6 * style.lineHeight : legend(style).height(width, style)
  }

  public func draw(on sheet: inout Sheet, in box: Sheet.Box) {
    let left = SheetFrame.margins(axis(extents.t), (horizontal, vertical), sheet.style).left
    let foot = foot(box.width - left, sheet.style)
    let frame = SheetFrame(
      axis(extents.s), axis(extents.t), titles: (horizontal, vertical), isBoxed: true, aspect: aspect,
      on: &sheet,
      in: Sheet.Box(x: box.x, y: box.y, width: box.width, height: box.height - foot))
    drawPlane(frame, on: &sheet)
    sheet.within(frame.inner) { sheet in
      if showsContour {
        for line in field.zeroLines() {
          sheet.line(
            line.map { place($0, frame) }, Theme(appearance(sheet.style)).contour,
            width: 1.3 * sheet.style.lineWidth)
        }
      }
      // Over the boundary, which they follow: in strokes, so that both are seen.
      for curve in curves { draw(curve, frame, on: &sheet) }
    }
    for marker in markers { draw(marker, frame, on: &sheet) }
    guard showsLegend else { return }
    let below = Sheet.Box(x: frame.inner.x, y: box.bottom - foot, width: frame.inner.width, height: foot)
    if mode == .margin {
      drawScale(on: &sheet, in: below)
    } else {
      legend(sheet.style).draw(
        on: &sheet, in: Sheet.Box(x: below.x, y: below.y, width: box.right - below.x, height: foot))
    }
  }

  private func place(_ point: PlanePoint, _ frame: SheetFrame) -> Sheet.Point {
    frame.place(Double(point.s), Double(point.t))
  }

  private func appearance(_ style: SheetStyle) -> Appearance {
    Appearance(colors: .direct, glyphs: .blocks, background: style.background)
  }

  private func painter(_ columns: Int, _ rows: Int, _ style: SheetStyle) -> RegionPainter {
    func places(_ range: ClosedRange<Float>, _ count: Int) -> [Float] {
      (0..<count).map {
        range.lowerBound + (Float($0) + 0.5) / Float(count) * (range.upperBound - range.lowerBound)
      }
    }
    let samples = field.samples(s: places(extents.s, columns), t: places(extents.t, rows).reversed())
    return RegionPainter(self, samples, appearance(style))
  }

  /// The colours of the plane, three pixels a point of the sheet at most: finer than the field is.
  private func drawPlane(_ frame: SheetFrame, on sheet: inout Sheet) {
    let columns = min(720, max(2, Int(3 * frame.inner.width)))
    let rows = min(720, max(2, Int(3 * frame.inner.height)))
    let painter = painter(columns, rows, sheet.style)
    var image = RGBImage(width: columns, height: rows, fill: sheet.style.grid)
    for row in 0..<rows {
      for column in 0..<columns {
        let index = painter.samples.index(row, column)
        if painter.samples.values[index].isFinite { image[row, column] = painter.color(index) }
      }
    }
    sheet.add(.picture(image, frame.inner, isSmooth: true))
  }

  private func draw(_ curve: Curve, _ frame: SheetFrame, on sheet: inout Sheet) {
    let color = curve.color ?? Theme(appearance(sheet.style)).curve
    let dashes = CurveStyle.Strokes.dashed.lengths(sheet.style.lineWidth)
    var run: [Sheet.Point] = []
    for point in curve.points {
      if point.s.isFinite, point.t.isFinite {
        run.append(place(point, frame))
      } else {
        sheet.line(run, color, dashes: dashes)
        run = []
      }
    }
    sheet.line(run, color, dashes: dashes)
  }

  private func draw(_ marker: Marker, _ frame: SheetFrame, on sheet: inout Sheet) {
    guard frame.isInside(Double(marker.point.s), Double(marker.point.t)) else { return }
    let (at, style) = (place(marker.point, frame), sheet.style)
    let name = marker.label.isEmpty ? String(marker.glyph) : marker.label
    sheet.add(.disc(at, radius: 1.5 * style.markSize, style.ground))
    sheet.add(.disc(at, radius: style.markSize, style.ink))
    // Below the point where another one lies close above it, whose name would cover this one.
    let isBelow = markers.contains { other in
      let gap = at.y - place(other.point, frame).y
      return gap > 0 && gap < 2 * style.fontSize
        && abs(at.x - place(other.point, frame).x) < 2 * style.fontSize
    }
    let corner = Sheet.Point(
      at.x + 0.6 * style.fontSize, at.y + (isBelow ? 1.25 : -0.35) * style.fontSize)
    // A ground of its own: the name stands on any colour.
    sheet.rectangle(
      Sheet.Box(
        x: corner.x - 0.15 * style.fontSize, y: corner.y - 0.95 * style.fontSize,
        width: style.width(name) + 0.3 * style.fontSize, height: 1.25 * style.fontSize), style.ground,
      opacity: 0.75)
    sheet.text(name, at: corner)
  }

  private func legend(_ style: SheetStyle) -> SheetLegend {
    let painter = painter(48, 48, style)
    let counts = painter.samples.counts { $0.isFinite }
    let labels = counts.keys.sorted { (counts[$0, default: 0], $1) > (counts[$1, default: 0], $0) }.prefix(10)
    var legend = SheetLegend()
    for label in labels {
      let color = painter.region(label, depth: 0.7)
      legend.entries.append(
        (
          painter.classes.name(label),
          { sheet, at in
            let size = sheet.style.fontSize
            sheet.rectangle(
              Sheet.Box(x: at.x, y: at.y - 0.45 * size, width: SheetLegend.sample * size, height: 0.9 * size),
              color)
          }
        ))
    }
    let named = curves.filter { !$0.name.isEmpty }.map {
      ($0.name, $0.color ?? Theme(appearance(style)).curve)
    }
    for (name, color) in named {
      legend.entries.append(
        (
          name,
          { sheet, at in
            sheet.line(
              [at, .init(at.x + SheetLegend.sample * sheet.style.fontSize, at.y)], color,
              dashes: CurveStyle.Strokes.dashed.lengths(sheet.style.lineWidth))
          }
        ))
    }
    return legend
  }

  /// The colours of the margin between ± the limit.
  private func drawScale(on sheet: inout Sheet, in box: Sheet.Box) {
    let (map, style) = (ColorMap.diverging(sheet.style.background), sheet.style)
    let bar = Sheet.Box(
      x: box.x, y: box.y + 0.4 * style.lineHeight, width: box.width, height: 0.8 * style.fontSize)
    var image = RGBImage(width: ColorMap.levels, height: 1, fill: style.ground)
    for level in 0..<ColorMap.levels { image[0, level] = map.colors[level] }
    sheet.add(.picture(image, bar, isSmooth: false))
    let ends = limit ?? field.largestMagnitude
    let y = bar.bottom + 1.2 * style.fontSize
    let text = Number.short(Double(ends), digits: 2)
    sheet.text("−" + text, at: .init(bar.x, y), style.muted)
    sheet.text("margin", at: .init((bar.x + bar.right) / 2, y), style.muted, anchor: .middle)
    sheet.text("+" + text, at: .init(bar.right, y), style.muted, anchor: .end)
  }
}
