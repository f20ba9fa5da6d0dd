import Drawing
import Experiments
import Explorer
import Testing

/// What the session brings late, or not at all, and what nobody looks at any more.
@Suite("Availability")
struct AvailabilityTests {
  private static let many = OpenedImages(
    name: "many", spec: "many", count: 1500, classNames: World.names, digest: "i-many")

  private func asked(_ driver: Driver, _ isWanted: (Command) -> Bool) -> Int {
    driver.commands.count(where: isWanted)
  }

  private func opensOther(_ command: Command) -> Bool { if case .openOther = command { true } else { false } }

  /// The last word on what is still looked at.
  private func held(_ driver: Driver) -> Set<String>? {
    driver.commands.last { if case .hold = $0 { true } else { false } }.flatMap {
      if case .hold(let models, _, _) = $0 { models } else { nil }
    }
  }

  @Test("Pictures of 1,500 images come back after they scrolled away, however many were seen")
  func scrolledAway() {
    var driver = Driver.ready()
    driver.send(.imagesOpened(Self.many))
    let before = driver.canvas
    for _ in 0..<110 { driver.press(.pageDown) }
    #expect(driver.text.contains("1499"))
    for _ in 0..<110 { driver.press(.pageUp) }
    #expect(driver.canvas == before)
    // Far apart, the images of two screens keep their pictures: none is asked for again and again.
    driver.type("5")
    let count = asked(driver) { if case .thumbnails = $0 { true } else { false } }
    for _ in 0..<20 { driver.send(.tick(seconds: 0.1)) }
    #expect(asked(driver) { if case .thumbnails = $0 { true } else { false } } == count)
  }

  @Test("A picture that cannot be read is marked, and nothing waits for it")
  func broken() {
    var driver = Driver()
    driver.attention = { if case .thumbnails = $0 { .refused("broken") } else { .now } }
    driver.open()
    driver.send(.begun)
    #expect(driver.explorer.isSettled)
    #expect(driver.text.contains("✗"))
  }

  @Test("What comes late is waited for, and taken")
  func late() {
    var driver = Driver()
    driver.attention = { if case .thumbnails = $0 { .late } else { .now } }
    driver.open()
    driver.send(.begun)
    #expect(!driver.explorer.isSettled)
    driver.attention = { _ in .now }
    driver.answerLate()
    #expect(driver.explorer.isSettled)
  }

  @Test("A request that is not accepted says why, and nothing waits for it")
  func notSubmitted() {
    var driver = Driver()
    driver.attention = {
      if case .run(let request) = $0, request.section != nil {
        .refused("its model is not open")
      } else {
        .now
      }
    }
    driver.open()
    driver.send(.begun)
    driver.type("2")
    #expect(driver.text.contains("its model is not open"))
    #expect(driver.explorer.isSettled)
  }

  @Test("A compared model whose file is gone is asked for once, and said once")
  func deleted() {
    var driver = Driver.ready()
    driver.press(.tab, .down)
    driver.type("c")
    #expect(asked(driver, opensOther) == 1 && driver.text.contains("≡"))
    driver.attention = { command in
      if case .openOther = command { .refused("no such file: /models/shapes.onnx") } else { .now }
    }
    driver.send(.imagesOpened(Self.many))
    #expect(driver.text.contains("no such file: /models/shapes.onnx") && !driver.text.contains("≡"))
    for _ in 0..<20 { driver.send(.tick(seconds: 0.5)) }
    #expect(asked(driver, opensOther) == 2)
    // Written anew, it is asked for again.
    driver.send(.modelAppeared(World.library[1], isWatched: true))
    #expect(asked(driver, opensOther) == 3)
  }

  @Test("The session is told which models are still looked at")
  func hold() {
    var driver = Driver.ready()
    driver.press(.tab, .down)
    driver.type("c")
    #expect(held(driver) == ["m1", "d-lenet-shapes"])
    driver.type("c")
    driver.send(.tick(seconds: 0.1))
    // The Transfer screen would compare with it by itself, and so holds it while it is there.
    driver.type("6")
    driver.press(.tab)
    #expect(held(driver) == ["m1"])
  }

  @Test("A model of other images is let go at once")
  func misfit() {
    var driver = Driver.ready()
    driver.type("2C")
    driver.type("softnet")
    driver.press(.enter)
    #expect(driver.text.contains("only models of the same images"))
    #expect(held(driver) == ["m1"])
  }

  @Test("A file's direction is read once, said where it cannot be, and read again when it is named again")
  func file() {
    var driver = Driver.ready()
    driver.attention = { if case .openArray = $0 { .late } else { .now } }
    driver.type("2:set the left")
    driver.press(.enter)
    driver.type("/tmp/v.npy")
    driver.press(.enter)
    #expect(driver.text.contains("Reading /tmp/v.npy"))
    for _ in 0..<5 { driver.send(.tick(seconds: 0.1)) }
    #expect(asked(driver) { $0 == .openArray(path: "/tmp/v.npy") } == 1)
    driver.send(.notOpened(.array("/tmp/v.npy"), "/tmp/v.npy: no such file"))
    #expect(driver.text.contains("/tmp/v.npy: no such file"))
    driver.attention = { _ in .now }
    driver.send(.begun)
    driver.explorer.play(try! Script("left /tmp/v.npy\nwait\nexpect r × v.npy", name: "s"))
    driver.send(.tick(seconds: 0.1))
    #expect(asked(driver) { $0 == .openArray(path: "/tmp/v.npy") } == 2)
    #expect(driver.explorer.failedExpectations.isEmpty && !driver.explorer.isPlaying)
    // A section of radius 8: what World says of given directions.
    #expect(driver.text.contains("+0.125"))
  }

  @Test(
    "Transfer opens its models once it is started, goes on by itself, and opens anew what was written anew")
  func transfer() {
    var driver = Driver.ready()
    driver.attention = { if case .openOther = $0 { .late } else { .now } }
    driver.type("6s")
    #expect(!driver.text.contains("label maps agree"))
    driver.attention = { _ in .now }
    driver.answerLate()
    driver.send(.tick(seconds: 0.1))
    #expect(driver.text.contains("label maps agree"))
    driver.send(.modelAppeared(World.library[1], isWatched: false))
    #expect(!driver.text.contains("label maps agree"))
    driver.type("s")
    driver.send(.tick(seconds: 0.1))
    #expect(asked(driver, opensOther) == 2 && driver.text.contains("label maps agree"))
  }

  @Test("A pause on a script's last line is waited for")
  func pause() throws {
    var driver = Driver.ready()
    driver.send(.begun)
    driver.explorer.play(try Script("show section\npause 1", name: "s"))
    driver.send(.tick(seconds: 0.1))
    #expect(driver.explorer.isPlaying)
    driver.send(.tick(seconds: 0.5))
    #expect(driver.explorer.isPlaying)
    driver.send(.tick(seconds: 0.6))
    #expect(!driver.explorer.isPlaying)
  }
}
