import Drawing
import Experiments
import Explorer
import Jobs
import Tensors
import Testing

/// Whatever comes in whatever order: no trap, canvases of the size asked for, and no end but by quitting.
@Suite("Explorer under random messages")
struct ExplorerFuzzTests {
  private static let keys: [Key] = [
    .enter, .enter, .escape, .tab, .backTab, .backspace, .up, .down, .left, .right, .pageUp, .pageDown, .home,
    .end,
    .delete, .function(1), .insert, .control("l"), .control("z"), .control("u"), .control("w"),
  ]
  private static let letters = Array("1234567812345678vVcodrsxXtnpg+-[]{}?:/oiemzhjkl=_T 5.éaby")
  private static let sizes = [
    Size(rows: 24, columns: 80), Size(rows: 40, columns: 120), Size(rows: 60, columns: 200),
    Size(rows: 12, columns: 40),
    Size(rows: 13, columns: 41), Size(rows: 20, columns: 79), Size(rows: 6, columns: 20),
    Size(rows: 1, columns: 1),
    Size(rows: 0, columns: 0), Size(rows: 100, columns: 40), Size(rows: 12, columns: 300),
  ]

  @Test("A thousand random messages", arguments: [UInt64(1), 2, 3, 4]) func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var driver = Driver.ready(finishes: seed % 2 == 0)
    for step in 0..<1000 {
      driver.send(message(&generator, driver))
      // q and ^C are never sent, and the answer to "quit?" is not either.
      #expect(!driver.isOver, "step \(step)")
      let size = Self.sizes.randomElement(using: &generator)!
      if step % 7 == 0 { #expect(driver.explorer.view(size).size == size) }
      #expect(driver.canvas.size == driver.size)
      if step % 50 == 0 { driver.finishes.toggle() }
    }
    driver.finish()
    driver.press(.escape, .escape, .escape)
    driver.type("q")
    if !driver.isOver { driver.type("q") }
    #expect(driver.isOver)
  }

  private func message(_ generator: inout SeededGenerator, _ driver: Driver) -> Message {
    func number(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
    switch number(20) {
    case 0: return .input(.resized(Self.sizes.randomElement(using: &generator)!))
    case 1, 2:
      let actions: [Mouse.Action] = [.press, .press, .press, .release, .drag, .wheelUp, .wheelDown]
      let buttons: [Mouse.Button] = [.left, .left, .right, .none]
      return .input(
        .mouse(
          Mouse(
            actions.randomElement(using: &generator)!, button: buttons.randomElement(using: &generator)!,
            row: number(70) - 3, column: number(210) - 3)))
    case 3: return news(&generator, driver)
    case 4: return .tick(seconds: [0.25, -1, .infinity, 1e9].randomElement(using: &generator)!)
    case 5: return other(number(9))
    case 6...10: return .input(.key(Self.keys.randomElement(using: &generator)!))
    default: return .input(.key(.character(Self.letters.randomElement(using: &generator)!)))
    }
  }

  /// News of a job that runs, or of one that nobody knows: progress, an end, or a finding of another kind.
  private func news(_ generator: inout SeededGenerator, _ driver: Driver) -> Message {
    let known = driver.open.sorted { $0.key < $1.key }.randomElement(using: &generator)
    let id = known?.key ?? JobID(Int.random(in: 1..<500, using: &generator))
    let request =
      known?.value ?? Request(Robustness(), Selection(image: 900), model: "m1", images: "i1")
    let labels = Request(Prediction(), Selection(0..<3), model: "m1", images: "i1")
    let states: [JobState<Finding>] = [
      .waiting, .running(Progress(completed: 3, total: 0, phase: "")), .running(World.progress(request)),
      .finished(World.finding(request)), .finished(World.finding(labels)), .failed("It broke."),
      .cancelled,
    ]
    return .job(
      JobUpdate(
        id: id, title: "news", priority: .batch, state: states.randomElement(using: &generator)!,
        partial: World.partial(request), elapsed: 3))
  }

  private func other(_ n: Int) -> Message {
    switch n {
    case 0: return .modelOpened(World.model)
    case 1: return .imagesOpened(World.images)
    case 2:
      var model = World.model
      model.digest = "m2"
      model.classNames = []
      model.classCount = 3
      model.entry.smoothness = .smooth
      return .modelOpened(model)
    case 3: return .imagesOpened(OpenedImages(name: "one", spec: "one", count: 1, digest: "i2"))
    case 4: return .imagesOpened(OpenedImages(name: "none", spec: "none", count: 0, digest: "i3"))
    case 5: return .refused("Nothing doing.")
    case 6: return .appearance(Appearance(colors: .none, glyphs: .ascii, background: .light))
    case 7: return .library(models: [], sets: [])
    default: return .library(models: World.library, sets: World.sets)
    }
  }
}
