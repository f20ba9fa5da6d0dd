import Drawing
import Experiments
import Explorer
import Testing

@Suite("Lecture")
struct LectureTests {
  private static var presented: Appearance {
    var appearance = Appearance(colors: .direct, glyphs: .blocks, background: .light)
    appearance.isPresented = true
    return appearance
  }

  private func driver(_ tour: String = "", finishes: Bool = true) -> Driver {
    var driver = Driver.ready(Size(rows: 40, columns: 120), Self.presented, finishes: finishes)
    if !tour.isEmpty { driver.begin(tour: tour) }
    return driver
  }

  @Test("Every cell has colours of its own, so that a dark terminal shows a light page") func paper() {
    var driver = driver()
    for key in "1234567890" {
      driver.type(String(key))
      #expect(driver.canvas.cells.allSatisfy { $0.foreground != nil && $0.background != nil })
    }
  }

  @Test("The clock counts what has passed") func clock() {
    var driver = driver()
    let before = driver.text
    for _ in 0..<61 { driver.send(.tick(seconds: 1)) }
    #expect(driver.text != before)
    #expect(driver.explorer.isBusy, "a lecture's clock needs time to be told")
  }

  @Test("Names of regions are large where they have room, and lie in their regions") func names() {
    var driver = driver()
    driver.type("2")
    var ordinary = Driver.ready()
    ordinary.type("2")
    #expect(ordinary.text.contains("airplane"))
    #expect(driver.text.count { $0 == "█" } > ordinary.text.count { $0 == "█" })
  }

  private static let tour = """
    step One
    say The picture.
    point image 0
    show pick
    step Two
    say The spectrum.
    point eigenvalues
    show spectrum
    do start
    """

  @Test("A tour points at the panel that it speaks of") func pointing() throws {
    var driver = driver(Self.tour)
    let arrows = { (canvas: Canvas) in
      canvas.cells.indices.filter {
        canvas.cells[$0].glyph == "▶" && canvas.cells[$0].style.contains(.reverse)
      }
    }
    let first = try #require(arrows(driver.canvas).first)
    let canvas = driver.canvas
    let row = Array(canvas.text.split(separator: "\n", omittingEmptySubsequences: false))[first / 120]
    #expect(row.contains("▶ image 0"))
    driver.type(" ")
    let second = try #require(arrows(driver.canvas).first)
    #expect(
      Array(driver.text.split(separator: "\n", omittingEmptySubsequences: false))[second / 120].contains(
        "▶ eigenvalues"))
  }

  @Test("What the next step will show is computed while this one is spoken of") func ahead() {
    let isCurvature = { (request: Request) in request.experiment is SharedCurvature }
    let driver = driver(Self.tour)
    let asked = driver.commands.compactMap { if case .run(let request) = $0 { request } else { nil } }
    #expect(asked.contains(where: isCurvature))
    let none = self.driver("step One\nsay The picture.\nshow pick\nstep Two\nsay It again.\nshow pick")
    let others = none.commands.compactMap { if case .run(let request) = $0 { request } else { nil } }
    #expect(!others.contains(where: isCurvature))
  }

  @Test("An audience sees the screen at its own size, with the words or without them") func audience() {
    let driver = driver(Self.tour)
    let whole = driver.explorer.audienceView(Size(rows: 30, columns: 90), withNotes: true)
    #expect(whole.size == Size(rows: 30, columns: 90))
    #expect(whole.text.contains("The picture."))
    #expect(
      !driver.explorer.audienceView(Size(rows: 30, columns: 90), withNotes: false).text.contains(
        "The picture."))
  }
}
