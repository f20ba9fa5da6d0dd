/// What a figure consists of, described once for cells and for sheets.
public indirect enum FigureScene: SheetDrawable {
  case one(any SheetDrawable)
  /// Under a heading, with a note at its right.
  case titled(String, note: String, FigureScene)
  /// Beside each other, equally wide.
  case columns([FigureScene])
  /// Below each other, by their shares of the height in cells.
  case rows([(share: Double, scene: FigureScene)])

  public func draw(on canvas: inout Canvas) {
    switch self {
    case .one(let part): part.draw(on: &canvas)
    case .titled(let title, let note, let scene):
      let inside = canvas.frame(title, note: note, in: canvas.bounds)
      canvas.with(inside) { scene.draw(on: &$0) }
    case .columns(let scenes):
      for (i, scene) in scenes.enumerated() {
        let (a, b) = (i * canvas.size.columns / scenes.count, (i + 1) * canvas.size.columns / scenes.count)
        let area = Rectangle(row: 0, column: a, rows: canvas.size.rows, columns: b - a)
        canvas.with(area) { scene.draw(on: &$0) }
      }
    case .rows(let rows):
      let whole = rows.reduce(0) { $0 + $1.share }
      var (sum, row) = (0.0, 0)
      for (share, scene) in rows {
        sum += share
        let next = Int((sum / max(whole, .leastNormalMagnitude) * Double(canvas.size.rows)).rounded())
        let area = Rectangle(row: row, column: 0, rows: next - row, columns: canvas.size.columns)
        canvas.with(area) { scene.draw(on: &$0) }
        row = next
      }
    }
  }

  /// Whether its parts stand beside each other, or one of them is wide.
  public var isWide: Bool {
    switch self {
    case .one(let part): part.isWide
    case .titled(_, _, let scene): scene.isWide
    case .columns(let scenes): scenes.count > 1 || scenes.contains(where: \.isWide)
    case .rows(let rows): rows.contains { $0.scene.isWide }
    }
  }

  /// Between parts of a sheet, in sizes of its font.
  private static let gap = 1.2

  private func room(_ width: Double, _ count: Int, _ style: SheetStyle) -> Double {
    (width - Self.gap * style.fontSize * Double(count - 1)) / Double(max(1, count))
  }

  public func height(at width: Double, _ style: SheetStyle) -> Double {
    switch self {
    case .one(let part): part.height(at: width, style)
    case .titled(_, _, let scene): scene.height(at: width, style) + 1.6 * style.fontSize
    case .columns(let scenes):
      scenes.map { $0.height(at: room(width, scenes.count, style), style) }.max() ?? 0
    case .rows(let rows):
      rows.reduce(0) { $0 + $1.scene.height(at: width, style) }
        + Self.gap * style.fontSize * Double(max(0, rows.count - 1))
    }
  }

  public func draw(on sheet: inout Sheet, in box: Sheet.Box) {
    let style = sheet.style
    switch self {
    case .one(let part): part.draw(on: &sheet, in: box)
    case .titled(let title, let note, let scene):
      let head = 1.6 * style.fontSize
      let width = style.width(title, isBold: true)
      sheet.text(title, at: .init(box.x, box.y + style.fontSize), isBold: true)
      if width + style.width(note) + style.fontSize <= box.width {
        sheet.text(note, at: .init(box.right, box.y + style.fontSize), style.muted, anchor: .end)
      }
      scene.draw(
        on: &sheet, in: Sheet.Box(x: box.x, y: box.y + head, width: box.width, height: box.height - head))
    case .columns(let scenes):
      let width = room(box.width, scenes.count, style)
      for (i, scene) in scenes.enumerated() {
        let x = box.x + Double(i) * (width + Self.gap * style.fontSize)
        let height = min(box.height, scene.height(at: width, style))
        scene.draw(on: &sheet, in: Sheet.Box(x: x, y: box.y, width: width, height: height))
      }
    case .rows(let rows):
      var y = box.y
      for (_, scene) in rows {
        let height = scene.height(at: box.width, style)
        scene.draw(on: &sheet, in: Sheet.Box(x: box.x, y: y, width: box.width, height: height))
        y += height + Self.gap * style.fontSize
      }
    }
  }
}

extension Sheet {
  /// A scene in a part of the sheet, a title above it.
  public mutating func draw(_ scene: FigureScene, titled title: String, in box: Box) {
    text(title, at: Point(box.x, box.y - 0.8 * style.fontSize), size: 1.1 * style.fontSize, isBold: true)
    scene.draw(on: &self, in: box)
  }
}
