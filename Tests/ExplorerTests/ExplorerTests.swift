import Drawing
import Experiments
import Explorer
import Foundation
import Jobs
import Testing

/// What the explorer does when keys are pressed and news arrive.
@Suite("Explorer")
struct ExplorerTests {
  private func requests(_ driver: Driver) -> [Request] {
    driver.commands.compactMap { if case .run(let request) = $0 { request } else { nil } }
  }

  @Test("Before anything is open it says what to do") func empty() {
    var driver = Driver()
    #expect(driver.text.contains("Press o and give the path"))
    driver.type("2")
    #expect(driver.text.contains("Press 1 to open them"))
    #expect(driver.commands.isEmpty)
  }

  @Test("Opening a model and images asks at once for labels, r and noise, in this order") func opening() {
    let driver = Driver.ready()
    let titles = requests(driver).map(\.title)
    #expect(titles.prefix(3) == ["labels 0–31", "r of image 0", "random-noise norm"])
    #expect(driver.text.contains("automobile .83"))
    #expect(driver.text.contains("‖r‖ 0.300 px"))
  }

  @Test("What earlier sessions found is on the screen without a key, and asked for once") func earlier() {
    var driver = Driver()
    driver.earlier = { World.finding($0) }
    driver.open()
    let before = requests(driver).count
    driver.type("4")
    #expect(driver.text.contains("90.0 %") && !driver.text.contains("start"))
    driver.type("1")
    driver.type("4")
    #expect(requests(driver).count == before)
    let asked = driver.commands.flatMap { if case .recall(let all) = $0 { all } else { [Request]() } }
    #expect(!asked.isEmpty && Set(asked).count == asked.count)
  }

  @Test("ξ follows the random-noise norm until it is chosen") func radius() {
    var driver = Driver.ready()
    #expect(driver.text.contains("ξ 3.00"))
    driver.type("}")
    #expect(driver.text.contains("ξ 4.00"))
    driver.type(":set xi 2.4")
    driver.press(.enter)
    #expect(driver.text.contains("ξ 2.40"))
  }

  @Test("Enter on an image shows its two sections on one scale") func section() {
    var driver = Driver.ready()
    driver.press(.enter)
    #expect(driver.text.contains("r × universal (UAP)"))
    #expect(driver.text.contains("r × random 1"))
    // Balls of radius 2.5 and 1000: their curvature at z.
    #expect(driver.text.contains("+0.400") && driver.text.contains("2.50 px"))
  }

  @Test("v takes the next direction on the left, V on the right") func directions() {
    var driver = Driver.ready()
    driver.type("2v")
    #expect(driver.text.contains("r × S_c 1"))
    #expect(driver.text.contains("r × random 1"))
    driver.type("V")
    #expect(driver.text.contains("r × towards image"))
  }

  @Test("The universal direction is learnt before its section is asked for") func learning() {
    var driver = Driver.ready(finishes: false)
    driver.type("2")
    #expect(driver.text.contains("Learning the published algorithm's universal"))
    #expect(requests(driver).compactMap(\.section).count == 1)
    driver.finish()
    #expect(requests(driver).compactMap(\.section).count == 2)
    #expect(driver.text.contains("+0.400"))
  }

