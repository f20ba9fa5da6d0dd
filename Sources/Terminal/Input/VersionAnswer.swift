/// What a terminal answers to `CSI > q`: `ESC P > |`, its name and version, and `ESC \` or BEL.
struct VersionAnswer: Hashable, Sendable {
  enum Step { case more, done, foreign }

  private static let prefix = Array(">|".utf8)
  private static let longest = 120

  private var bytes: [UInt8] = []
  private var isEnding = false

  /// The next byte behind `ESC P`.
  mutating func take(_ byte: UInt8) -> Step {
    if isEnding { return byte == UInt8(ascii: "\\") ? .done : .foreign }
    switch byte {
    case 0x07: return .done
    case 0x1b: isEnding = true
    default:
      bytes.append(byte)
      let isPossible =
        zip(Self.prefix, bytes).allSatisfy(==) && bytes.count <= Self.longest
        && (bytes.count <= Self.prefix.count || (0x20...0x7e).contains(byte))
      return isPossible ? .more : .foreign
    }
    return .more
  }

  /// Name and version; nil of an answer that is cut short.
  var name: String? {
    bytes.starts(with: Self.prefix) && bytes.count > 2
      ? String(decoding: bytes.dropFirst(2), as: UTF8.self) : nil
  }
}
