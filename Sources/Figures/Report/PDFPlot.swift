internal import CPages
internal import Checkup
internal import Drawing
internal import Foundation

/// A plot on paper: thin axes, lines with marks and bands, a legend below.
struct PDFPlot {
  private let plot: ReportPlot
  private static let (width, height) = (300.0, 170.0)
  private static let (left, right, top, bottom) = (38.0, 8.0, 18.0, 32.0)
  private static let size = 7.5

  init(_ plot: ReportPlot) { self.plot = plot }

  func draw(on paper: inout PDFPaper) {
    let legend = plot.series.count > 1 ? 12 * Double((plot.series.count + 2) / 3) : 0
    paper.reserve(Self.height + legend + 4)
    let origin = (x: PDFPaper.margin, y: paper.y)
    paper.use(.black)
    paper.text(plot.title, x: origin.x, y: origin.y + 9, size: 9, isBold: true)
    drawAxes(on: paper, from: origin)
    if plot.showsDiagonal { line([(0, 0), (1, 1)], dash: 3, .grey, on: paper, from: origin) }
    for (n, series) in plot.series.enumerated() { draw(series, n, on: paper, from: origin) }
    if legend > 0 { drawLegend(on: paper, from: (origin.x, origin.y + Self.height + 2)) }
    paper.skip(Self.height + legend + 4)
  }

  private typealias Point = (x: Double, y: Double)

  /// Where a point of the plot lies on the sheet.
  private func place(_ point: Point, from origin: Point) -> Point {
    func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
      (value - range.lowerBound) / max(1e-300, range.upperBound - range.lowerBound)
    }
    return (
      origin.x + Self.left + share(point.x, plot.x) * (Self.width - Self.left - Self.right),
      origin.y + Self.height - Self.bottom - share(point.y, plot.y)
        * (Self.height - Self.top - Self.bottom)
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
      pages_line(paper.pages, [low.x, y, high.x, y], 2, 0.4, 0)
      paper.use(.grey)
      paper.text(Number.figure(tick, 3), x: low.x - 4, y: y + 2.5, size: Self.size, alignment: 1)
    }
    paper.use(.grey)
    for tick in SVGPlot.ticks(plot.x) {
      let x = place((tick, corner.y), from: origin).x
      pages_line(paper.pages, [x, low.y, x, low.y + 3], 2, 0.6, 0)
      paper.text(Number.figure(tick, 3), x: x, y: low.y + 12, size: Self.size, alignment: 0.5)
    }
    pages_line(paper.pages, [low.x, high.y, low.x, low.y, high.x, low.y], 3, 0.6, 0)
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
    pages_line(paper.pages, places, Int32(points.count), 1.1, dash)
  }

  private func draw(_ series: ReportPlot.Series, _ n: Int, on paper: PDFPaper, from origin: Point) {
    if series.bands.count == series.points.count, !series.bands.isEmpty {
      paper.use(.series(n), alpha: 0.15)
      let up = zip(series.points, series.bands).map { place(($0.x, $1.1), from: origin) }
      let down = zip(series.points, series.bands).reversed().map { place(($0.x, $1.0), from: origin) }
      pages_area(
        paper.pages, (up + down).flatMap { [$0.x, $0.y] }, Int32(up.count + down.count))
    }
    line(series.points, dash: Self.dash(n), .series(n), on: paper, from: origin)
    for point in series.points where series.points.count <= 20 {
      let at = place(point, from: origin)
      pages_disc(paper.pages, at.x, at.y, 1.8)
    }
  }

  private static func dash(_ n: Int) -> Double { [0, 5, 2, 8][n % 4] }

  private func drawLegend(on paper: PDFPaper, from origin: Point) {
    for (n, series) in plot.series.enumerated() {
      let (x, y) = (origin.x + Self.left + 110 * Double(n % 3), origin.y + 12 * Double(n / 3) + 8)
      paper.use(.series(n))
      pages_line(paper.pages, [x, y - 2.5, x + 16, y - 2.5], 2, 1.6, Self.dash(n))
      paper.use(.black)
      paper.text(series.name, x: x + 20, y: y, size: Self.size)
    }
  }
}
