import Drawing
import Testing

@Suite struct PicturesTests {
  @Test(
    "A picture looks as recorded at every colour level and with every glyph set",
    arguments: Samples.drawables.indices, Samples.appearances.indices)
  func golden(picture: Int, appearance: Int) {
    let (name, drawable, size) = Samples.drawables[picture]
    let (level, shown) = Samples.appearances[appearance]
    var canvas = Canvas(size, appearance: shown)
    drawable.draw(on: &canvas)
    Golden.expect(canvas, "\(name)-\(level)")
  }

  @Test(
    "Full colour stands for what all but a fiftieth of the values stay below, not for less than a quarter")
  func limit() {
    #expect(CellPicture.limit(of: [Float](repeating: 0.5, count: 99) + [-1]) == 0.7)
    #expect(CellPicture.limit(of: [0.9, -1]) == 1)
    #expect(CellPicture.limit(of: [Float](repeating: 0.01, count: 99) + [-1]) == 0.25)
    #expect(CellPicture.limit(of: [.nan, .infinity]) == 0 && CellPicture.limit(of: []) == 0)
  }

  @Test(
    "Nothing is drawn outside an area, whatever its size and place",
    arguments: Samples.drawables.indices, Samples.appearances.indices)
  func clipping(picture: Int, appearance: Int) {
    var state: UInt64 = UInt64(picture * 100 + appearance + 1)
    func random(_ range: Range<Int>) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return range.lowerBound + Int(state >> 33) % range.count
    }
    let mark = Cell("¤")
    for trial in 0..<40 {
      var canvas = Canvas(
        Size(rows: random(0..<41), columns: random(0..<41)),
        appearance: Samples.appearances[appearance].appearance)
      canvas.fill(canvas.bounds, with: mark)
      let small = trial < 12
      let area = Rectangle(
        row: random(-8..<30), column: random(-8..<30), rows: small ? trial % 4 : random(0..<41),
        columns: small ? trial / 3 : random(0..<41))
      canvas.draw(Samples.drawables[picture].picture, in: area)
      let columns = max(1, canvas.size.columns)
      let outside = canvas.cells.indices.filter { !area.contains(row: $0 / columns, column: $0 % columns) }
      let touched = outside.filter { canvas.cells[$0] != mark }
      #expect(touched.isEmpty, "\(canvas.size) \(area)")
    }
  }

  @Test("With ASCII glyphs every picture is ASCII", arguments: Samples.drawables.indices)
  func ascii(picture: Int) {
    let (_, drawable, size) = Samples.drawables[picture]
    for level in Appearance.ColorLevel.allCases {
      var canvas = Canvas(size, appearance: Appearance(colors: level, glyphs: .ascii))
      drawable.draw(on: &canvas)
      #expect(canvas.text.unicodeScalars.allSatisfy { $0.isASCII }, "\(canvas.text)")
    }
  }

  @Test("Pictures of nothing, of what is not finite, and of what is constant draw without a trap")
  func degenerate() {
    let nothing = Field(columns: [], rows: [], values: [], labels: [])
    let point = Field(columns: [0], rows: [0], values: [.nan], labels: [-5])
    let flat = Field(
      columns: [0, 0, 0], rows: [1, 1], values: [0, 0, 0, 0, 0, .infinity], labels: [0, 1, 2, 3, 4, 99])
    let pictures: [any Drawable] =
      [nothing, point, flat].flatMap { field in
        Heatmap.Mode.allCases.map {
          Heatmap(
            field, mode: $0, limit: 0, cursor: PlanePoint(s: .nan, t: .infinity),
            markers: [.init(PlanePoint(s: 0, t: .nan), glyph: "x")],
            curves: [
              .init([PlanePoint(s: .nan, t: 0), PlanePoint(s: 1e30, t: -1e30), PlanePoint(s: -1e30, t: 3e38)])
            ])
        }
      } + [
        LinePlot([]), LinePlot([.init("a", x: [0], y: [.nan], deviation: [.infinity])]),
        LinePlot([.init("a", x: [-1, 0, 1e300], y: [1e300, -1e300, 0])], horizontalScale: .logarithmic),
        LinePlot([.init("a", x: [1, 2], y: [0, -3])], verticalScale: .logarithmic, cursor: .nan),
        SpectrumPlot([]),
        SpectrumPlot([.nan, 0, .infinity], others: [.init("a", [.nan, .infinity, 1, 3])], selection: 7),
        SpectrumPlot([0]), BarPlot([]), BarPlot([.init("", .nan, interval: -1...2)]),
        Table([], rows: [["a"]]),
        Table([.init("a")], rows: [[], ["b", "c"]], selection: 40), KeyLine([]),
        Gauge(.nan, label: ""), Gauge(nil), Gauge(7, secondsLeft: -.infinity), Frame(),
        CellPicture(RGBImage(width: 0, height: 3, bytes: [])),
        CellPicture(RGBImage(width: 1, height: 1, fill: .white)),
        CellPicture.signed([.nan, .infinity], channels: 1, height: 1, width: 2),
      ]
    for (_, appearance) in Samples.appearances {
      for picture in pictures {
        for side in [0, 1, 2, 5, 9, 13, 30] {
          var canvas = Canvas(Size(rows: side, columns: 3 * side), appearance: appearance)
          picture.draw(on: &canvas)
          #expect(canvas.cells.count == 3 * side * side)
        }
      }
    }
  }
}
