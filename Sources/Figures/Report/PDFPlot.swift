internal import CPages
internal import Checkup
internal import Drawing
internal import Foundation

/// A plot on paper: thin axes, lines with marks and bands, a legend below.
struct PDFPlot {
  private let plot: ReportPlot
  private var width: Double { plot.grid == nil ? 300 : 206 }
  /// A plane is as high as wide within its axes.
  private var height: Double {
    plot.grid == nil ? 170 : width - Self.left - Self.right + Self.top + Self.bottom
  }
  private static let (left, right, top, bottom) = (38.0, 8.0, 18.0, 32.0)
  private static let size = 7.5

  init(_ plot: ReportPlot) { self.plot = plot }

  func draw(on paper: inout PDFPaper) {
    let entries = plot.grid?.names.count ?? plot.series.count
    let legend = entries > 1 ? 12 * Double((entries + 2) / 3) : 0
    paper.reserve(height + legend + 4)
    let origin = (x: PDFPaper.margin, y: paper.y)
    paper.use(.black)
    paper.text(plot.title, x: origin.x, y: origin.y + 9, size: 9, isBold: true)
    drawGrid(on: paper, from: origin)
    drawAxes(on: paper, from: origin)
    if plot.showsDiagonal { line([(0, 0), (1, 1)], dash: 3, .grey, on: paper, from: origin) }
    for (n, series) in plot.series.enumerated() { draw(series, n, on: paper, from: origin) }
    drawMarks(on: paper, from: origin)
    if legend > 0 { drawLegend(on: paper, from: (origin.x, origin.y + height + 2)) }
    paper.skip(height + legend + 4)
  }

  private typealias Point = (x: Double, y: Double)

  /// Where a point of the plot lies on the sheet.
  private func place(_ point: Point, from origin: Point) -> Point {
    func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
      (value - range.lowerBound) / max(1e-300, range.upperBound - range.lowerBound)
    }
    return (
      origin.x + Self.left + share(point.x, plot.x) * (width - Self.left - Self.right),
      origin.y + height - Self.bottom - share(point.y, plot.y)
        * (height - Self.top - Self.bottom)
    )
  }

  private func drawAxes(on paper: PDFPaper, from origin: Point) {
    let corner = (x: plot.x.lowerBound, y: plot.y.lowerBound)
    let (low, high) = (
      place(corner, from: origin), place((plot.x.upperBound, plot.y.upperBound), from: origin)
    )
    for tick in SVGPlot.ticks(plot.y) {
      let y = place((corner.x, tick), from: origin).y
      paper.use(.line)
      if plot.grid == nil { paper.line([low.x, y, high.x, y], width: 0.4) }
      paper.use(.grey)
      paper.text(Number.figure(tick, 3), x: low.x - 4, y: y + 2.5, size: Self.size, alignment: 1)
    }
    paper.use(.grey)
    for tick in SVGPlot.ticks(plot.x) {
      let x = place((tick, corner.y), from: origin).x
      paper.line([x, low.y, x, low.y + 3], width: 0.6)
      paper.text(Number.figure(tick, 3), x: x, y: low.y + 12, size: Self.size, alignment: 0.5)
    }
    paper.line([low.x, high.y, low.x, low.y, high.x, low.y], width: 0.6)
    drawTitles(on: paper, low, high, left: origin.x + 8)
  }

  private func drawTitles(on paper: PDFPaper, _ low: Point, _ high: Point, left: Double) {
    paper.text(
      plot.horizontal, x: (low.x + high.x) / 2, y: low.y + 24, size: Self.size, alignment: 0.5)
    paper.text(
      plot.vertical, x: left, y: (low.y + high.y) / 2, size: Self.size, alignment: 0.5, angle: -.pi / 2)
  }

  private func line(
    _ points: [Point], dash: Double, _ ink: PDFPaper.Ink, on paper: PDFPaper, from origin: Point
  ) {
    paper.use(ink)
    let places = points.map { place($0, from: origin) }.flatMap { [$0.x, $0.y] }
    paper.line(places, width: 1.1, dash: dash)
  }

  private func draw(_ series: ReportPlot.Series, _ n: Int, on paper: PDFPaper, from origin: Point) {
    if series.bands.count == series.points.count, !series.bands.isEmpty {
      paper.use(.series(n), alpha: 0.15)
      let up = zip(series.points, series.bands).map { place(($0.x, $1.1), from: origin) }
      let down = zip(series.points, series.bands).reversed().map { place(($0.x, $1.0), from: origin) }
      pages_area(
        paper.pages, (up + down).flatMap { [$0.x, $0.y] }, Int32(up.count + down.count))
    }
    if plot.grid != nil { return line(series.points, dash: 0, .black, on: paper, from: origin) }
    line(series.points, dash: Self.dash(n), .series(n), on: paper, from: origin)
    for point in series.points where !series.isSteps && series.points.count <= 20 {
      let at = place(point, from: origin)
      pages_disc(paper.pages, at.x, at.y, 1.8)
    }
  }

  /// The cells as a picture, whose first row is the highest.
  private func drawGrid(on paper: PDFPaper, from origin: Point) {
    guard let grid = plot.grid, grid.columns > 0, grid.rows > 0 else { return }
    var bytes: [UInt8] = []
    for row in (0..<grid.rows).reversed() {
      for color in grid.colors[row * grid.columns..<(row + 1) * grid.columns] {
        bytes += [UInt8(color >> 16 & 255), UInt8(color >> 8 & 255), UInt8(color & 255)]
      }
    }
    let corner = place((plot.x.lowerBound, plot.y.upperBound), from: origin)
    let side = width - Self.left - Self.right
    pages_picture(
      paper.pages, corner.x, corner.y, side, side, bytes, Int32(grid.columns), Int32(grid.rows), 0)
  }

  private func drawMarks(on paper: PDFPaper, from origin: Point) {
    paper.use(.black)
    for mark in plot.marks {
      let at = place((mark.x, mark.y), from: origin)
      pages_disc(paper.pages, at.x, at.y, 2)
      paper.text(mark.name, x: at.x + 4, y: at.y - 4, size: 9, isBold: true)
    }
  }

  private static func dash(_ n: Int) -> Double { [0, 5, 2, 8][n % 4] }

  private func drawLegend(on paper: PDFPaper, from origin: Point) {
    for (n, entry) in (plot.grid?.names ?? []).enumerated() {
      let (x, y) = (origin.x + Self.left + 70 * Double(n % 3), origin.y + 12 * Double(n / 3) + 8)
      pages_ink(
        paper.pages, Double(entry.color >> 16 & 255) / 255, Double(entry.color >> 8 & 255) / 255,
        Double(entry.color & 255) / 255, 1)
      pages_area(paper.pages, [x, y - 6, x + 10, y - 6, x + 10, y + 1, x, y + 1], 4)
      paper.use(.black)
      paper.text(entry.name, x: x + 14, y: y, size: Self.size)
    }
    for (n, series) in plot.series.enumerated() where plot.grid == nil {
      let (x, y) = (origin.x + Self.left + 110 * Double(n % 3), origin.y + 12 * Double(n / 3) + 8)
      paper.use(.series(n))
      paper.line([x, y - 2.5, x + 16, y - 2.5], width: 1.6, dash: Self.dash(n))
      paper.use(.black)
      paper.text(series.name, x: x + 20, y: y, size: Self.size)
    }
  }
}
