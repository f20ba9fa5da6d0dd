internal import CZlib

/// A text within a PNG file: an uncompressed `iTXt` chunk after the header (PNG specification, 11.3.4.5).
package enum PNGText {
  /// Signature and header chunk, which every PNG file begins with.
  private static let headerLength = 33

  package static func inserting(_ text: String, into file: [UInt8]) -> [UInt8] {
    guard file.count > headerLength, !text.isEmpty else { return file }
    // Keyword, end, no compression, no language, no translated keyword.
    let content = Array("Description".utf8) + [0, 0, 0, 0, 0] + Array(text.utf8)
    let typed = Array("iTXt".utf8) + content
    let chunk = bytes(UInt32(content.count)) + typed + bytes(checksum(typed))
    return Array(file[..<headerLength]) + chunk + Array(file[headerLength...])
  }

  private static func bytes(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// As PNG wants it: over a chunk's type and content.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32(0, bytes, UInt32(bytes.count)))
  }
}
