import Drawing

/// What the tests draw.
enum Samples {
  static let names = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// The ball of radius 1.5 around the origin from inside, cat within, frog and dog without.
  static func ball(_ count: Int = 21, known: Bool = true) -> Field {
    let grid = (0..<count).map { -3 + 6 * Float($0) / Float(max(1, count - 1)) }
    var (values, labels, marks) = ([Float](), [Int](), [Bool]())
    for t in grid {
      for s in grid {
        let value = (s * s + t * t).squareRoot() - 1.5
        values.append(value)
        labels.append(value < 0 ? 3 : s < 0 ? 6 : 5)
        marks.append(known || s < 1.5)
      }
    }
    return Field(columns: grid, rows: grid, values: values, labels: labels, known: marks)
  }

  static func section(_ mode: Heatmap.Mode) -> Heatmap {
    Heatmap(
      ball(known: false), classNames: names, mode: mode, limit: 2, cursor: PlanePoint(s: 1, t: 0.5),
      markers: [
        .init(PlanePoint(s: 0, t: 0), glyph: "x", label: "x"), .init(PlanePoint(s: 0, t: 1.5), glyph: "z"),
      ],
      curves: [.init([PlanePoint(s: -3, t: 2), PlanePoint(s: 3, t: 2)], name: "line")])
  }

  static let lines = LinePlot(
    [
      .init(
        "S_c", x: [1, 2, 5, 10, 50], y: [0.9, 0.9, 0.88, 0.8, 0.7], deviation: [0.1, 0.05, 0.1, 0.1, 0.2]),
      .init("random", x: [1, 2, 5, 10, 50], y: [0.25, 0.24, 0.26, 0.25, 0.25]),
    ], references: [.init("UAP", y: 0.78)], horizontalScale: .logarithmic, horizontalTitle: "dimension m",
    verticalTitle: "fooling rate")

  static let spectrum = SpectrumPlot(
    [3, 2, 1.2, 0.7, 0.3, 0.05, -0.1, -0.5, -1.4],
    others: [
      .init("Ritz θ", [3.2, 2.1, 1.2, 0.9, 0.3, 0.05, -0.1, -0.6, -1.2], style: SpectrumPlot.estimate)
    ],
    selection: 1, title: "curvature, 1/px", indexTitle: "eigenvector")

  static let bars = BarPlot(
    [.init("cat", 0.83, text: "0.83", interval: 0.7...0.9), .init("dog", 0.1, text: "0.10")], upper: 1)

  static let table = Table(
    [.init("model", isFlexible: true), .init("size", alignment: .trailing)],
    rows: (0..<30).map { ["network number \($0)", "\($0).5M"] }, selection: 12, looks: [11: Look(.gray)])

  static let keys = KeyLine(
    [.init("1", "Pick"), .init("2", "Section", isCurrent: true), .init("3", "Spectrum")],
    trailing: [.init("?", "help")])

  static let picture = CellPicture.signed(
    (0..<64).map { Float($0 % 8) - 3.5 + Float($0 / 8) / 4 }, channels: 1, height: 8, width: 8)

  static let gauge = Gauge(0.41, label: "curvature 41/100", secondsLeft: 6)

  static var drawables: [(name: String, picture: any Drawable, size: Size)] {
    [
      ("margin", section(.margin), Size(rows: 20, columns: 48)),
      ("labels", section(.labels), Size(rows: 20, columns: 48)),
      ("lines", lines, Size(rows: 16, columns: 60)), ("spectrum", spectrum, Size(rows: 14, columns: 44)),
      ("bars", bars, Size(rows: 3, columns: 40)), ("table", table, Size(rows: 8, columns: 34)),
      ("keys", keys, Size(rows: 1, columns: 50)), ("picture", picture, Size(rows: 5, columns: 14)),
      ("gauge", gauge, Size(rows: 1, columns: 44)),
      ("frame", Frame("section", note: "h 3.00", isActive: true), Size(rows: 3, columns: 30)),
    ]
  }

  static let appearances: [(name: String, appearance: Appearance)] = [
    ("direct", Appearance(colors: .direct, glyphs: .blocks)),
    ("direct-light", Appearance(colors: .direct, glyphs: .blocks, background: .light)),
    ("indexed", Appearance(colors: .indexed, glyphs: .blocks)),
    ("indexed-ascii", Appearance(colors: .indexed, glyphs: .ascii)),
    ("16", Appearance(colors: .ansi16, glyphs: .blocks)), ("8", Appearance(colors: .ansi8, glyphs: .blocks)),
    ("mono", Appearance(colors: .none, glyphs: .blocks)),
    ("mono-ascii", Appearance(colors: .none, glyphs: .ascii)),
  ]
}
