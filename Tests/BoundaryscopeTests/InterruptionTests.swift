import Foundation
import Glibc
import Testing

/// Ctrl-C while a command works.
@Suite("Interruption")
struct InterruptionTests {
  let program: Program

  init() throws { program = try Program() }

  private static let command =
    "curvature lenet-shapes --images shapes --range 0..20 --step 1 --eigenvectors 3 --iterations 30 --json"

  /// Starts the command with its progress on a terminal and interrupts it there once `phase` is shown.
  private func interrupt(
    _ command: String, in phase: String, cache: String
  ) throws -> (status: Int32, output: Data, errors: String) {
    let terminal = try ErrorTerminal()
    let output = program.path("interrupted.out")
    let child = try Child(
      command.split(separator: " ").map(String.init), program.settings(["XDG_CACHE_HOME": cache]),
      output: output, errors: terminal.path)
    try terminal.wait(for: phase)
    child.signal(SIGINT)
    let status = try child.status(within: 60)
    terminal.takeRest()
    return (status, try Data(contentsOf: URL(filePath: output)), terminal.text)
  }

  @Test("ends with status 130 and one line, and the same command goes on to the same bytes")
  func resumption() throws {
    let cache = program.path("interrupted-cache")
    let interrupted = try interrupt(Self.command, in: "operator products", cache: cache)
    #expect(interrupted.status == 130)
    #expect(interrupted.output.isEmpty)
    let last = try #require(interrupted.errors.components(separatedBy: "\u{1B}[K").last)
    #expect(
      last
        == "boundaryscope: interrupted; finished work is kept, and the same command resumes there\r\n"
    )
    let resumed = try program.run(Self.command, environment: ["XDG_CACHE_HOME": cache])
    let whole = try program.run("\(Self.command) --no-cache")
    #expect(resumed.status == 0 && resumed.errors.isEmpty, "\(resumed.errors)")
    #expect(resumed.output == whole.output)
  }

  @Test("says that nothing is kept where that was asked for")
  func withoutCache() throws {
    let ending = try interrupt(
      "\(Self.command) --no-cache", in: "operator products", cache: program.path("cache"))
    #expect(ending.status == 130)
    #expect(
      ending.errors.hasSuffix(
        "boundaryscope: interrupted; nothing is kept, so the same command starts over\r\n"))
    #expect(!FileManager.default.fileExists(atPath: program.path("cache")))
  }
}
