import Files
import Foundation
import TestSupport
import Testing

/// Files that others write while they are read.
@Suite("Regular files")
struct RegularFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ bytes: [UInt8], _ name: String = "a") throws -> String {
    let path = "\(folder.path)/\(name)"
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  @Test("parts are read as they lie there")
  func parts() throws {
    let path = try file((0..<200).map { UInt8($0) })
    let file = try RegularFile(path)
    #expect(file.size == 200)
    #expect(try file.read(3..<6) == [3, 4, 5])
    #expect(try file.read(200..<200).isEmpty)
    #expect(throws: FileProblem.unreadable("it ends too early")) { try file.read(199..<201) }
    var all: [UInt8] = []
    try file.forEachPiece { all += $0 }
    #expect(all == (0..<200).map { UInt8($0) })
    try file.checkCurrent()
  }

  @Test("whatever is done to the file itself, reading it says so")
  func changed() throws {
    let changes: [(String, (FileHandle) throws -> Void)] = [
      ("cut short", { try $0.truncate(atOffset: 10) }),
      ("emptied", { try $0.truncate(atOffset: 0) }),
      (
        "made longer",
        { handle in
          try handle.seekToEnd()
          try handle.write(contentsOf: Data([1]))
        }
      ),
      ("written over", { try $0.write(contentsOf: Data([9, 9, 9])) }),
    ]
    for (what, change) in changes {
      let path = try file([UInt8](repeating: 7, count: 5000))
      let file = try RegularFile(path)
      _ = try file.read(0..<100)
      // Longer than the clock of a file system stands still.
      usleep(20_000)
      let handle = try #require(FileHandle(forUpdatingAtPath: path))
      try change(handle)
      try handle.close()
      #expect(throws: FileProblem.changed, "\(what)") { try file.read(0..<5000) }
      #expect(throws: FileProblem.changed, "\(what)") { try file.checkUnchanged() }
    }
  }

  @Test("a file that loses its name to another is read to its end, and known not to be the current one")
  func replaced() throws {
    let path = try file([1, 2, 3])
    let old = try RegularFile(path)
    let other = try file([4, 5, 6], "b")
    #expect(rename(other, path) == 0)
    #expect(try old.read(0..<3) == [1, 2, 3])
    #expect(throws: FileProblem.changed) { try old.checkCurrent() }
    #expect(unlink(path) == 0)
    #expect(try old.read(0..<3) == [1, 2, 3])
    #expect(throws: FileProblem.changed) { try old.checkCurrent() }
  }

  @Test("nothing but a regular file is opened, and nobody waits for a pipe")
  func kinds() throws {
    let pipe = "\(folder.path)/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    symlink(pipe, "\(folder.path)/link")
    for path in [pipe, "\(folder.path)/link", "/dev/zero", "/dev/null"] {
      #expect(throws: FileProblem.unreadable("it is not a regular file")) { try RegularFile(path) }
    }
    #expect(throws: FileProblem.unreadable("it is a folder")) { try RegularFile(folder.path) }
    #expect(throws: FileProblem.missing) { try RegularFile("\(folder.path)/none") }
    #expect(throws: FileProblem.missing) { try RegularFile("\(try file([1]))/below") }
  }

  @Test("contents have a limit")
  func limit() throws {
    let path = try file([1, 2, 3])
    #expect(try RegularFile.contents(of: path, atMost: 3) == [1, 2, 3])
    #expect(throws: FileProblem.tooLarge(limit: 2)) { try RegularFile.contents(of: path, atMost: 2) }
  }
}
