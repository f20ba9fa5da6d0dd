import Foundation
import Testing

@testable import Drawing

@Suite("Figures on sheets")
struct SheetTests {
  private static let styles = SheetStyle.Name.allCases.map { SheetStyle($0) }

  private static let scenes: [any SheetDrawable] = [
    Samples.lines, Samples.section(.labels), Samples.section(.margin), Samples.table, Samples.picture,
    MatrixPlot([[1, -0.5], [.nan, 0.2]], rowNames: ["a", "b"], columnNames: ["a", "b"], isSigned: true),
    LinePlot([LinePlot.Series("", x: [.nan, 1, 2], y: [1, .infinity, 2], isFilled: true)]), LinePlot([]),
    Heatmap(Field(columns: [], rows: [], values: [], labels: [])), Table([], rows: []),
    FigureScene.rows([(1, .columns([.titled("S_c", note: "n", .one(Samples.lines)), .one(Samples.picture)]))]
    ),
  ]

  private func sheet(_ scene: any SheetDrawable, _ style: SheetStyle, width: Double = 240) -> Sheet {
    let height = scene.height(at: width, style)
    var sheet = Sheet(width: width, height: height, style: style)
    scene.draw(on: &sheet, in: sheet.bounds)
    return sheet
  }

  /// The points of a shape that nothing cuts off.
  private func points(_ sheet: Sheet) -> [Sheet.Point] {
    var isCut = false
    return sheet.shapes.flatMap { shape -> [Sheet.Point] in
      switch shape {
      case .clip: isCut = true
      case .unclip: isCut = false
      case .line(let points, _, _, _), .area(let points, _, _): return isCut ? [] : points
      case .disc(let point, _, _): return isCut ? [] : [point]
      case .text(let text, let point, let lettering):
        let width = sheet.style.width(text, size: lettering.size, isBold: lettering.isBold)
        let from = lettering.anchor == .start ? 0 : lettering.anchor == .middle ? -width / 2 : -width
        return [from, from + width].map {
          lettering.isTurned ? Sheet.Point(point.x, point.y - $0) : Sheet.Point(point.x + $0, point.y)
        }
      case .picture(_, let box, _):
        return [Sheet.Point(box.x, box.y), Sheet.Point(box.right, box.bottom)]
      }
      return []
    }
  }

