import Drawing
import Foundation
import Testing

/// The explorer itself in a terminal, on the bundled model, while it computes.
@Suite(.serialized) struct ExplorerTests {
  /// A cache of its own, so that there is something to compute.
  private func explorer(
    _ arguments: [String] = [], script: String? = nil, environment: [String: String] = [:],
    size: Size = Size(rows: 24, columns: 80)
  ) throws -> PseudoTerminal {
    let cache = FileManager.default.temporaryDirectory.appending(path: "explorer-\(UUID().uuidString)").path
    return try PseudoTerminal(
      arguments, program: "boundaryscope", script: script,
      environment: environment.merging(["XDG_CACHE_HOME": cache, "HOME": cache]) { $1 }, size: size)
  }

  /// Open, with its images, and at work on a spectrum.
  private func computing(_ terminal: PseudoTerminal) throws {
    try terminal.wait(for: "spiral")
    terminal.type("3")
    try terminal.wait(for: "eigenvalues")
    terminal.type("\r")
    try terminal.wait(for: "Lanczos step")
  }

  struct Ending: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var keys = ""
    var signal: Int32 = 0
    let status: Int32
  }

  static let endings = [
    Ending(testDescription: "the key q, confirmed", keys: "qy", status: 0),
    Ending(testDescription: "control and C", keys: "\u{3}", status: 130),
    Ending(testDescription: "SIGINT", signal: SIGINT, status: 130),
    Ending(testDescription: "SIGTERM", signal: SIGTERM, status: 143),
    Ending(testDescription: "SIGHUP while the terminal is there", signal: SIGHUP, status: 129),
    Ending(testDescription: "SIGQUIT", signal: SIGQUIT, status: 131),
    Ending(testDescription: "a trap on the main thread", signal: SIGILL, status: 132),
    Ending(testDescription: "a fault on the main thread", signal: SIGSEGV, status: 139),
  ]

  @Test("The terminal is restored", arguments: endings)
  func restored(ending: Ending) throws {
    let terminal = try explorer()
    try computing(terminal)
    #expect(!terminal.areModesRestored)
    if ending.signal != 0 { terminal.signal(ending.signal) } else { terminal.type(ending.keys) }
    #expect(try terminal.waitForEnd() == ending.status)
    #expect(PrivateModes(after: terminal.output).areOrdinary)
    #expect(terminal.areModesRestored)
  }

  @Test("A recorded session says what it began with, and plays to the same screen")
  func recorded() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).session").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let terminal = try explorer(["--record", file, "--seed", "4", "smooth-shapes"])
    try terminal.wait(for: "spiral")
    terminal.type("8")
    try terminal.wait(for: "selected")
    terminal.type("qy")
    #expect(try terminal.waitForEnd() == 0)
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
    // Commands that find the same numbers are comments, as many as jobs have ended.
    let begin = ["size 80x24", "model smooth-shapes", "images shapes", "seed 4"]
    #expect(
      lines.dropFirst().filter { $0 != "wait" && !$0.hasPrefix("#") } == begin + ["key 8", "key q", "key y"])
    let replay = try explorer(["--play", file])
    #expect(try replay.waitForEnd() == 0)
    #expect(replay.text.contains("smooth-shapes") && replay.text.contains("selected"))
  }

  @Test("A trap on a thread of the engine restores the terminal")
  func engineTrap() throws {
    let terminal = try explorer()
    try computing(terminal)
    let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(terminal.process)/task")
    let worker = try #require(threads.compactMap { pid_t($0) }.max())
    #expect(worker != terminal.process, "the engine has threads of its own")
    // Glibc's header hides tgkill from Swift.
    typealias ThreadKill = @convention(c) (pid_t, pid_t, Int32) -> Int32
    let symbol = try #require(dlsym(nil, "tgkill"))
    #expect(unsafeBitCast(symbol, to: ThreadKill.self)(terminal.process, worker, SIGILL) == 0)
    #expect(try terminal.waitForEnd() == 132)
    #expect(PrivateModes(after: terminal.output).areOrdinary)
    #expect(terminal.areModesRestored)
  }

  @Test("A dropped connection ends it at once")
  func droppedConnection() throws {
    let terminal = try explorer()
    try computing(terminal)
    terminal.hangUp()
    #expect(try terminal.waitForEnd() == 129)
  }

  @Test("It follows the window from 200×60 down to 20×6 and back")
  func resize() throws {
    let terminal = try explorer(size: Size(rows: 60, columns: 200))
    try computing(terminal)
    for (rows, columns) in [(24, 80), (6, 20), (1, 1), (60, 200)] {
      terminal.resize(Size(rows: rows, columns: columns))
      while terminal.takeOutput(waiting: 150) {}
    }
    let start = terminal.output.count
    terminal.type("1")
    try terminal.wait(for: "sets of images", after: start)
    terminal.type("q")
    terminal.type("y")
    #expect(try terminal.waitForEnd() == 0)
    #expect(terminal.areModesRestored)
  }

  @Test("^Z gives the terminal to the shell and fg takes it back")
  func stopAndContinue() throws {
    let terminal = try explorer(script: "\"$@\"; echo IN-THE-SHELL; read line; fg")
    try terminal.wait(for: "spiral")
    terminal.type([0x1a])
    try terminal.wait(for: "IN-THE-SHELL")
    #expect(PrivateModes(after: terminal.output).areOrdinary)
    #expect(terminal.areModesRestored)
    let stopped = terminal.output.count
    terminal.type("\n")
    try terminal.wait(for: "Boundaryscope", after: stopped)
    terminal.signal(SIGHUP)
  }

  @Test("A terminal that cannot place text is refused in one sentence", arguments: ["dumb", ""])
  func refused(term: String) throws {
    let terminal = try explorer(environment: ["TERM": term])
    #expect(try terminal.waitForEnd() == 69)
    #expect(terminal.text.hasPrefix("boundaryscope: "))
    #expect(terminal.text.split(whereSeparator: \.isNewline).count == 1)
    #expect(terminal.areModesRestored)
  }

  @Test("An unknown terminal type works", arguments: ["nonsense", "vt100", "linux", "xterm"])
  func unknown(term: String) throws {
    let terminal = try explorer(environment: ["TERM": term])
    try terminal.wait(for: "lenet-shapes")
    terminal.type("q")
    terminal.type("y")
    #expect(try terminal.waitForEnd() == 0)
    #expect(terminal.areModesRestored)
  }
}
