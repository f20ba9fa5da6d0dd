internal import Checkup
internal import Drawing
internal import Foundation

/// A plot as SVG: real text, thin axes, lines with marks, bands and bars.
struct SVGPlot {
  private let plot: ReportPlot
  private var width: Double { plot.grid == nil ? 430 : 330 }
  /// A plane is as high as wide within its axes.
  private var height: Double { plot.grid == nil ? 270 : width - left - right + top + bottom }
  private var left: Double { 52 }
  private var right: Double { 14 }
  private var top: Double { 30 }
  private var bottom: Double { 44 }
  /// Told apart by eyes that see no red or green, after Okabe and Ito.
  private static let colors = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#f0e442",
  ]

  init(_ plot: ReportPlot) { self.plot = plot }

  var text: String {
    var parts = [
      "<svg viewBox=\"0 0 \(Int(width)) \(Int(height + legendHeight))\" width=\"\(Int(width))\" role=\"img\" "
        + "font-family=\"system-ui,DejaVu Sans,sans-serif\" font-size=\"11\" fill=\"currentColor\">",
      "<title>\(Markup.escaped(plot.title))</title>",
      label(plot.title, left, 16, size: 13, weight: "600"),
    ]
    parts += grid + axes
    if plot.showsDiagonal {
      parts.append(line([(0, 0), (1, 1)], "#9a9a9a", dashes: "4 3"))
    }
    for (n, series) in plot.series.enumerated() {
      parts += draw(series, Self.colors[n % Self.colors.count], n)
    }
    parts += marks + legend
    return parts.joined() + "</svg>"
  }

  private func x(_ value: Double) -> Double {
    left + (value - plot.x.lowerBound) / max(1e-300, plot.x.upperBound - plot.x.lowerBound)
      * (width - left - right)
  }

  private func y(_ value: Double) -> Double {
    height - bottom
      - (value - plot.y.lowerBound) / max(1e-300, plot.y.upperBound - plot.y.lowerBound)
      * (height - top - bottom)
  }

  private func f(_ value: Double) -> String { Number.fixed(value, 1) }

  private func label(
    _ text: String, _ x: Double, _ y: Double, anchor: String = "start", size: Double = 11,
    weight: String = "400"
  ) -> String {
    "<text x=\"\(f(x))\" y=\"\(f(y))\" text-anchor=\"\(anchor)\" font-size=\"\(f(size))\" font-weight=\"\(weight)\">"
      + Markup.escaped(text) + "</text>"
  }

  private var axes: [String] {
    let (x0, x1, y0, y1) = (left, width - right, height - bottom, top)
    var parts = ["<path d=\"M\(f(x0)) \(f(y1))V\(f(y0))H\(f(x1))\" fill=\"none\" stroke=\"currentColor\"/>"]
    for tick in Self.ticks(plot.x) {
      parts.append("<path d=\"M\(f(x(tick))) \(f(y0))v4\" stroke=\"currentColor\"/>")
      parts.append(label(Number.figure(tick, 3), x(tick), y0 + 16, anchor: "middle"))
    }
    for tick in Self.ticks(plot.y) {
      parts.append(
        "<path d=\"M\(f(x0)) \(f(y(tick)))H\(f(x1))\" stroke=\"currentColor\" stroke-opacity=\".12\"/>")
      parts.append(label(Number.figure(tick, 3), x0 - 6, y(tick) + 4, anchor: "end"))
    }
    parts.append(label(plot.horizontal, (x0 + x1) / 2, height - 10, anchor: "middle"))
    parts.append(
      "<text transform=\"translate(13 \(f((y0 + y1) / 2))) rotate(-90)\" text-anchor=\"middle\">"
        + Markup.escaped(plot.vertical) + "</text>")
    return parts
  }

  /// About five round numbers.
  static func ticks(_ range: ClosedRange<Double>) -> [Double] {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite else { return [range.lowerBound] }
    let raw = span / 5
    let power = pow(10, floor(log10(raw)))
    let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= raw } ?? raw
    var ticks: [Double] = []
    var n = (range.lowerBound / step).rounded(.up)
    while n * step <= range.upperBound + 1e-9 * span {
      ticks.append(n * step)
      n += 1
    }
    return ticks
  }

  private func line(_ points: [(x: Double, y: Double)], _ color: String, dashes: String = "") -> String {
    let path = points.enumerated().map { "\($0 == 0 ? "M" : "L")\(f(x($1.x))) \(f(y($1.y)))" }.joined()
    return
      "<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.8\" stroke-dasharray=\"\(dashes)\"/>"
  }

  private func draw(_ series: ReportPlot.Series, _ color: String, _ n: Int) -> [String] {
    if series.isBars { return bars(series, color) }
    var parts: [String] = []
    if series.bands.count == series.points.count, !series.bands.isEmpty {
      let up = zip(series.points, series.bands).map { "\(f(x($0.x))) \(f(y($1.1)))" }
      let down = zip(series.points, series.bands).reversed().map { "\(f(x($0.x))) \(f(y($1.0)))" }
      parts.append(
        "<path d=\"M\((up + down).joined(separator: "L"))Z\" fill=\"\(color)\" fill-opacity=\".15\" stroke=\"none\"/>"
      )
    }
    if plot.grid != nil { return [line(series.points, "#111111")] }
    parts.append(line(series.points, color, dashes: ["", "6 3", "2 3", "8 3 2 3"][n % 4]))
    if series.isSteps { return parts }
    parts += series.points.map {
      "<circle cx=\"\(f(x($0.x)))\" cy=\"\(f(y($0.y)))\" r=\"2.6\" fill=\"\(color)\"/>"
    }
    return parts
  }

  /// Runs of one colour in each row.
  private var grid: [String] {
    guard let grid = plot.grid, grid.columns > 0, grid.rows > 0 else { return [] }
    let (wide, high) = (
      (width - left - right) / Double(grid.columns), (height - top - bottom) / Double(grid.rows)
    )
    var parts: [String] = []
    for row in 0..<grid.rows {
      var column = 0
      while column < grid.columns {
        let color = grid.colors[row * grid.columns + column]
        let end =
          (column..<grid.columns).first { grid.colors[row * grid.columns + $0] != color } ?? grid.columns
        parts.append(
          "<path d=\"M\(f(left + Double(column) * wide)) \(f(height - bottom - Double(row + 1) * high))"
            + "h\(f(Double(end - column) * wide + 0.3))v\(f(high + 0.3))H\(f(left + Double(column) * wide))z\" "
            + "fill=\"\(Self.hexadecimal(color))\"/>")
        column = end
      }
    }
    return parts
  }

  private static func hexadecimal(_ color: UInt32) -> String {
    let digits = String(color, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  private var marks: [String] {
    plot.marks.flatMap { mark in
      [
        "<circle cx=\"\(f(x(mark.x)))\" cy=\"\(f(y(mark.y)))\" r=\"3\" fill=\"#111111\"/>",
        "<g fill=\"#111111\">" + label(mark.name, x(mark.x) + 6, y(mark.y) - 5, size: 13, weight: "600")
          + "</g>",
      ]
    }
  }

  private func bars(_ series: ReportPlot.Series, _ color: String) -> [String] {
    let step = series.points.count > 1 ? series.points[1].x - series.points[0].x : 1
    return series.points.map { point in
      let (a, b) = (x(point.x - 0.42 * step), x(point.x + 0.42 * step))
      let (high, low) = (y(max(point.y, plot.y.lowerBound)), y(plot.y.lowerBound))
      return
        "<rect x=\"\(f(a))\" y=\"\(f(high))\" width=\"\(f(max(0, b - a)))\" height=\"\(f(max(0, low - high)))\" "
        + "fill=\"\(color)\" fill-opacity=\".75\"/>"
    }
  }

  private var legendHeight: Double {
    let count = plot.grid?.names.count ?? plot.series.count
    return count > 1 ? 16 * ((Double(count) / 2).rounded(.up)) + 4 : 0
  }

  private var legend: [String] {
    if let grid = plot.grid { return swatches(grid) }
    guard plot.series.count > 1 else { return [] }
    return plot.series.enumerated().flatMap { n, series in
      let (column, row) = (n % 2, n / 2)
      let (x0, y0) = (left + Double(column) * 180, height + 10 + 16 * Double(row))
      let color = Self.colors[n % Self.colors.count]
      return [
        "<path d=\"M\(f(x0)) \(f(y0 - 4))h18\" stroke=\"\(color)\" stroke-width=\"3\" "
          + "stroke-dasharray=\"\(["", "6 3", "2 3", "8 3 2 3"][n % 4])\"/>",
        label(series.name, x0 + 24, y0),
      ]
    }
  }

  /// What the colours of a grid stand for.
  private func swatches(_ grid: ReportPlot.Grid) -> [String] {
    guard grid.names.count > 1 else { return [] }
    return grid.names.enumerated().flatMap { n, entry in
      let (x0, y0) = (left + Double(n % 2) * 135, height + 10 + 16 * Double(n / 2))
      return [
        "<rect x=\"\(f(x0))\" y=\"\(f(y0 - 9))\" width=\"14\" height=\"10\" fill=\"\(Self.hexadecimal(entry.color))\"/>",
        label(entry.name, x0 + 20, y0),
      ]
    }
  }
}
