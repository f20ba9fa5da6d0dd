internal import CPages
internal import Drawing
internal import Foundation

/// A sheet as PDF or in pixels: cairo draws both, with the fonts that are installed.
struct CairoSheet {
  let sheet: Sheet

  /// - Throws: ``PageError`` where cairo is not there, or memory runs out.
  func pdf(title: String, describedBy description: String) throws -> [UInt8] {
    guard let pages = pages_begin(sheet.width, sheet.height, title) else {
      throw PageError.noCairo(kind: "PDF")
    }
    if !description.isEmpty { pages_subject(pages, description) }
    draw(on: pages)
    var count = 0
    guard let bytes = pages_end(pages, &count) else {
      throw PageError.outOfMemory(kind: "PDF")
    }
    defer { free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// The sheet in pixels, `resolution` of them an inch; it throws as ``pdf(title:describedBy:)`` does.
  func pixels(resolution: Double) throws -> RGBImage {
    guard let pages = pages_begin_picture(sheet.width, sheet.height, resolution / 72) else {
      throw PageError.noCairo(kind: "PNG")
    }
    draw(on: pages)
    var (columns, rows): (Int32, Int32) = (0, 0)
    guard let bytes = pages_end_picture(pages, &columns, &rows) else {
      throw PageError.outOfMemory(kind: "picture")
    }
    defer { free(bytes) }
    let count = 3 * Int(columns) * Int(rows)
    return RGBImage(
      width: Int(columns), height: Int(rows), bytes: Array(UnsafeBufferPointer(start: bytes, count: count)))
  }

  static var isAvailable: Bool { pages_are_there() != 0 }

  private func draw(on pages: OpaquePointer) {
    use(sheet.style.paper, on: pages)
    // Over the edges: the last row of pixels may lie half outside.
    let (right, bottom) = (sheet.width + 2, sheet.height + 2)
    area([.init(-2, -2), .init(right, -2), .init(right, bottom), .init(-2, bottom)], on: pages)
    drawShapes(on: pages)
  }

  /// What is on it, without the paper.
  func drawShapes(on pages: OpaquePointer) {
    pages_font(pages, sheet.style.fontFamily)
    for shape in sheet.shapes { draw(shape, on: pages) }
  }

  private func use(_ color: Color, _ opacity: Double = 1, on pages: OpaquePointer) {
    pages_ink(pages, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255, opacity)
  }

  private func area(_ points: [Sheet.Point], on pages: OpaquePointer) {
    pages_area(pages, points.flatMap { [$0.x, $0.y] }, Int32(points.count))
  }

  private func draw(_ shape: Sheet.Shape, on pages: OpaquePointer) {
    switch shape {
    case .line(let points, let color, let width, let dashes):
      use(color, on: pages)
      pages_line(
        pages, points.flatMap { [$0.x, $0.y] }, Int32(points.count), width, dashes, Int32(dashes.count))
    case .area(let points, let color, let opacity):
      use(color, opacity, on: pages)
      area(points, on: pages)
    case .disc(let point, let radius, let color):
      use(color, on: pages)
      pages_disc(pages, point.x, point.y, radius)
    case .text(let text, let point, let lettering):
      use(lettering.color, on: pages)
      draw(RichText.runs(text), at: point, lettering, on: pages)
    case .picture(let image, let box, let isSmooth):
      pages_picture(
        pages, box.x, box.y, box.width, box.height, image.bytes, Int32(image.width), Int32(image.height),
        isSmooth ? 1 : 0)
    case .clip(let box): pages_clip(pages, box.x, box.y, box.width, box.height)
    case .unclip: pages_unclip(pages)
    }
  }

  private func draw(
    _ runs: [RichText.Run], at point: Sheet.Point, _ lettering: Sheet.Lettering, on pages: OpaquePointer
  ) {
    let (size, isBold): (Double, Int32) = (lettering.size, lettering.isBold ? 1 : 0)
    func height(_ run: RichText.Run) -> Double { run.isSubscript ? size * RichText.small : size }
    let widths = runs.map { pages_text_width(pages, $0.text, height($0), isBold) }
    let share = lettering.anchor == .start ? 0 : lettering.anchor == .middle ? 0.5 : 1
    var along = -share * widths.reduce(0, +)
    for (run, width) in zip(runs, widths) {
      let drop = run.isSubscript ? RichText.drop * size : 0
      // Turned text runs upwards, and what lies below it at its right.
      let (x, y) =
        lettering.isTurned ? (point.x + drop, point.y - along) : (point.x + along, point.y + drop)
      pages_text(pages, x, y, run.text, height(run), isBold, lettering.isTurned ? -.pi / 2 : 0)
      along += width
    }
  }
}
