import Drawing
import Explorer
import Testing

/// Scripts: reading them, what is wrong with them, playing them, and tours.
@Suite("Scripts")
struct ScriptTests {
  @Test(
    "What is wrong is said with its line",
    arguments: [
      ("key Enter\nfly away", "s:2: 'fly' is not an instruction"),
      ("\n# note\nkey Foo", "s:3: 'Foo' is not a key"),
      ("show nothing", "s:1: no screen is called 'nothing'"), ("do jump", "s:1: no action is called 'jump'"),
      ("xi -3", "s:1: 'xi -3' cannot be read"), ("image", "s:1: 'image ' cannot be read"),
      ("  goes on", "s:1: an indented line"), ("size 0x9", "s:1: 'size 0x9' cannot be read"),
      ("save a/b", "s:1: 'save a/b' cannot be read"), ("left east", "s:1: 'left east' cannot be read"),
    ])
  func errors(text: String, message: String) {
    let error = #expect(throws: ScriptError.self) { try Script(text, name: "s") }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }

  @Test(
    "Each input comes back from its line",
    arguments: [
      Input.key(.character("a")), .key(.character(" ")), .key(.control("l")), .key(.pageDown),
      .key(.function(5)),
      .key(.character("#")), .mouse(Mouse(.wheelUp, button: .none, row: 3, column: 70)),
      .paste(" two\nlines\\ "), .resized(Size(rows: 40, columns: 120)),
    ])
  func inverse(input: Input) throws {
    let line = try #require(Instruction.line(for: input))
    let instruction = try #require(try Script(line, name: "s").lines.first).instruction
    if case .key(let key) = input {
      #expect(instruction == .keys([key]))
    } else {
      #expect(instruction == .input(input))
    }
  }

  @Test("A script does what the keys would do, and waits for the work") func play() throws {
    var driver = Driver.ready(finishes: false)
    driver.send(.begun)
    let script = try Script(
      "show section\nimage 3\nxi 2\nleft sc 1\nwait\nexpect r × S_c 1\nexpect no such words\nsave picture",
      name: "s")
    driver.explorer.play(script)
    driver.send(.tick(seconds: 0.1))
    #expect(driver.explorer.isPlaying)
    driver.finish()
    #expect(!driver.explorer.isPlaying && driver.explorer.isSettled)
    #expect(driver.text.contains("ξ 2.00"))
    #expect(driver.explorer.failedExpectations.map(\.line) == [7])
    let saved = driver.commands.contains {
      if case .export(let e) = $0 { e.name == "picture" } else { false }
    }
    #expect(saved)
  }

  @Test("A tour goes on, back and to its end") func tour() {
    var driver = Driver.ready()
    driver.begin(tour: "step One\nsay First words.\nshow section\nstep Two\nsay Second words.\nshow fooling")
    #expect(driver.text.contains("1 of 2: One") && driver.text.contains("First words."))
    #expect(driver.text.contains("r × universal"))
    driver.type(" ")
    #expect(driver.text.contains("Second words.") && driver.text.contains("fooling rate of draws"))
    driver.press(.backspace)
    #expect(driver.text.contains("First words.") && driver.text.contains("r × universal"))
    driver.type("  ")
    #expect(!driver.text.contains("Second words."))
    #expect(driver.commands.contains(.keepPlace(tour: "test.tour", step: 1)))
    #expect(driver.commands.last == .keepPlace(tour: "test.tour", step: 0))
  }

  @Test(
    "A tour without steps or words is refused",
    arguments: [
      ("show pick", "s:1: a tour needs steps"), ("say Hello\nstep One\nsay x", "s:1: nothing may precede"),
      ("step One\nshow pick\nstep Two\nsay x", "s:1: this step says nothing"),
    ])
  func brokenTour(text: String, message: String) throws {
    let script = try Script(text, name: "s")
    let error = #expect(throws: ScriptError.self) { try script.checkTour() }
    #expect(error?.description.hasPrefix(message) == true)
  }

  @Test("Chosen keys win, and what had them loses them") func keys() throws {
    var keys = KeyMap()
    try keys.bind("export", to: "x F5")
    try keys.bind("toggle-mouse", to: "none")
    #expect(keys.keys(of: "toggle-mouse") == "")
    #expect(throws: KeyMapError.self) { try keys.bind("jump", to: "x") }
    #expect(throws: KeyMapError.self) { try keys.bind("export", to: "Foo") }
    var driver = Driver(
      Size(rows: 40, columns: 120), Appearance(colors: .direct, glyphs: .blocks), keys: keys)
    driver.open()
    driver.type("2x")
    let exports = driver.commands.count { if case .export = $0 { true } else { false } }
    #expect(exports == 1)
    #expect(!driver.text.contains("cursor at s +0.00, t +0.00"), "x no longer moves the cursor")
  }

  @Test("Search finds what any screen explains") func search() {
    var driver = Driver.ready()
    driver.type("2/wilson")
    #expect(driver.text.contains("search: wilson") && driver.text.contains("interval"))
    driver.press(.escape)
    #expect(!driver.text.contains("search: wilson"))
  }
}
