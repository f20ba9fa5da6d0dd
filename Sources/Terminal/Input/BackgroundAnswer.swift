import Drawing

/// What a terminal answers to `ESC ] 11 ; ?`: `11;rgb:RRRR/GGGG/BBBB`, one to four digits a colour, then BEL or `ESC \\`.
struct BackgroundAnswer: Hashable, Sendable {
  enum Step { case more, done, foreign }

  private var bytes: [UInt8] = []
  private var isEnding = false

  private static let prefixes = ["11;rgb:", "11;rgba:"].map { Array($0.utf8) }
  private static let longest = 32

  /// The next byte behind `ESC ]`.
  mutating func take(_ byte: UInt8) -> Step {
    if isEnding { return byte == UInt8(ascii: "\\") ? .done : .foreign }
    switch byte {
    case 0x07: return .done
    case 0x1b: isEnding = true
    default:
      bytes.append(byte)
      return isPossible ? .more : .foreign
    }
    return .more
  }

  private var isPossible: Bool {
    guard bytes.count <= Self.longest else { return false }
    return Self.prefixes.contains { prefix in
      zip(prefix, bytes).allSatisfy(==)
        && bytes.dropFirst(prefix.count).allSatisfy {
          $0 == UInt8(ascii: "/") || Character(Unicode.Scalar($0)).isHexDigit
        }
    }
  }

  /// Light where the relative luminance is above a half; nil of an answer that is cut short.
  var background: Appearance.Background? {
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let parts = String(decoding: bytes[(colon + 1)...], as: UTF8.self).split(separator: "/")
    let shares = parts.compactMap { part in
      UInt64(part, radix: 16).map { Double($0) / Double((UInt64(1) << (4 * UInt64(part.count))) - 1) }
    }
    guard shares.count >= 3, parts.allSatisfy({ (1...4).contains($0.count) }) else { return nil }
    return 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2] > 0.5 ? .light : .dark
  }
}
