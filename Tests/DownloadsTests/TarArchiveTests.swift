import Foundation
import Tensors
import Testing

@testable import Downloads

/// Archives as they come, whole and damaged.
@Suite("Tar archives")
struct TarArchiveTests {
  private func unpack(_ bytes: [UInt8], _ wanted: Set<String>, in packed: PackedSet) throws -> Set<String> {
    let path = packed.folder.appending(path: "given").path
    try Data(bytes).write(to: URL(filePath: path))
    return try TarArchive(path: path).unpack(wanted, into: packed.folder.path, Interruption())
  }

  @Test("The wanted members are written, whatever folder they stand in, and no others")
  func members() throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    let found = try unpack(packed.archive, ["test_batch.bin", "absent.bin"], in: packed)
    #expect(found == ["test_batch.bin"])
    let written = try Data(contentsOf: packed.folder.appending(path: "test_batch.bin"))
    #expect([UInt8](written) == PackedSet.records[2])
    #expect(!FileManager.default.fileExists(atPath: packed.folder.appending(path: "readme.html").path))
  }

  @Test("What is cut, changed or no archive is told as such", arguments: ["cut", "changed", "other"])
  func damage(kind: String) throws {
    let packed = try PackedSet()
    defer { packed.remove() }
    var bytes = packed.archive
    switch kind {
    case "cut": bytes.removeLast(bytes.count / 2)
    case "changed": for i in 40..<60 { bytes[i] ^= 0x55 }
    default: bytes = Array("this is no archive, only some text that goes on for a while".utf8)
    }
    let error = #expect(throws: DownloadError.self) {
      _ = try unpack(bytes, ["test_batch.bin", "data_batch_1.bin", "data_batch_2.bin"], in: packed)
    }
    guard case .damagedArchive? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
