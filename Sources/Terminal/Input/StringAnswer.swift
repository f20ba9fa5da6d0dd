import Drawing

/// A string that a terminal answers to a question, as far as it has come; it ends with BEL or `ESC \\`.
struct StringAnswer: Hashable, Sendable {
  /// Which question it answers.
  enum Kind: Sendable {
    /// `ESC ] 11 ; ?`: `ESC ]` and `11;rgb:RRRR/GGGG/BBBB`, one to four digits a colour.
    case background
    /// `CSI > q`: `ESC P` and `>|`, name and version.
    case version
  }

  enum Step { case more, done, foreign }

  let kind: Kind
  private var bytes: [UInt8] = []
  private var isEnding = false

  init(_ kind: Kind) { self.kind = kind }

  /// The next byte behind the introducer.
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

  private var prefixes: [[UInt8]] {
    (kind == .background ? ["11;rgb:", "11;rgba:"] : [">|"]).map { Array($0.utf8) }
  }

  private var isPossible: Bool {
    bytes.count <= (kind == .background ? 32 : 120)
      && prefixes.contains { prefix in
        zip(prefix, bytes).allSatisfy(==) && bytes.dropFirst(prefix.count).allSatisfy(isOfContents)
      }
  }

  private func isOfContents(_ byte: UInt8) -> Bool {
    kind == .background
      ? byte == UInt8(ascii: "/") || Character(Unicode.Scalar(byte)).isHexDigit : (0x20...0x7e).contains(byte)
  }

  /// Light where the relative luminance is above a half; nil of an answer that is cut short.
  var background: Appearance.Background? {
    guard kind == .background, let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let parts = String(decoding: bytes[(colon + 1)...], as: UTF8.self).split(separator: "/")
    let shares = parts.compactMap { part in
      UInt64(part, radix: 16).map { Double($0) / Double((UInt64(1) << (4 * UInt64(part.count))) - 1) }
    }
    guard shares.count >= 3, parts.allSatisfy({ (1...4).contains($0.count) }) else { return nil }
    return 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2] > 0.5 ? .light : .dark
  }

  /// Name and version, such as `kitty(0.41.1)`; nil of an answer that is cut short.
  var name: String? {
    guard kind == .version, let prefix = prefixes.first, bytes.count > prefix.count else { return nil }
    return String(decoding: bytes.dropFirst(prefix.count), as: UTF8.self)
  }
}
