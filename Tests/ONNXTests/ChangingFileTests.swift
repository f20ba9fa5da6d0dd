internal import Foundation
internal import Networks
internal import ONNX
internal import Synchronization
internal import TestSupport
internal import Testing

/// Models that a trainer writes while they are read.
@Suite("Files that change")
struct ChangingFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func copy(_ name: String, as other: String) throws -> String {
    let path = "\(folder.path)/\(other)"
    try Fixtures.bytes(name).write(to: URL(filePath: path))
    return path
  }

  @Test("a model that is cut short, written over or replaced after it was opened is refused")
  func changedAfterOpening() throws {
    for change in ["cut", "write", "replace", "remove"] {
      let path = try copy("convnet", as: "m.onnx")
      let file = try ModelFile(path: path)
      usleep(20_000)
      switch change {
      case "cut": #expect(truncate(path, 100) == 0)
      case "write":
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.write(contentsOf: Data([1, 2, 3]))
        try handle.close()
      case "replace": #expect(rename(try copy("flat", as: "n.onnx"), path) == 0)
      default: #expect(unlink(path) == 0)
      }
      let problem = file.inspection(profile: Profile()).problem
      #expect(problem?.contains("it changed while it was being read") == true, "\(change): \(problem ?? "")")
    }
  }

  @Test("a model that is written anew all the time opens whole or is refused; nothing is read of both")
  func rewritten() throws {
    let path = try copy("convnet", as: "m.onnx")
    let (a, b) = (try Fixtures.bytes("convnet"), try Fixtures.bytes("flat"))
    let digests = Set(
      try ["convnet", "flat"].map { name in
        try openClassifier(path: try copy(name, as: "\(name)-own.onnx"), options: Profile(crop: 8)).digest
      })
    let isOver = Mutex(false)
    let writer = Thread {
      var turn = 0
      while !isOver.withLock({ $0 }) {
        turn += 1
        let handle = FileHandle(forWritingAtPath: path)
        try? handle?.truncate(atOffset: 0)
        let bytes = turn % 2 == 0 ? a : b
        try? handle?.write(contentsOf: bytes.prefix(bytes.count / 2))
        try? handle?.write(contentsOf: bytes.suffix(bytes.count - bytes.count / 2))
        try? handle?.close()
        usleep(UInt32(turn % 7) * 1000)
      }
    }
    writer.start()
    defer { isOver.withLock { $0 = true } }
    for _ in 0..<200 {
      do {
        let digest = try openClassifier(path: path, options: Profile(crop: 8)).digest
        #expect(digests.contains(digest))
      } catch {
        #expect(error is ModelError)
      }
    }
  }
}
