/// A text within a PNG file: an uncompressed `iTXt` chunk after the header (PNG specification, 11.3.4.5).
enum PNGText {
  /// Signature and header chunk, which every PNG file begins with.
  private static let headerLength = 33

  static func inserting(_ text: String, into file: [UInt8]) -> [UInt8] {
    guard file.count > headerLength else { return file }
    // Keyword, end, no compression, no language, no translated keyword.
    let content = Array("Description".utf8) + [0, 0, 0, 0, 0] + Array(text.utf8)
    let typed = Array("iTXt".utf8) + content
    let chunk = bytes(UInt32(content.count)) + typed + bytes(checksum(typed))
    return Array(file[..<headerLength]) + chunk + Array(file[headerLength...])
  }

  private static func bytes(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// CRC-32 of ISO 3309, as PNG wants it.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { c, _ in c & 1 == 1 ? 0xEDB8_8320 ^ c >> 1 : c >> 1 }
    }
  }
}