  @Test("What a person asks for on the screen in front goes before what other screens need") func asked()
    throws
  {
    var driver = Driver.ready(finishes: false)
    driver.type("3s")
    let order = try #require(
      driver.commands.compactMap { command in if case .arrange(let order) = command { order } else { nil } }
        .last)
    func rank(_ isMeant: (any Experiment) -> Bool) throws -> Int {
      let jobs = driver.open.filter { isMeant($0.value.experiment) }.map(\.key)
      return try #require(order.firstIndex { !$0.filter(jobs.contains).isEmpty })
    }
    #expect(try rank { $0 is SharedCurvature } < rank { $0 is UniversalFooling })
  }

  @Test("The cursor reads margin, class and curvature where it stands") func cursor() {
    var driver = Driver.ready()
    driver.type("2")
    driver.press(.end)
    // x lies 0.3 inside a boundary of slope 2.
    #expect(driver.text.contains("cursor at s +0.00, t +0.00"))
    #expect(driver.text.contains("-0.") && driver.text.contains("airplane"))
    let before = driver.text
    driver.press(.right, .up)
    #expect(driver.text != before)
  }

  @Test("A finding for other numbers is kept but not shown") func stale() {
    var driver = Driver.ready(finishes: false)
    driver.type("3s")
    #expect(driver.text.contains("Lanczos step 23"))
    driver.type("]")
    #expect(!driver.text.contains("Lanczos step 23"))
    driver.finish()
    #expect(driver.text.contains("Not computed yet for these settings"))
    driver.type("[")
    #expect(driver.text.contains("done") && driver.text.contains("0.500"))
  }

  @Test("A section of the image before is not shown for the next one") func staleImage() {
    var driver = Driver.ready(finishes: false)
    driver.type("2")
    let first = driver.open
    driver.type("n")
    #expect(driver.text.contains("▸ 1 \"automobile\""))
    // What is no longer needed was cancelled; a late result of it changes nothing on the screen.
    let cancelled = driver.commands.compactMap { if case .cancel(let id) = $0 { id } else { nil } }
    let late = first.filter { $0.value.section != nil }
    #expect(!late.isEmpty && late.keys.allSatisfy(cancelled.contains))
    let before = driver.text
    for (id, request) in late {
      driver.send(
        .job(
          JobUpdate(
            id: id, title: request.title, priority: .interactive,
            state: .finished(World.finding(request)))))
    }
    #expect(driver.text == before)
  }

  @Test("An exact Hessian of a piecewise linear network is explained, not computed") func exact() {
    var driver = Driver.ready()
    driver.type("3dd")
    #expect(driver.text.contains("piecewise linear: its exact Hessian is zero"))
    let count = requests(driver).count
    driver.press(.enter)
    #expect(requests(driver).count == count)
  }

  @Test("Enter works on with the h, or the target class, that a scan's line reads") func scan() {
    var driver = Driver.ready()
    driver.type("3bbbs")
    #expect(driver.text.contains("S_c 1 against h"))
    driver.type("ll")
    driver.press(.enter)
    #expect(driver.text.contains("h is now 1.20 px."))
    driver.type("tt")
    #expect(driver.text.contains("S_c for every target class"))
    driver.press(.enter)
    driver.type("lll")
    driver.press(.enter)
    #expect(driver.text.contains("target \(World.names[5])"))
  }

  @Test("x cancels the spectrum, and it does not start again by itself") func cancel() {
    var driver = Driver.ready(finishes: false)
    driver.type("3sx")
    #expect(driver.text.contains("Cancelled; Enter starts it again."))
    let count = requests(driver).count
    driver.send(.tick(seconds: 1))
    driver.type("1" + "3")
    #expect(requests(driver).count == count)
    driver.press(.enter)
    #expect(requests(driver).count == count + 1)
  }

  @Test("A failure says its sentence on the screen and in the list of jobs") func failure() {
    var driver = Driver.ready(finishes: false)
    driver.type("3s")
    let id = driver.open.first { $0.value.experiment is SharedCurvature }!.key
    driver.send(
      .job(JobUpdate(id: id, title: "S_c", priority: .batch, state: .failed("No boundary was found."))))
    #expect(driver.text.contains("No boundary was found."))
    driver.type("8")
    #expect(driver.text.contains("failed"))
  }

  @Test("Enter on a job goes to the plot that shows it") func plotOfJob() {
    var driver = Driver.ready(Size(rows: 40, columns: 120))
    driver.type("3bbs")
    #expect(driver.text.contains("principal curvature, 1/px"))
    driver.type("b8")
    driver.press(.enter)
    #expect(driver.text.contains("probes × 60 Lanczos steps"))
    driver.type("bbb")
    #expect(driver.text.contains("DeepFool within each") && !driver.text.contains("recipe region"))
  }

  @Test("q quits at once, but asks while jobs run") func quit() {
    var idle = Driver.ready()
    idle.type("q")
    #expect(idle.isOver)
    var busy = Driver.ready(finishes: false)
    busy.type("q")
    #expect(!busy.isOver && busy.text.contains("q quits, any other key stays"))
    busy.type("n")
    #expect(!busy.isOver)
    busy.type("qq")
    #expect(busy.isOver)
  }

  @Test("The palette finds a command by a few letters") func palette() {
    var driver = Driver.ready()
    driver.type(":spectr")
    driver.press(.enter)
    #expect(driver.text.contains("recipe region"))
    driver.type(":glyph")
    driver.press(.enter)
    #expect(driver.canvas.cells.allSatisfy { $0.glyph.isASCII })
  }

  @Test("Paths are asked for in a line of text") func open() {
    var driver = Driver.ready()
    driver.type("o/tmp/a b.onnx")
    driver.press(.enter)
    #expect(driver.commands.contains(.openModel(path: "/tmp/a b.onnx")))
    driver.type("i")
    driver.send(.input(.paste("photos\n")))
    driver.press(.enter)
    #expect(driver.commands.contains(.openImages(spec: "photos")))
    driver.send(.notOpened(.images("photos"), "There is no file photos."))
    #expect(driver.text.contains("There is no file photos."))
  }

  @Test("A model that cannot be used says why") func problem() {
    var driver = Driver(Size(rows: 40, columns: 120))
    driver.send(.library(models: World.library, sets: World.sets))
    driver.press(.end)
    #expect(driver.text.contains("Cannot be used: The operator ImageScaler"))
    driver.press(.enter)
    #expect(!driver.commands.contains { if case .openModel = $0 { true } else { false } })
  }

  @Test("The filter lists only what fits") func filter() {
    var driver = Driver.ready()
    driver.type("/mnist")
    driver.press(.enter)
    #expect(driver.text.contains("1 of 4") && !driver.text.contains("candy"))
    driver.press(.escape)
    #expect(driver.text.contains("candy"))
  }

  @Test("e writes the numbers shown, with their parameters, and the screen") func export() throws {
    var driver = Driver.ready()
    driver.type("2e")
    let exports = driver.commands.compactMap { if case .export(let export) = $0 { export } else { nil } }
    let export = try #require(exports.first)
    #expect(exports.count == 1 && export.formats == Set(Export.Format.allCases))
    #expect(export.findings.map(\.name) == ["left", "right"])
    #expect(export.provenance.radius == 3 && export.provenance.screen == "section")
    let parameters = String(decoding: try JSONEncoder().encode(export.findings[0].request), as: UTF8.self)
    #expect(parameters.contains("\"experiment\":\"universal\"") && parameters.contains("\"seed\":1"))
    driver.send(.exported("section.json"))
    #expect(driver.text.contains("Written: section.json"))
  }

  @Test("Enter on a job goes to its screen with its numbers") func jobs() {
    var driver = Driver.ready()
    driver.type("4s}8")
    // Last of all stands the noise norm, before it the first universal perturbation.
    driver.press(.end, .up, .enter)
    #expect(driver.text.contains("fooling rate of draws") && driver.text.contains("ξ 3.00"))
    #expect(driver.text.contains("-- UAP 78.0 %"))
  }

  @Test("A click chooses an image, a second one shows its section") func mouse() {
    var driver = Driver.ready()
    let lines = driver.text.split(separator: "\n", omittingEmptySubsequences: false)
    let row = lines.firstIndex { $0.contains("4 deer") }!
    let column = lines[row].prefix(upTo: lines[row].range(of: "4 deer")!.lowerBound).count
    driver.send(.input(.mouse(Mouse(.press, row: row, column: column))))
    #expect(driver.text.contains("▸ 4 \"deer\""))
    driver.send(.input(.mouse(Mouse(.press, row: row, column: column))))
    #expect(driver.text.contains("r × universal"))
    driver.type("m")
    #expect(driver.commands.contains(.setMouse(false)))
  }

  @Test("News of jobs that nobody asked for do no harm") func strangers() {
    var driver = Driver()
    let request = Request(Robustness(), Selection(image: 3), model: "m1", images: "i1")
    let finding = World.finding(request)
    driver.send(.job(JobUpdate(id: JobID(77), title: "?", priority: .batch, state: .finished(finding))))
    driver.send(.submitted(JobID(77), request))
    driver.send(.thumbnails([5: World.thumbnail(5), -1: World.thumbnail(1)], of: -1..<6))
    driver.send(.tick(seconds: .nan))
    #expect(driver.canvas.size == driver.size)
  }
}
