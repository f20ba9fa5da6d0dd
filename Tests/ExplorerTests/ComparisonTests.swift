import Drawing
import Experiments
import Explorer
import Testing

/// Two models side by side, models that appear while the program runs, and moving about in a plane.
@Suite("Comparison")
struct ComparisonTests {
  private func requests(_ driver: Driver) -> [Request] {
    driver.commands.compactMap { if case .run(let request) = $0 { request } else { nil } }
  }

  private func sections(_ driver: Driver) -> [SectionMap] { requests(driver).compactMap(\.section) }

  @Test("The selected model is compared in the plane of the open one") func plane() throws {
    var driver = Driver.ready()
    driver.press(.tab, .down)
    driver.type("c")
    #expect(driver.commands.contains(.openOther(path: "/models/shapes.onnx")))
    #expect(driver.text.contains("≡"))
    driver.type("2")
    #expect(driver.text.contains("lenet-cifar10: r × universal (UAP)"))
    #expect(driver.text.contains("lenet-shapes, same plane"))
    let pair = sections(driver).suffix(2)
    let (own, other) = (try #require(pair.first), try #require(pair.last))
    #expect(own.judge == nil && other.judge?.digest == "d-lenet-shapes")
    #expect(own.along == other.along && own.extent == other.extent)
    // Balls of radius 2.5 and 5 at the same z.
    #expect(driver.text.contains("+0.400") && driver.text.contains("+0.200"))
    driver.type("C")
    #expect(driver.text.contains("r × random 1"))
  }

  @Test("Comma and full stop go through the models of a folder, by their numbers; screen and image stay")
  func checkpoints() {
    var driver = Driver.ready()
    let run = [10, 9, 100].map { ModelEntry(name: "step-\($0)", path: "/run/step-\($0).onnx") }
    driver.send(.library(models: World.library + run, sets: []))
    driver.type(".")
    let paths = driver.commands.compactMap { if case .openModel(let path) = $0 { path } else { nil } }
    #expect(paths.last.map { !$0.hasPrefix("/run") } ?? true)
    driver.type(":open a model")
    driver.press(.enter)
    driver.type("/run/step-10.onnx")
    driver.press(.enter)
    var opened = World.model
    opened.entry = run[0]
    driver.send(.modelOpened(opened))
    driver.type("2.")
    #expect(driver.commands.contains(.openModel(path: "/run/step-100.onnx")))
    driver.type(",")
    #expect(driver.commands.contains(.openModel(path: "/run/step-9.onnx")))
  }

  @Test("C asks for a model where none is compared; the palette and scripts take a name") func asking() throws
  {
    var driver = Driver.ready()
    driver.type("2C")
    #expect(driver.text.contains("Compare with"))
    driver.type("lenet-shapes")
    driver.press(.enter)
    #expect(driver.text.contains("lenet-shapes, same plane"))
    driver.type(":stop comparing")
    driver.press(.enter)
    #expect(!driver.text.contains("same plane"))
    driver.send(.begun)
    driver.explorer.play(try Script("compare lenet-shapes\nwait\nexpect same plane", name: "s"))
    driver.send(.tick(seconds: 0.1))
    #expect(!driver.explorer.isPlaying && driver.explorer.failedExpectations.isEmpty)
  }

  @Test("Models of other images, unusable ones and the open one itself are refused in a sentence")
  func refusals() {
    var driver = Driver.ready()
    for (name, sentence) in [
      ("softnet", "only models of the same images"), ("candy", "ImageScaler"), ("lenet-cifar10", "already"),
    ] {
      driver.type(":compare with another")
      driver.press(.enter)
      driver.type(name)
      driver.press(.enter)
      #expect(driver.text.contains(sentence), "\(name)")
    }
    driver.type("2")
    #expect(driver.text.contains("r × random 1"))
  }

  @Test("A model written into a watched folder is compared at once, others are only named") func watching() {
    var driver = Driver.ready()
    driver.send(.modelAppeared(World.library[1], isWatched: false))
    #expect(driver.text.contains("New model: lenet-shapes"))
    #expect(!driver.commands.contains(.openOther(path: "/models/shapes.onnx")))
    driver.send(.modelAppeared(World.library[1], isWatched: true))
    #expect(driver.commands.contains(.openOther(path: "/models/shapes.onnx")))
    driver.send(.modelAppeared(World.library[3], isWatched: true))
    #expect(driver.text.contains("candy cannot be used"))
  }

  @Test("Spectrum and fooling rates of compared models come by themselves once the open one's are known")
  func curves() {
    var driver = Driver.ready()
    driver.send(.modelAppeared(World.library[1], isWatched: true))
    driver.type("3")
    #expect(!requests(driver).contains { $0.model == "d-lenet-shapes" })
    driver.press(.enter)
    #expect(requests(driver).contains { $0.model == "d-lenet-shapes" && $0.images == "i-compared" })
    #expect(driver.text.contains("● lenet-shapes"))
    driver.type("4")
    driver.press(.enter)
    #expect(driver.text.contains("S_c of lenet-shapes"))
  }

  @Test("Panning and zooming show at once what is computed, and mark the rest") func reuse() throws {
    var driver = Driver.ready()
    driver.type("2")
    let first = try #require(sections(driver).last)
    driver.finishes = false
    driver.type("L")
    let panned = try #require(sections(driver).last)
    #expect(panned.extent == first.extent && panned.shift?.columns == (first.width / 8))
    #expect(driver.text.contains("computed ") && driver.text.contains("╱"))
    driver.type("z+")
    let zoomed = try #require(sections(driver).last)
    #expect(zoomed.extent == first.extent.map { $0 / 2 } && zoomed.shift == nil)
    #expect(driver.text.contains("computed "))
  }

  @Test("The cursor pushes the picture over its edge, and the engine is told where it is") func cursor()
    throws
  {
    var driver = Driver.ready()
    driver.type("2")
    for _ in 0..<60 { driver.press(.right) }
    let section = try #require(sections(driver).last)
    #expect((section.shift?.columns ?? 0) > 0)
    let places = driver.commands.compactMap { if case .look(let s, _) = $0 { s } else { nil } }
    #expect(places.count > 50 && places == places.sorted())
  }
}
