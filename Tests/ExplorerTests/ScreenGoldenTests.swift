import Drawing
import Testing

/// Every screen at every size and at every colour level, glyph by glyph and look by look.
@Suite("Golden screens")
struct ScreenGoldenTests {
  /// A screen, and the keys that lead to it.
  enum Scene: String, CaseIterable, Sendable {
    case empty, pick, pickLoading, section, sectionMargin, sectionComputing, spectrum, spectrumComputing
    case sectionSheet, spectrumShape, spectrumDensity, spectrumScan, spectrumTargets, universal,
      universalProducts, transfer, theory, tour
    case spectrumFourier, spectrumBands, spectrumNoise, report, reportComputing, reportEnd
    case training, trainingComputing
    case spectrumExact, fooling, foolingComputing, jobs, help, palette, prompt

    func canvas(_ size: Size, _ appearance: Appearance) -> Canvas {
      var driver = Driver.ready(size, appearance, finishes: !isComputing)
      switch self {
      case .empty: driver = Driver(size, appearance)
      case .pick, .pickLoading: break
      case .section, .sectionComputing: driver.type("2")
      case .sectionMargin: driver.type("2cdv")
      case .spectrum, .spectrumComputing: driver.type("3s")
      case .spectrumExact: driver.type("3dd")
      case .fooling, .foolingComputing: driver.type("4s")
      case .sectionSheet: driver.type("2a")
      case .spectrumShape: driver.type("3bs")
      case .spectrumDensity: driver.type("3bbs")
      case .spectrumScan: driver.type("3bbbsll")
      case .spectrumFourier: driver.type("3bbbbs")
      case .spectrumBands: driver.type("3bbbbbsl")
      case .spectrumNoise: driver.type("3bbbbbbs")
      case .spectrumTargets: driver.type("3ttbbbs")
      case .universal: driver.type("3s5s")
      case .universalProducts:
        driver.type("3s5s")
        driver.press(.tab)
      case .transfer: driver.type("6s")
      case .theory: driver.type("7s")
      case .tour: driver.begin(tour: Self.script)
      case .report, .reportComputing: driver.type("9")
      case .reportEnd:
        driver.type("9")
        driver.press(.end)
      case .training, .trainingComputing:
        driver.begin(training: World.run)
        driver.type("0")
        if !isComputing { driver.type(",") }
      case .jobs: driver.type("3s4s8")
      case .help: driver.type("2?")
      case .palette: driver.type("2:xi")
      case .prompt: driver.type("o/tmp/model")
      }
      return driver.canvas
    }

    private static let script = """
      step The boundary is close
      say ‖r‖ is the length of the shortest change that gives the picture another label.
        A second line goes on.
      show section
      image 3
      left sc 1
      step Over
      say Nothing more.
      """

    private var isComputing: Bool {
      switch self {
      case .pickLoading, .sectionComputing, .spectrumComputing, .foolingComputing, .reportComputing, .jobs,
        .trainingComputing:
        true
      default: false
      }
    }
  }

  static let sizes = [
    Size(rows: 24, columns: 80), Size(rows: 40, columns: 120), Size(rows: 60, columns: 200),
  ]

  @Test("A screen looks as recorded at each size", arguments: Scene.allCases, sizes)
  func screen(scene: Scene, size: Size) {
    let canvas = scene.canvas(size, Appearance(colors: .indexed, glyphs: .blocks))
    Golden.expect(canvas, "\(scene)-\(size.columns)x\(size.rows)")
  }

  @Test(
    "A screen looks as recorded at each colour level", arguments: Scene.allCases,
    Appearance.ColorLevel.allCases)
  func level(scene: Scene, level: Appearance.ColorLevel) {
    let canvas = scene.canvas(Size(rows: 24, columns: 80), Appearance(colors: level, glyphs: .blocks))
    Golden.expect(canvas, "\(scene)-\(level)")
  }

  @Test("A screen is readable in ASCII without colours", arguments: Scene.allCases)
  func ascii(scene: Scene) {
    let canvas = scene.canvas(Size(rows: 24, columns: 80), Appearance(colors: .none, glyphs: .ascii))
    #expect(canvas.cells.allSatisfy { $0.glyph.isASCII })
    Golden.expect(canvas, "\(scene)-ascii")
  }

  @Test("Every symbol that the help explains has a spelling in ASCII", arguments: 1...9)
  func spelling(screen: Int) {
    func questions(_ glyphs: Appearance.GlyphSet) -> Int {
      var driver = Driver.ready(
        Size(rows: 400, columns: 400), Appearance(colors: .none, glyphs: glyphs), finishes: true)
      driver.type("\(screen)?")
      return driver.text.count { $0 == "?" }
    }
    #expect(questions(.ascii) == questions(.blocks))
  }

  @Test(
    "A small terminal shows one panel, a tiny one a line", arguments: [(12, 40), (16, 60), (11, 39), (1, 12)])
  func small(rows: Int, columns: Int) {
    let size = Size(rows: rows, columns: columns)
    Golden.expect(
      Scene.section.canvas(size, Appearance(colors: .indexed, glyphs: .blocks)), "small-\(columns)x\(rows)")
  }
}
