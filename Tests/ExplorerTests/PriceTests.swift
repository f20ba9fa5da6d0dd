import Drawing
import Experiments
import Testing

@testable import Explorer

@Suite("Price of work")
struct PriceTests {
  @Test(
    "What only a person starts says how long it takes, in the picture and beside its key", arguments: "3457")
  func told(screen: Character) throws {
    var driver = Driver.ready(Size(rows: 40, columns: 120))
    driver.type(String(screen))
    let text = driver.text.replacing("\n", with: " ")
    #expect(text.contains(/Press Enter \(about [^)]+\)|Enter start, about/), "\(driver.text)")
  }

  @Test("What is found has no price, and what two of them need counts once")
  func shared() throws {
    var driver = Driver.ready(Size(rows: 40, columns: 120))
    let workspace = driver.explorer.workspace
    let screen = FoolingScreen()
    let (vector, curve) = (
      try #require(screen.vector(.curvature, workspace)?.request),
      try #require(screen.curve(.shared, workspace)?.request)
    )
    func seconds(_ requests: [Request]) throws -> Double {
      let model = try #require(workspace.subject.model)
      return workspace.work.passes(of: requests, on: model)
    }
    let (one, other, both) = (try seconds([vector]), try seconds([curve]), try seconds([vector, curve]))
    #expect(both < 0.8 * (one + other))
    #expect(both >= max(one, other))
    driver.type("4")
    driver.press(.enter)
    #expect(driver.explorer.workspace.price(of: [vector, curve]) == nil)
  }

  @Test(
    "Seconds are told as roughly as they are known",
    arguments: [(0.2, "1 s"), (9, "9 s"), (12, "10 s"), (43, "45 s"), (70, "a minute"), (400, "7 min")])
  func roughly(seconds: Double, text: String) { #expect(Number.roughly(seconds) == text) }
}
