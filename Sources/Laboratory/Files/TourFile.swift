package import Explorer
internal import Files
package import Foundation

/// Tours as files: the bundled one, a teacher's own, and how far each was followed.
package enum TourFile {
  /// Reads a tour; nil is the bundled one.
  package static func open(_ path: String?, in assets: URL?) throws -> Script {
    guard let file = path ?? assets?.appending(path: "tours/boundary.tour").path else {
      throw Refusal(
        .noSuchFile, "the bundled tour was not found: pass --assets FOLDER, or the tour's own file")
    }
    let script = try ScriptFile.open(file)
    do {
      try script.checkTour()
    } catch {
      throw Refusal(.badData, "\(error)")
    }
    return script
  }

  /// The step at which a tour was left; 0 where nobody knows.
  package static func place(of tour: String) -> Int {
    guard let file, let text = try? String(contentsOf: file, encoding: .utf8) else { return 0 }
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "\t")
      if parts.count == 2, parts[0] == tour { return Int(parts[1]) ?? 0 }
    }
    return 0
  }

  /// Remembers a place; a folder that cannot be written costs no more than the memory.
  package static func keep(step: Int, of tour: String) {
    guard let file, !tour.contains(where: { $0.isNewline || $0 == "\t" }) else { return }
    let before = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    let others = before.split(separator: "\n").filter { !$0.hasPrefix(tour + "\t") }.suffix(100)
    try? FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    let lines = others.map(String.init) + (step > 0 ? ["\(tour)\t\(step)"] : [])
    try? Data((lines.map { $0 + "\n" }.joined()).utf8).write(to: file, options: .atomic)
  }

  private static var file: URL? { UserFolder.state.path().map { URL(filePath: $0 + "/tours") } }
}

/// Scripts as files.
package enum ScriptFile {
  /// In bytes.
  private static let largest = 1 << 26

  package static func open(_ path: String) throws -> Script {
    let data: [UInt8]
    do throws(FileProblem) {
      data = try RegularFile.contents(of: path, atMost: largest)
    } catch {
      throw Refusal(error == .missing ? .noSuchFile : .badData, "\(path): \(error)")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Refusal(.badData, "\(path): this is not UTF-8 text; a script has one instruction per line")
    }
    do {
      return try Script(text, name: path)
    } catch {
      throw Refusal(.badData, "\(error)")
    }
  }
}
