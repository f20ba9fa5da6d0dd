extension Table: SheetDrawable {
  public var isWide: Bool { true }

  public func height(at width: Double, _ style: SheetStyle) -> Double {
    (Double(rows.count) + (showsHeading ? 1.3 : 0)) * style.lineHeight + 0.4 * style.fontSize
  }

  /// As books set tables: a thin line above, below the heading and below all; no line upright.
  public func draw(on sheet: inout Sheet, in box: Sheet.Box) {
    let style = sheet.style
    let widths = widths(in: box.width, style)
    let width = min(box.width, widths.reduce(0, +))
    var y = box.y + 0.2 * style.fontSize
    func rule(_ line: Double) {
      sheet.line([.init(box.x, y), .init(box.x + width, y)], style.ink, width: line * style.lineWidth)
    }
    rule(0.8)
    if showsHeading {
      put(columns.map(\.title), y, widths, box.x, on: &sheet)
      y += 1.3 * style.lineHeight
      rule(0.4)
    }
    for row in rows {
      put(row, y, widths, box.x, on: &sheet)
      y += style.lineHeight
    }
    y += 0.2 * style.fontSize
    rule(0.8)
  }

  private func put(
    _ entries: [String], _ y: Double, _ widths: [Double], _ left: Double, on sheet: inout Sheet
  ) {
    var x = left
    let gap = sheet.style.fontSize
    for (i, width) in widths.enumerated() {
      if i < entries.count {
        let isEnd = columns[i].alignment == .trailing
        sheet.text(
          entries[i], at: .init(isEnd ? x + width - gap : x + 0.2 * gap, y + 1.05 * sheet.style.fontSize),
          anchor: isEnd ? .end : .start)
      }
      x += width
    }
  }

  private func widths(in room: Double, _ style: SheetStyle) -> [Double] {
    let natural = columns.enumerated().map { i, column in
      rows.reduce(style.width(column.title)) { max($0, i < $1.count ? style.width($1[i]) : 0) }
        + style.fontSize
    }
    let whole = natural.reduce(0, +)
    return whole > room ? natural.map { $0 * room / whole } : natural
  }
}

extension MatrixPlot: SheetDrawable {
  private func names(_ width: Double, _ style: SheetStyle) -> Double {
    min(width / 3, (rowNames.map { style.width($0) }.max() ?? 0) + 0.6 * style.fontSize)
  }

  private func side(_ width: Double, _ style: SheetStyle) -> Double {
    min((width - names(width, style)) / Double(max(1, columnNames.count)), 5 * style.fontSize)
  }

  public func height(at width: Double, _ style: SheetStyle) -> Double {
    Double(rowNames.count) * 0.62 * side(width, style) + 1.5 * style.fontSize
  }

  public func draw(on sheet: inout Sheet, in box: Sheet.Box) {
    let style = sheet.style
    let (left, side) = (box.x + names(box.width, style), side(box.width, style))
    let map = isSigned ? ColorMap.diverging(style.background) : .viridis
    // Names that do not fit are those of the rows, in their order.
    let areNamed = columnNames.allSatisfy { style.width($0) <= side }
    for (j, name) in columnNames.enumerated() {
      let text = areNamed ? name : "\(j + 1)"
      sheet.text(text, at: .init(left + (Double(j) + 0.5) * side, box.y + style.fontSize), anchor: .middle)
    }
    for (i, row) in values.enumerated() {
      let y = box.y + 1.5 * style.fontSize + Double(i) * 0.62 * side
      let name = i < rowNames.count ? (areNamed ? rowNames[i] : "\(i + 1) \(rowNames[i])") : ""
      sheet.text(
        name, at: .init(left - 0.4 * style.fontSize, y + 0.31 * side + 0.36 * style.fontSize), anchor: .end)
      for (j, value) in row.enumerated() {
        let color =
          !value.isFinite
          ? style.grid
          : isSigned ? map.color(of: Float(value), limit: Float(limit)) : map.color(at: value / limit)
        let cell = Sheet.Box(x: left + Double(j) * side, y: y, width: side, height: 0.62 * side)
        sheet.rectangle(cell, color)
        sheet.text(
          text(i, j, width: 8), at: .init(cell.x + side / 2, y + 0.31 * side + 0.36 * style.fontSize),
          color.luminance > 0.35 ? .black : .white, anchor: .middle)
      }
    }
  }
}

extension CellPicture: SheetDrawable {
  private var aspect: Double { Double(image.height) / Double(max(1, image.width)) }

  public func height(at width: Double, _ style: SheetStyle) -> Double { width * aspect }

  /// Its pixels stay squares with sharp edges.
  public func draw(on sheet: inout Sheet, in box: Sheet.Box) {
    guard image.width > 0, image.height > 0 else { return }
    let width = min(box.width, box.height / aspect)
    sheet.add(
      .picture(image, Sheet.Box(x: box.x, y: box.y, width: width, height: width * aspect), isSmooth: false))
  }
}

extension FrequencyMap: SheetDrawable {
  private var aspect: Double { Double(rows.count) / Double(max(1, columns.count)) }

  public func height(at width: Double, _ style: SheetStyle) -> Double {
    let (left, bottom) = SheetFrame.margins(axis(rows), titles, style)
    return aspect * (width - left - 0.9 * style.fontSize) + bottom + 0.5 * style.fontSize + 2.6
      * style.lineHeight
  }

  private var titles: (horizontal: String, vertical: String) {
    ("cycles per image, across", "cycles per image, down")
  }

  private func axis(_ cycles: [Int]) -> Axis {
    Axis(Double(cycles.min() ?? 0) - 0.5...Double(cycles.max() ?? 0) + 0.5)
  }

  public func draw(on sheet: inout Sheet, in box: Sheet.Box) {
    let style = sheet.style
    let foot = 2.6 * style.lineHeight
    let frame = SheetFrame(
      axis(columns), axis(rows), titles: titles, isBoxed: true, aspect: aspect, on: &sheet,
      in: Sheet.Box(x: box.x, y: box.y, width: box.width, height: box.height - foot))
    sheet.add(.picture(image, frame.inner, isSmooth: false))
    let bar = Sheet.Box(
      x: frame.inner.x, y: box.bottom - foot + 0.4 * style.lineHeight, width: frame.inner.width,
      height: 0.8 * style.fontSize)
    var scale = RGBImage(width: ColorMap.levels, height: 1, fill: style.ground)
    for level in 0..<ColorMap.levels { scale[0, level] = ColorMap.viridis.colors[level] }
    sheet.add(.picture(scale, bar, isSmooth: false))
    let y = bar.bottom + 1.2 * style.fontSize
    sheet.text("0", at: .init(bar.x, y), style.muted)
    sheet.text("labels changed", at: .init((bar.x + bar.right) / 2, y), style.muted, anchor: .middle)
    sheet.text(Number.percent(top), at: .init(bar.right, y), style.muted, anchor: .end)
  }
}
