import Foundation
import Tensors
import Testing

/// The manual pages, and what completes words in a shell.
@Suite("Manual")
struct ManualTests {
  let program: Program

  init() throws { program = try Program() }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Assets/man")

  @Test("The pages are of the commands as they are; Assets/man/make makes them anew")
  func current() throws {
    let description = try program.run("--experimental-dump-help").output
    var digest = Digest()
    digest.update(Array(description))
    let kept = try String(contentsOf: Self.folder.appending(path: "help.sha256"), encoding: .utf8)
    #expect(digest.hexadecimal == kept.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  @Test("Every command has a page, and pages speak of pages that are there")
  func pages() throws {
    func page(_ name: String) -> URL { Self.folder.appending(path: "\(name).1") }
    for command in UsageTests.commands + UsageTests.others {
      #expect(FileManager.default.fileExists(atPath: page("boundaryscope-\(command)").path), "\(command)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
      $0.hasSuffix(".1")
    }
    #expect(names.count > 35)
    for name in names {
      let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
      for other in text.matches(of: /(?m)^\.Xr ([a-z-]+) 1/).map({ String($0.output.1) }) {
        #expect(FileManager.default.fileExists(atPath: page(other).path), "\(name): \(other)")
      }
    }
  }

  @Test("Shells get a script that completes words", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let ending = try program.run("--generate-completion-script \(shell)")
    #expect(ending.status == 0 && ending.errors.isEmpty)
    #expect(ending.text.contains("section") && ending.text.contains("boundaryscope"))
  }
}
