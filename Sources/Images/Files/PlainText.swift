/// Text in a file: UTF-8 or UTF-16 with a byte order mark, else UTF-8, what is none of it as Latin-1.
enum PlainText {
  static func decode(_ bytes: [UInt8]) -> String {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return String(decoding: bytes.dropFirst(3), as: UTF8.self) }
    if bytes.starts(with: [0xFF, 0xFE]) { return decode(bytes, high: 1) }
    if bytes.starts(with: [0xFE, 0xFF]) { return decode(bytes, high: 0) }
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  /// UTF-16 behind its mark; byte `high` of a unit is its high one.
  private static func decode(_ bytes: [UInt8], high: Int) -> String {
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { (i: Int) -> UInt16 in
      UInt16(bytes[i + high]) << 8 | UInt16(bytes[i + 1 - high])
    }
    return String(decoding: units, as: UTF16.self)
  }
}
