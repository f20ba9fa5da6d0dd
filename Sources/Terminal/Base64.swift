/// Bytes as the letters that clipboards take them in (RFC 4648, section 4).
enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: 3).flatMap { i -> [UInt8] in
      let three = bytes[i..<min(bytes.count, i + 3)]
      let value = three.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
      return (0..<4).map { $0 <= three.count ? letters[value >> (18 - 6 * $0) & 63] : UInt8(ascii: "=") }
    }
  }
}
