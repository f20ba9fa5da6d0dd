/// The axes of a plot on a sheet, and where values lie between them.
struct SheetFrame {
  /// Within the axes.
  let inner: Sheet.Box
  let horizontal: Axis
  let vertical: Axis
  private let isBoxed: Bool

  /// Draws the axes: all round, as about a picture, where it is boxed, else with a faint grid; `aspect` is the height of the
  /// inside beside its width, nil fills the box.
  init(
    _ horizontal: Axis, _ vertical: Axis, titles: (horizontal: String, vertical: String),
    isBoxed: Bool = false,
    aspect: Double? = nil, on sheet: inout Sheet, in box: Sheet.Box
  ) {
    self.horizontal = horizontal
    self.vertical = vertical
    self.isBoxed = isBoxed
    let size = sheet.style.fontSize
    // A title longer than its axis stands above it.
    let isAbove = sheet.style.width(titles.vertical) > box.height - 5 * size
    let (left, bottom) = Self.margins(vertical, isAbove ? (titles.horizontal, "") : titles, sheet.style)
    let (top, right) = (isAbove ? 2 * size : 0.5 * size, 0.9 * size)
    let width = box.width - left - right
    let room = box.height - bottom - top
    let height = aspect.map { min(room, width * $0) } ?? room
    inner = Sheet.Box(
      x: box.x + left, y: box.y + top, width: aspect.map { min(width, height / $0) } ?? width, height: height)
    if isAbove { sheet.text(titles.vertical, at: .init(box.x, box.y + size)) }
    drawVertical(isAbove ? "" : titles.vertical, on: &sheet, left: box.x)
    drawHorizontal(titles.horizontal, on: &sheet)
  }

  /// Room at the left and below for ticks and titles.
  static func margins(
    _ vertical: Axis, _ titles: (horizontal: String, vertical: String), _ style: SheetStyle
  ) -> (left: Double, bottom: Double) {
    let labels = vertical.ticks(6).map { style.width($0.label) }.max() ?? 0
    return (
      labels + 0.8 * style.fontSize + (titles.vertical.isEmpty ? 0 : 1.5 * style.fontSize),
      1.8 * style.fontSize + (titles.horizontal.isEmpty ? 0 : 1.3 * style.fontSize)
    )
  }

  func place(_ x: Double, _ y: Double) -> Sheet.Point {
    Sheet.Point(
      inner.x + horizontal.position(x) * inner.width, inner.bottom - vertical.position(y) * inner.height)
  }

  /// Lines and marks of curves, cut off at the axes.
  func isInside(_ x: Double, _ y: Double) -> Bool {
    let (a, b) = (horizontal.position(x), vertical.position(y))
    return a >= -1e-6 && a <= 1 + 1e-6 && b >= -1e-6 && b <= 1 + 1e-6
  }

  private func drawVertical(_ title: String, on sheet: inout Sheet, left: Double) {
    let style = sheet.style
    let thin = 0.5 * style.lineWidth
    for tick in vertical.ticks(max(2, Int(inner.height / (2.2 * style.fontSize)))) {
      let y = place(horizontal.lower, tick.value).y
      if !isBoxed {
        sheet.line([.init(inner.x, y), .init(inner.right, y)], style.grid, width: thin)
      }
      sheet.line([.init(inner.x - 0.35 * style.fontSize, y), .init(inner.x, y)], style.muted, width: thin)
      sheet.text(
        tick.label, at: .init(inner.x - 0.55 * style.fontSize, y + 0.36 * style.fontSize), style.muted,
        anchor: .end)
    }
    let line = [
      Sheet.Point(inner.x, inner.y), .init(inner.x, inner.bottom), .init(inner.right, inner.bottom),
    ]
    let rest = isBoxed ? [Sheet.Point(inner.right, inner.y), .init(inner.x, inner.y)] : []
    sheet.line(line + rest, style.muted, width: 0.7 * style.lineWidth)
    sheet.text(
      title, at: .init(left + style.fontSize, (inner.y + inner.bottom) / 2), anchor: .middle, isTurned: true)
  }

  private func drawHorizontal(_ title: String, on sheet: inout Sheet) {
    let style = sheet.style
    var free = -Double.infinity
    for tick in horizontal.ticks(max(2, Int(inner.width / (4 * style.fontSize)))) {
      let x = place(tick.value, vertical.lower).x
      sheet.line(
        [.init(x, inner.bottom), .init(x, inner.bottom + 0.35 * style.fontSize)], style.muted,
        width: 0.5 * style.lineWidth)
      let half = style.width(tick.label) / 2
      guard x - half >= free else { continue }
      free = x + half + 0.4 * style.fontSize
      sheet.text(
        tick.label, at: .init(x, inner.bottom + 1.35 * style.fontSize), style.muted, anchor: .middle)
    }
    sheet.text(
      title, at: .init((inner.x + inner.right) / 2, inner.bottom + 2.75 * style.fontSize), anchor: .middle)
  }
}

/// Names behind samples, in as many columns as there is room for.
struct SheetLegend {
  var entries: [(name: String, draw: (inout Sheet, Sheet.Point) -> Void)] = []
  /// How wide a sample is, in sizes of the font.
  static var sample: Double { 2.4 }

  private func columns(_ width: Double, _ style: SheetStyle) -> Int {
    let widest = entries.map { style.width($0.name) }.max() ?? 0
    return max(1, min(entries.count, Int(width / (widest + (Self.sample + 1.4) * style.fontSize))))
  }

  func height(_ width: Double, _ style: SheetStyle) -> Double {
    guard !entries.isEmpty else { return 0 }
    let columns = columns(width, style)
    return Double((entries.count + columns - 1) / columns) * style.lineHeight + 0.3 * style.fontSize
  }

  func draw(on sheet: inout Sheet, in box: Sheet.Box) {
    let style = sheet.style
    let columns = columns(box.width, style)
    let room = box.width / Double(columns)
    for (i, entry) in entries.enumerated() {
      let x = box.x + Double(i % columns) * room
      let y = box.y + (Double(i / columns) + 0.75) * style.lineHeight
      entry.draw(&sheet, Sheet.Point(x, y - 0.35 * style.fontSize))
      sheet.text(entry.name, at: .init(x + (Self.sample + 0.4) * style.fontSize, y))
    }
  }
}
