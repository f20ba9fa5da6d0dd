import Foundation
import Testing

/// Text of strangers on its way to a terminal, and streams that take nothing.
@Suite("Hostile text")
struct HostileTextTests {
  let program: Program

  /// A title of the window, a bell, an 8-bit control, a turn of direction, nothing wide, and a line of its own.
  private static let name = "\u{1B}]0;owned\u{7}a\u{9B}31m\u{202E}b\u{200B}c\nd"

  init() throws { program = try Program() }

  /// The bundled model beside a profile with hostile class names.
  private func model() throws -> String {
    let bundled = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Assets/models/lenet-shapes.onnx")
    let path = try program.file("net.onnx", try Data(contentsOf: bundled))
    let profile = ["classes": (0..<10).map { "\(Self.name)\($0)" }]
    try program.file("net.json", try JSONEncoder().encode(profile))
    return path
  }

  private func isClean(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control: scalar == "\n"
      case .format, .lineSeparator, .paragraphSeparator: false
      default: true
      }
    }
  }

  @Test("class names reach standard output without what a terminal obeys, one image a line")
  func classNames() throws {
    let model = try model()
    for command in ["predict", "perturb"] {
      let ending = try program.run("\(command) --images shapes --range 0..3 --quiet", [model])
      #expect(ending.status == 0, "\(ending.errors)")
      #expect(isClean(ending.text), "\(ending.text.debugDescription)")
      #expect(ending.text.contains("\u{FFFD}"))
      #expect(ending.text.split(separator: "\n").count { $0.contains(#/^[0-2]  /#) } == 3)
    }
  }

  @Test("JSON says the same names, with escapes for what a terminal obeys")
  func json() throws {
    let ending = try program.run("predict --images shapes --range 0..3 --json", [try model()])
    #expect(isClean(ending.text), "\(ending.text.debugDescription)")
    let document = try #require(try ending.document() as? [String: Any])
    let predictions = try #require(document["predictions"] as? [[String: Any]])
    #expect(predictions.allSatisfy { ($0["name"] as? String)?.hasPrefix(Self.name) == true })
  }

  @Test("a refusal is one clean line of at most 300 characters, without passwords")
  func sentences() throws {
    let long = String(repeating: "x", count: 5000)
    for words in [
      ["predict", "\u{1B}[31m\(long)\n.onnx", "--images", "shapes"], ["predict", long, "--images", "shapes"],
      ["predict", "lenet-shapes", "--images", "\u{202E}\(long)"],
      ["predict", "lenet-shapes", "--scale", long],
      ["data", "install", "cifar10", "--from", "https://user:secret@example.invalid/\u{7}"],
    ] {
      let ending = try program.run("", words)
      #expect(ending.status != 0 && ending.complainsOnce, "\(ending.errors.debugDescription)")
      #expect(isClean(ending.errors), "\(ending.errors.debugDescription)")
      #expect(ending.errors.count <= "boundaryscope: \n".count + 300)
      #expect(!ending.errors.contains("secret"))
    }
  }

  @Test("a standard error that takes nothing changes no status")
  func deadErrors() throws {
    let child = try Child(
      ["predict", "none.onnx", "--images", "shapes"], program.settings(), output: "/dev/null",
      errors: "/dev/full")
    #expect(try child.status(within: 60) == 66)
  }
}
