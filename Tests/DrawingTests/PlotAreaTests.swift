import Drawing
import Testing

@Suite struct PlotAreaTests {
  @Test("Every cell's point leads back to the cell", arguments: [(1, 1), (7, 20), (30, 91)])
  func roundTrip(rows: Int, columns: Int) {
    let area = PlotArea(
      cells: Rectangle(row: 3, column: 5, rows: rows, columns: columns), s: -2.5...4, t: -1...7)
    for row in 3..<3 + rows {
      for column in 5..<5 + columns {
        let back = area.point(row: row, column: column).flatMap { area.cell(of: $0) }
        #expect(back?.row == row && back?.column == column)
      }
    }
    #expect(area.point(row: 2, column: 5) == nil && area.cell(of: PlanePoint(s: 5, t: 0)) == nil)
    #expect(area.cell(of: PlanePoint(s: 4, t: -1)).map { [$0.row, $0.column] } == [2 + rows, 4 + columns])
    #expect(area.cell(of: PlanePoint(s: .nan, t: 0)) == nil)
  }

  @Test("t grows upwards and s to the right, and markers stand where the mapping says")
  func orientation() {
    let section = Samples.section(.margin)
    let size = Size(rows: 24, columns: 60)
    for (_, appearance) in Samples.appearances {
      var canvas = Canvas(Size(rows: 30, columns: 70), appearance: appearance)
      let bounds = Rectangle(row: 4, column: 7, rows: size.rows, columns: size.columns)
      canvas.draw(section, in: bounds)
      let plot = section.plotArea(in: bounds, appearance: appearance)
      for marker in section.markers {
        let cell = plot.cell(of: marker.point)
        #expect(cell.map { canvas[$0.row, $0.column].glyph } == marker.glyph)
      }
      let (x, z) = (plot.cell(of: section.markers[0].point), plot.cell(of: section.markers[1].point))
      #expect((x?.row ?? 0) > (z?.row ?? 0))
    }
  }

  @Test("The contour of a ball runs through cells at its radius, all around", arguments: [11, 21, 40, 81])
  func contour(samples: Int) {
    var section = Heatmap(Samples.ball(samples), classNames: Samples.names, mode: .margin)
    section.showsAxes = false
    section.showsLegend = false
    var canvas = Canvas(Size(rows: 24, columns: 48), appearance: Appearance(colors: .direct, glyphs: .blocks))
    section.draw(on: &canvas)
    let plot = section.plotArea(in: canvas.bounds, appearance: canvas.appearance)
    let white = canvas.theme.contour
    var angles: Set<Int> = []
    for row in 0..<24 {
      for column in 0..<48 where canvas[row, column].foreground == white && canvas[row, column].glyph != "▀" {
        guard let point = plot.point(row: row, column: column),
          !canvas[row, column].glyph.properties.isAlphabetic
        else { continue }
        let radius = (point.s * point.s + point.t * point.t).squareRoot()
        #expect(abs(radius - 1.5) < 0.25, "\(point)")
        angles.insert((point.s < 0 ? 1 : 0) + (point.t < 0 ? 2 : 0) + (abs(point.s) < abs(point.t) ? 4 : 0))
      }
    }
    #expect(angles.count == 8)
  }

  @Test("A circle is drawn where its points lie, clipped to the plot", arguments: [Float(1), 2.5, 40, -1])
  func circle(radius: Float) {
    let center = PlanePoint(s: 0, t: 1.5 - radius)
    let curve = Heatmap.Curve.circle(center: center, radius: radius)
    #expect(
      curve.points.allSatisfy {
        let (s, t) = ($0.s - center.s, $0.t - center.t)
        return abs((s * s + t * t).squareRoot() - abs(radius)) < 1e-4 * abs(radius)
      })
    var section = Heatmap(Samples.ball(), curves: [curve])
    section.showsContour = false
    var canvas = Canvas(Size(rows: 20, columns: 50), appearance: Appearance(colors: .none, glyphs: .ascii))
    section.draw(on: &canvas)
    let plot = section.plotArea(in: canvas.bounds, appearance: canvas.appearance)
    #expect(plot.cell(of: PlanePoint(s: 0, t: 1.5)).map { canvas[$0.row, $0.column].glyph } == "o")
  }

  @Test("Two sections with one limit give equal margins equal colours")
  func sharedScale() {
    let appearance = Appearance(colors: .indexed, glyphs: .blocks)
    func corner(_ factor: Float) -> Cell {
      var field = Samples.ball()
      field.values = field.values.map { $0 * factor }
      var section = Heatmap(field, mode: .margin, limit: 8)
      section.showsContour = false
      var canvas = Canvas(Size(rows: 12, columns: 30), appearance: appearance)
      section.draw(on: &canvas)
      return canvas[0, 29]
    }
    #expect(corner(1) == corner(1))
    #expect(corner(1) != corner(3))
  }

  @Test("Unfinished cells are shown as such at every level")
  func provisional() {
    for (name, appearance) in Samples.appearances {
      for mode in Heatmap.Mode.allCases {
        var section = Heatmap(Samples.ball(known: false), classNames: Samples.names, mode: mode)
        var canvas = Canvas(Size(rows: 20, columns: 50), appearance: appearance)
        section.draw(on: &canvas)
        let glyph: Unicode.Scalar = appearance.glyphs == .blocks ? "╱" : "~"
        #expect(canvas.cells.contains { $0.glyph == glyph }, "\(name)")
        section.field.known = section.field.known.map { _ in true }
        section.draw(on: &canvas)
        #expect(!canvas.cells.contains { $0.glyph == glyph }, "\(name)")
      }
    }
  }
}
