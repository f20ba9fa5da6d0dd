import Drawing
import Foundation
import Testing

/// A lecture in one terminal, its audience in another.
@Suite("A lecture and its audience", .serialized)
struct MirrorScreenTests {
  private static func folder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "m-\(UInt32.random(in: 0 ... .max))")
      .path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return folder
  }

  @Test("The audience sees the picture at its own size, without the notes, until the lecture ends")
  func audience() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let environment = ["XDG_RUNTIME_DIR": folder, "HOME": folder, "XDG_CACHE_HOME": folder]
    let lecture = try PseudoTerminal(
      ["tour", "--notes", "--step", "1"], program: "boundaryscope", environment: environment,
      size: Size(rows: 40, columns: 120))
    try lecture.wait(for: "ten classes of small pictures")
    let audience = try PseudoTerminal(
      ["mirror"], program: "boundaryscope", environment: environment, size: Size(rows: 30, columns: 100))
    try audience.wait(for: "lenet-shapes")
    #expect(!audience.text.contains("ten classes of small pictures"))
    lecture.type("2")
    try audience.wait(for: "universal")
    lecture.type("qy")
    #expect(try lecture.waitForEnd() == 0)
    #expect(try audience.waitForEnd() == 0)
    #expect(audience.areModesRestored)
    #expect(!FileManager.default.fileExists(atPath: folder + "/boundaryscope-mirror"))
  }

  @Test("Without a lecture there is one sentence")
  func alone() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let terminal = try PseudoTerminal(
      ["mirror"], program: "boundaryscope", environment: ["XDG_RUNTIME_DIR": folder])
    #expect(try terminal.waitForEnd() == 69)
    #expect(terminal.text.contains("no lecture of yours is running on this machine"))
  }
}
