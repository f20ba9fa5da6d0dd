import Foundation
import Glibc
import TestSupport
import Testing

/// The program as scripts run it, in a folder of its own with a cache of its own; both go with this value.
final class Program {
  /// How a run ended, and what it wrote.
  struct Ending {
    let status: Int32
    let output: Data
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }

    /// The one document on standard output.
    func document() throws -> Any { try JSONSerialization.jsonObject(with: output) }

    /// Whether standard error holds one sentence of the program and nothing else.
    var complainsOnce: Bool { errors.hasPrefix("boundaryscope: ") && errors.filter { $0 == "\n" }.count == 1 }
  }

  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "boundaryscope-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A path in the folder.
  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Writes a file into the folder.
  @discardableResult
  func file(_ name: String, _ bytes: Data) throws -> String {
    try bytes.write(to: URL(filePath: path(name)))
    return path(name)
  }

  /// Seconds after which a run counts as one that never ends: many times what one takes that has the cores to itself.
  private static let longest = 300

  /// Runs to the end; words are parted by spaces, so paths with spaces go in `more`, and `output` stands in for the
  /// file that takes standard output.
  func run(
    _ words: String, _ more: [String] = [], environment: [String: String] = [:], output: String? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) throws -> Ending {
    let name = UUID().uuidString
    let (kept, errors) = (path("\(name).out"), path("\(name).err"))
    let arguments = words.split(separator: " ").map(String.init) + more
    let process = try Child(arguments, settings(environment), output: output ?? kept, errors: errors)
    let status = try process.status(within: Self.longest, location)
    return Ending(
      status: status, output: output == nil ? try Data(contentsOf: URL(filePath: kept)) : Data(),
      errors: String(decoding: try Data(contentsOf: URL(filePath: errors)), as: UTF8.self))
  }

  /// What a run sees of its surroundings: nothing of this process's own settings.
  func settings(_ more: [String: String] = [:]) -> [String: String] {
    let own = [
      "PATH": "/usr/bin:/bin", "HOME": folder, "XDG_CACHE_HOME": path("cache"), "LANG": "C.UTF-8",
      "TERM": "xterm",
    ]
    return own.merging(sanitizerSettings) { $1 }.merging(more) { $1 }
  }
}
