import Checkup
import Drawing
import Experiments
import Testing

@testable import Explorer

@Suite("Report screen")
struct ReportScreenTests {
  private func asked(_ driver: Driver, since start: Int = 0) -> [Request] {
    driver.commands.dropFirst(start).compactMap { if case .run(let request) = $0 { request } else { nil } }
  }

  @Test("It is offered with its price where a model is opened, and begins when it is looked at")
  func offered() {
    var driver = Driver.ready()
    #expect(driver.text.contains(/9 the verdict on this model, about \d+ \w+/))
    #expect(!asked(driver).contains { $0.experiment is Masking })
    driver.type("9")
    #expect(asked(driver).contains { $0.experiment is Masking })
    #expect(driver.text.contains("400 images") && driver.text.contains("One pixel decides the class."))
    driver.type("1")
    #expect(driver.text.contains("9 One pixel decides the class."))
    var images = World.images
    images.digest = "i-other"
    driver.send(.imagesOpened(images))
    #expect(driver.text.contains("9 the verdict on this model, about"))
  }

  @Test("Nothing is asked for twice, whatever is looked at in between")
  func once() {
    var driver = Driver.ready()
    driver.type("9198292")
    for _ in 0..<20 { driver.send(.tick(seconds: 0.5)) }
    let all = asked(driver)
    #expect(Set(all).count == all.count)
  }

  @Test("It goes on behind other screens, from what is learnt to what is judged")
  func behind() {
    var driver = Driver.ready(finishes: false)
    driver.type("9")
    #expect(driver.text.contains("Still to come: distance"))
    driver.type("1")
    driver.finish()
    driver.send(.tick(seconds: 0.1))
    let alterations = asked(driver).compactMap { $0.experiment as? Alterations }
    #expect(alterations.map(\.covered) == [[8, 8]], "they wait for the pixel that is to be covered")
    driver.type("9")
    #expect(!driver.text.contains("Still to come"))
  }

  @Test("x stops all of it, and Enter goes on with its price")
  func cancelled() {
    var driver = Driver.ready(finishes: false)
    driver.type("9")
    let open = driver.open.count
    driver.type("x")
    #expect(driver.open.count < open && !driver.open.values.contains { $0.experiment is Masking })
    #expect(driver.text.contains("stopped") && driver.text.contains("Not tried."))
    #expect(driver.text.contains(/Enter go on, about/))
    for _ in 0..<5 { driver.send(.tick(seconds: 0.5)) }
    #expect(!driver.open.values.contains { $0.experiment is Masking })
    driver.press(.enter)
    #expect(driver.open.values.contains { $0.experiment is Masking })
  }

  @Test("Another ξ asks for vectors anew, and for nothing else")
  func radius() {
    var driver = Driver.ready()
    driver.type("9")
    let before = driver.commands.count
    driver.type("}")
    let anew = asked(driver, since: before)
    #expect(anew.contains { $0.experiment is FoolingByNorm })
    #expect(!anew.contains { $0.experiment is Masking || $0.experiment is Alterations })
  }

  @Test(
    "The page reaches its end and its beginning, and has no line beyond", arguments: [(24, 80), (60, 200)])
  func scroll(rows: Int, columns: Int) {
    var driver = Driver.ready(Size(rows: rows, columns: columns))
    driver.type("9")
    let first = driver.text
    driver.press(.end)
    let last = driver.text
    #expect(last.contains("near-duplicate images") && !last.contains("▾"))
    driver.press(.down, .pageDown)
    #expect(driver.text == last)
    driver.press(.home)
    #expect(driver.text == first)
  }

  @Test("Few images are refused in a sentence")
  func few() {
    var driver = Driver.ready()
    driver.send(.imagesOpened(OpenedImages(name: "few", spec: "few", count: 19, digest: "i-few")))
    #expect(!driver.text.contains("the verdict on this model"))
    driver.type("9")
    #expect(driver.text.contains("20 images, half of them to judge on"))
  }

  @Test("A part that fails says why, and the rest of the page stands")
  func failed() {
    var driver = Driver.ready()
    driver.attention = {
      if case .run(let request) = $0, request.experiment is Outliers { .refused("no memory") } else { .now }
    }
    driver.type("9")
    driver.press(.escape, .end)
    driver.type("9")
    #expect(driver.text.contains("Labels") && driver.text.contains("Enter go on"))
  }

  @Test("Images are halved, counts follow the multiply-adds alone, and what does not fit is named")
  func plan() throws {
    let small = try #require(ExaminationPlan(Examination(), of: 10_000, multiplyAdds: 4_000_000))
    #expect(small.count == 1000 && small.learnt == 0..<500 && small.judged == 500..<1000)
    #expect(small.judged(for: .distances) == 500..<564 && small.firstDistances == 500..<516)
    #expect(small.skipped == [] && small.changes == .corruptions)
    let large = try #require(ExaminationPlan(Examination(), of: 10_000, multiplyAdds: 4_000_000_000))
    #expect(large.count < 300 && large.size(of: .curvature) == nil && large.changes == .changes)
    #expect(large.skipped.contains { $0.hasPrefix("curvature (--seconds") })
    #expect(ExaminationPlan(Examination(), of: 19, multiplyAdds: 1) == nil)
  }
}
