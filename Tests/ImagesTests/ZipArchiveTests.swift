import Foundation
import Testing

@testable import Images

/// Archives that Python's `zipfile` wrote.
@Suite("Zip archives")
struct ZipArchiveTests {
  /// `stored.bin` (0, 1, …, 199), `packed.bin` (i mod 7, 5,000 bytes, deflated), `wide.bin` ("zip64", with 64-bit sizes),
  /// `folder/ü.txt` ("words", bzip2).
  private static let archive = [UInt8](Data(base64Encoded: text)!)
  private static let text =
    "UEsDBBQAAAAAAAAAIVCAYQjtyAAAAMgAAAAKAAAAc3RvcmVkLmJpbgABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEi"
    + "IyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj9AQUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVpbXF1eX2BhYmNkZWZnaGlqa2xt"
    + "bm9wcXJzdHV2d3h5ent8fX5/gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp+goaKjpKWmp6ipqqusra6vsLGys7S1tre4"
    + "ubq7vL2+v8DBwsPExcbHUEsDBBQAAAAIAAAAIVDKxF/6HgAAAIgTAAAKAAAAcGFja2VkLmJpbu3FsQEAMAQAMLT8f7IrbMmSyHq/"
    + "JyRJkiRJkiTdtVBLAwQtAAAAAAAAACFQaro3z///////////CAAUAHdpZGUuYmluAQAQAAUAAAAAAAAABQAAAAAAAAB6aXA2NFBL"
    + "AwQuAAAIDAAAACFQjB59cSoAAAAFAAAADQAAAGZvbGRlci/DvC50eHRCWmg5MUFZJlNZgdCz7AAAAgGABACYgCAAIYaBmguDcXck"
    + "U4UJCB0LPsBQSwECFAMUAAAAAAAAACFQgGEI7cgAAADIAAAACgAAAAAAAAAAAAAAgAEAAAAAc3RvcmVkLmJpblBLAQIUAxQAAAAI"
    + "AAAAIVDKxF/6HgAAAIgTAAAKAAAAAAAAAAAAAACAAfAAAABwYWNrZWQuYmluUEsBAi0DLQAAAAAAAAAhUGq6N88FAAAABQAAAAgA"
    + "AAAAAAAAAAAAAIABNgEAAHdpZGUuYmluUEsBAi4DLgAACAwAAAAhUIwefXEqAAAABQAAAA0AAAAAAAAAAAAAAIABdQEAAGZvbGRl"
    + "ci/DvC50eHRQSwUGAAAAAAQABADhAAAAygEAAAAA"

  private let folder = TemporaryFolder()

  private func open(_ bytes: [UInt8]) throws -> ZipArchive {
    try ZipArchive(try InputFile(try folder.file("\(UUID()).zip", bytes)))
  }

  private func read(_ name: String, _ range: Range<Int>? = nil, of bytes: [UInt8] = archive) throws -> [UInt8]
  {
    let archive = try open(bytes)
    let source = try archive.open(try #require(archive.entries.first { $0.name == name }))
    return try range.map { try source.read($0) } ?? source.readAll()
  }

  @Test("Entries are there by name and size, whatever packed them")
  func entries() throws {
    let archive = try open(Self.archive)
    #expect(archive.entries.map(\.name) == ["stored.bin", "packed.bin", "wide.bin", "folder/ü.txt"])
    #expect(archive.entries.map(\.size) == [200, 5000, 5, 5])
    #expect(try read("stored.bin") == (0..<200).map { UInt8($0) })
    #expect(try read("packed.bin") == (0..<5000).map { UInt8($0 % 7) })
    #expect(try read("wide.bin") == Array("zip64".utf8))
    #expect(try read("folder/ü.txt") == Array("words".utf8))
  }

  @Test("Parts are read in any order, by many at once", arguments: ["stored.bin", "packed.bin"])
  func parts(name: String) async throws {
    let archive = try open(Self.archive)
    let source = try archive.open(try #require(archive.entries.first { $0.name == name }))
    let whole = try source.readAll()
    await withTaskGroup(of: Bool.self) { group in
      for i in 0..<40 {
        let range = (199 - 4 * i) / 2..<(199 - 4 * i) / 2 + i + 1
        group.addTask { (try? source.read(range)) == Array(whole[range]) }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test("Damage is found where it lies, in a sentence that names the entry")
  func damage() throws {
    var flipped = Self.archive
    let place = try #require(flipped.indices.first { Array(flipped[$0...].prefix(4)) == [50, 51, 52, 53] })
    flipped[place] ^= 1
    #expect {
      try read("stored.bin", of: flipped)
    } throws: {
      "\($0)".contains(".zip:stored.bin is a damaged file in a zip archive: CRC error")
    }
    #expect(try read("stored.bin", 0..<50, of: flipped) == (0..<50).map { UInt8($0) })
    for count in [4, 40, Self.archive.count - 30, Self.archive.count - 1] {
      #expect {
        try open(Array(Self.archive.prefix(count)))
      } throws: {
        "\($0)".contains("is a damaged zip archive")
      }
    }
  }
}
