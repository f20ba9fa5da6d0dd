import Foundation
import Testing

/// Session files played without a screen give the same again.
@Suite("Sessions")
struct SessionTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden/sessions")

  /// What is compared: everything but where the files went.
  private struct Report: Codable, Equatable {
    var screen: [String]
    var problems: [String]
    var failedExpectations: [String]
  }

  @Test("A session ends on the screen that was recorded", arguments: ["compare"])
  func golden(name: String) throws {
    let program = try Program()
    let file = Self.folder.appending(path: "\(name).session").path
    let ending = try program.run("explore --batch --json", ["--play", file, "--output", program.path("out")])
    #expect(ending.status == 0, "\(ending.errors)")
    let report = try JSONDecoder().decode(Report.self, from: ending.output)
    let golden = Self.folder.appending(path: "\(name).json")
    if ProcessInfo.processInfo.environment["BOUNDARYSCOPE_RECORD"] != nil {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try encoder.encode(report).write(to: golden)
    }
    #expect(report == (try JSONDecoder().decode(Report.self, from: Data(contentsOf: golden))))
    let written = try FileManager.default.contentsOfDirectory(atPath: program.path("out"))
    for kind in ["png", "svg", "txt", "json"] { #expect(written.contains { $0.hasSuffix(".\(kind)") }) }
  }

  @Test("The same session gives the same bytes twice, from the cache too")
  func repeated() throws {
    let program = try Program()
    let file = Self.folder.appending(path: "compare.session").path
    let documents = try (0..<2).map { i in
      try program.run("explore --batch --json", ["--play", file, "--output", program.path("out\(i)")])
    }
    let screens = try documents.map { try JSONDecoder().decode(Report.self, from: $0.output) }
    #expect(screens[0] == screens[1])
    for name in try FileManager.default.contentsOfDirectory(atPath: program.path("out0"))
    where !name.hasSuffix(".json") {
      let files = (0..<2).map { FileManager.default.contents(atPath: program.path("out\($0)/\(name)")) }
      #expect(files[0] == files[1], "\(name)")
    }
  }

  /// How a batch session of these lines ends, with folders and files as a test makes them.
  private func played(_ lines: [String], _ program: Program, output: String) throws -> Program.Ending {
    let script = try program.file("own.session", Data((lines.joined(separator: "\n") + "\n").utf8))
    return try program.run("explore --batch --json --no-cache", ["--play", script, "--output", output])
  }

  @Test("What a session could not do is its status, and is said")
  func problems() throws {
    let program = try Program()
    let broken = try program.file("broken.onnx", Data("no model".utf8))
    for (line, status) in [
      ("model nowhere.onnx", 66), ("model \(broken)", 65), ("images /nonexistent", 66),
      ("compare nowhere", 66),
    ] as [(String, Int32)] {
      let ending = try played(
        ["model lenet-shapes", "images shapes", "wait", line, "wait"], program, output: program.path("out"))
      #expect(ending.status == status, "\(line): \(ending.errors)")
      #expect(ending.complainsOnce, "\(line): \(ending.errors)")
      #expect(try JSONDecoder().decode(Report.self, from: ending.output).problems.count == 1)
    }
  }
}
