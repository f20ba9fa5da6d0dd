import Drawing
import Experiments
import Explorer
import Testing

@Suite("Training")
struct TrainingScreenTests {
  private func training(finishes: Bool = true) -> Driver {
    var driver = Driver.ready(finishes: finishes)
    driver.begin(training: World.run)
    return driver
  }

  private func opened(_ driver: Driver) -> [String] {
    driver.commands.compactMap { if case .openOther(let path) = $0 { path } else { nil } }
  }

  @Test("Checkpoints are measured one after the other, the newest first, on the same images and in one plane")
  func order() {
    var driver = training()
    driver.type("0")
    #expect(opened(driver) == ["/run/step-30.onnx", "/run/step-20.onnx", "/run/step-10.onnx"])
    let planes = driver.commands.compactMap { command -> SectionMap? in
      guard case .run(let request) = command, let map = request.section, map.width == 33 else { return nil }
      return map
    }
    #expect(planes.map { $0.judge?.name } == [nil, "step-30", "step-20", "step-10"])
    #expect(Set(planes.map(\.extent)).count == 1)
    #expect(driver.text.contains("4 of 4"))
  }

  @Test("Comma and full stop go through them without opening any; Enter opens one")
  func slider() {
    var driver = training()
    driver.type("0,,")
    #expect(driver.text.contains("2 of 4") && driver.text.contains("step-20"))
    #expect(driver.text.contains("accuracy 18 %") && driver.text.contains("median ‖r‖ 1.75 px"))
    #expect(!driver.commands.contains(.openModel(path: "/run/step-20.onnx")))
    driver.press(.enter)
    #expect(driver.commands.contains(.openModel(path: "/run/step-20.onnx")))
    driver.press(.home)
    #expect(driver.text.contains("1 of 4"))
    driver.type(",")
    #expect(driver.text.contains("1 of 4"))
  }

  @Test("The one that is looked at comes before newer ones")
  func attention() {
    var driver = training()
    driver.attention = { if case .openOther = $0 { .late } else { .now } }
    driver.type("0,,")
    #expect(opened(driver).last == "/run/step-20.onnx")
  }

  @Test("A checkpoint that cannot be opened says so in its place, and ends nothing")
  func broken() {
    var driver = training()
    driver.attention = { command in
      command == .openOther(path: "/run/step-20.onnx") ? .refused("Its weights are not finite.") : .now
    }
    driver.type("0")
    #expect(!driver.text.contains("not finite"))
    driver.type(",,")
    #expect(driver.text.contains("Its weights are not finite."))
    driver.type(",")
    #expect(driver.text.contains("accuracy 9 %"))
  }

  @Test(
    "A checkpoint that is written while somebody watches is measured in the background; the newest is followed"
  )
  func watched() {
    var driver = training()
    let next = ModelEntry(
      name: "step-200", path: "/run/step-200.onnx", bytes: 1_800_000, operators: World.run[0].operators)
    driver.type("2")
    driver.send(.library(models: World.library + World.run + [next], sets: World.sets))
    driver.attention = { if case .openOther = $0 { .late } else { .now } }
    driver.send(.modelAppeared(next, isWatched: true))
    #expect(opened(driver).contains("/run/step-200.onnx"))
    driver.type("0")
    #expect(driver.text.contains("5 of 5"))
  }

  @Test("What was found stays when ξ changes, but for what depends on it")
  func radius() {
    var driver = training()
    driver.type("0")
    let before = driver.commands.count
    driver.type("}")
    let again = driver.commands.dropFirst(before).compactMap { command -> Request? in
      if case .run(let request) = command { request } else { nil }
    }
    #expect(
      again.count(where: {
        ($0.experiment as? UniversalFooling)?.method == .uap && $0.selection.images == 0..<50
      }) == 4)
    #expect(!again.contains { $0.experiment is Robustness || $0.experiment is Prediction })
  }

  @Test("Its film has a picture a checkpoint, with the curves up to it; of many the newest and others evenly")
  func film() {
    var driver = training()
    driver.type("0e")
    func films(_ driver: Driver) -> [[FigureScene]] {
      driver.commands.compactMap { if case .export(let one) = $0 { one.film } else { nil } }
    }
    #expect(films(driver).last?.count == 4)
    var long = Driver.ready()
    long.begin(training: World.longRun)
    long.type("0e")
    let count = films(long).last?.count ?? 0
    #expect(count == 65)
  }

  @Test("The curvatures of another image are not mixed with those of the present one; the others stay")
  func otherImage() {
    var driver = Driver.ready(Size(rows: 40, columns: 120))
    driver.begin(training: World.run)
    driver.type("0")
    #expect(driver.text.contains("principal curvatures at z -"))
    let before = driver.commands.count
    driver.type("n")
    let again = driver.commands.dropFirst(before).compactMap { command -> Request? in
      if case .run(let request) = command { request } else { nil }
    }
    #expect(again.count(where: { $0.experiment is PointSpectrum }) == 4)
    #expect(!again.contains { $0.selection.images.count > 1 && $0.experiment is Robustness })
    #expect(!again.contains { $0.selection.images == 0..<50 && $0.experiment is UniversalFooling })
  }

  @Test("Without checkpoints the screen says how one comes to have them, and there is no tab")
  func none() {
    var driver = Driver.ready()
    #expect(!driver.text.contains("0 Training"))
    driver.type("2")
    driver.send(.library(models: [World.library[0]], sets: World.sets))
    driver.type("0")
    #expect(driver.text.contains("--watch FOLDER"))
  }

  @Test("What was cancelled is tried again for a person, and the rest goes on")
  func cancelled() {
    var driver = training(finishes: false)
    driver.type("0")
    driver.type(":cancel all jobs")
    driver.press(.enter)
    driver.finishes = true
    driver.send(.tick(seconds: 1))
    #expect(driver.text.contains("retry"))
    driver.type("s")
    driver.send(.tick(seconds: 1))
    #expect(!driver.text.contains("retry"))
    #expect(driver.text.contains("labels one vector changes 78 %"))
  }

  @Test("A checkpoint of the open network has the open network's numbers")
  func twin() {
    var driver = Driver.ready()
    let copy = ModelEntry(
      name: "step-1", path: "/run/step-1.onnx", bytes: 1_800_000, operators: World.run[0].operators)
    driver.attention = { command in command == .openOther(path: copy.path) ? .late : .now }
    driver.begin(training: [copy] + World.run)
    driver.type("0")
    var model = World.model
    (model.entry, model.digest) = (copy, "d-step-100")
    driver.send(
      .otherOpened(
        path: copy.path, ComparedModel(model: model, images: "i-compared", spec: World.images.spec)))
    driver.press(.home)
    #expect(driver.text.contains("accuracy 91 %"))
    #expect(!driver.text.contains("holds the same network"))
  }

  @Test("Rates of another ξ are not mixed with those of the present one")
  func present() {
    var driver = training()
    driver.type("0")
    driver.attention = { if case .run = $0 { .late } else { .now } }
    driver.type("}")
    #expect(!driver.text.contains("labels one vector changes 78 %"))
  }

  @Test("The slider takes a click")
  func click() {
    var driver = training()
    driver.type("0")
    let row = driver.size.rows - 3
    driver.send(.input(.mouse(Mouse(.press, row: row, column: 12))))
    #expect(driver.text.contains("1 of 4"))
    driver.send(.input(.mouse(Mouse(.press, row: row, column: driver.size.columns - 2))))
    #expect(driver.text.contains("4 of 4"))
    driver.send(.input(.mouse(Mouse(.press, row: 10, column: 12))))
    #expect(driver.text.contains("4 of 4"))
  }
}
