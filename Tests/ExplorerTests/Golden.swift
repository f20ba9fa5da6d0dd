import Drawing
import Foundation
import TestSupport
import Testing

/// Compares canvases with the text files of the folder Golden; BOUNDARYSCOPE_RECORD=1 writes them anew.
enum Golden {
  static func expect(_ canvas: Canvas, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).txt")
    let dump = CanvasDump.dump(canvas)
    if ProcessInfo.processInfo.environment["BOUNDARYSCOPE_RECORD"] == "1" {
      if (try? Data(dump.utf8).write(to: file)) == nil { Issue.record("cannot write \(file.path)") }
      return
    }
    let wanted = try? String(contentsOf: file, encoding: .utf8)
    #expect(dump == wanted, "\(name) differs from \(file.path)", sourceLocation: sourceLocation)
  }
}