  @Test("Nothing stands outside the sheet, whatever is drawn and in which style", arguments: scenes.indices)
  func inside(_ scene: Int) {
    for style in Self.styles {
      let sheet = sheet(Self.scenes[scene], style, width: style.name == .paper ? 240 : 480)
      for point in points(sheet) {
        #expect(point.x.isFinite && point.y.isFinite)
        #expect(
          point.x > -0.1 * style.fontSize && point.x < sheet.width + 0.6 * style.fontSize,
          "\(point) in \(sheet.width)")
        #expect(
          point.y > -0.1 * style.fontSize && point.y < sheet.height + 0.1, "\(point) in \(sheet.height)")
      }
    }
  }

  @Test("Lines pass through their marks, and a band is as wide as its deviations")
  func values() {
    let sheet = sheet(Samples.lines, SheetStyle(.paper))
    var (corners, discs) = ([Sheet.Point](), [Sheet.Point]())
    for shape in sheet.shapes {
      if case .line(let points, let color, _, _) = shape, color == .blue || color == .orange {
        corners += points
      }
      if case .disc(let point, _, let color) = shape, color == .blue { discs.append(point) }
    }
    // The last one is the legend's.
    #expect(discs.count == 6 && discs.dropLast().allSatisfy { corners.contains($0) })
    let bands = sheet.shapes.compactMap { shape -> [Sheet.Point]? in
      if case .area(let points, _, let opacity) = shape, opacity < 1 { points } else { nil }
    }
    let unit = (discs[3].y - discs[0].y) / (0.9 - 0.8)
    #expect(bands.count == 1)
    #expect(abs((bands[0][9].y - bands[0][0].y) / unit - 0.2) < 1e-9)
  }

  @Test(
    "A gap in a curve is one in its band, whose ends need not be equally far away; a lone point has a stroke")
  func gaps() {
    let nothing = LinePlot.Band(.nan, .nan)
    let plot = LinePlot([
      .init(
        "", x: [1, 2, 3, 4, 5, 6], y: [5, 5, .nan, 5, .nan, 5],
        band: [.init(4, 8), .init(4, 8), nothing, .init(3, 6), nothing, nothing])
    ])
    let sheet = sheet(plot, SheetStyle(.paper))
    let areas = sheet.shapes.compactMap { shape -> [Sheet.Point]? in
      if case .area(let points, _, let opacity) = shape, opacity < 1 { points } else { nil }
    }
    #expect(areas.count == 1 && areas[0].count == 4)
    let discs = sheet.shapes.compactMap { if case .disc(let point, _, _) = $0 { point } else { nil } }
    // Three above, one below.
    #expect(abs((discs[0].y - areas[0][0].y) / (areas[0][3].y - discs[0].y) - 3) < 1e-6)
    let stroke = sheet.shapes.contains { shape in
      if case .line(let points, _, _, _) = shape {
        points.count == 2 && points[0].x == points[1].x && abs(points[0].x - discs[2].x) < 1e-9
          && points[0].y < discs[2].y && points[1].y > discs[2].y
      } else {
        false
      }
    }
    #expect(stroke)
  }

  @Test("The sign after a single letter's underscore stands low; names of models stay as they are")
  func subscripts() {
    func told(_ text: String) -> String {
      RichText.runs(text).map { $0.isSubscript ? "[\($0.text)]" : $0.text }.joined()
    }
    #expect(told("S_c and K_S/‖∇F‖") == "S[c] and K[S]/‖∇F‖" && told("S_f reached, ±") == "S[f] reached, ±")
    #expect(
      told("-0.5") == "−0.5" && told("κ -1/px") == "κ −1/px" && told("step-003") == "step-003"
        && told("1-2 e-5") == "1-2 e-5")
    #expect(told("vit_b_16") == "vit_b_16" && told("x_") == "x_" && told("a_bc") == "a_bc" && told("") == "")
  }

  @Test("The line of margin zero is closed, and lies where the margin is zero")
  func zeroLines() {
    let lines = Samples.ball(61).zeroLines()
    #expect(lines.count == 1 && lines.first?.first == lines.first?.last)
    for point in lines.flatMap({ $0 }) {
      #expect(abs((point.s * point.s + point.t * point.t).squareRoot() - 1.5) < 2e-3)
    }
    let saddle = Field(
      columns: [0, 1], rows: [0, 1], values: [1, -2, 1, -2].map(Float.init), labels: [0, 1, 0, 1])
    #expect(saddle.zeroLines().count == 1)
    let cross = Field(columns: [0, 1], rows: [0, 1], values: [1, -2, -2, 1], labels: [0, 1, 1, 0])
    #expect(cross.zeroLines().count == 2)
    let unknown = Field(columns: [0, 1], rows: [0, 1], values: [1, .nan, 1, -2], labels: [0, 1, 0, 1])
    #expect(unknown.zeroLines().isEmpty)
  }

  @Test("Ticks at the left are whole rows apart, as far as the axis allows", arguments: 9..<40)
  func evenTicks(rows: Int) {
    var canvas = Canvas(Size(rows: rows, columns: 60), appearance: .plain)
    canvas.draw(
      LinePlot([LinePlot.Series("a", x: [0, 1], y: [0, 97])], vertical: Axis(0...100)), in: canvas.bounds)
    let lines = canvas.text.split(separator: "\n", omittingEmptySubsequences: false)
    let ticks = lines.indices.filter { lines[$0].contains("┤") }
    let gaps = Set(zip(ticks, ticks.dropFirst()).map { $1 - $0 })
    #expect(ticks.count > 1 && gaps.count == 1, "\(ticks)")
  }
}
