/// A value as JSON or Python writes it: `{0: 'ant', 1: 'bee'}`, `["ant", "bee"]`, `(0.485, 0.456, 0.406)`.
///
/// Notes in model files and the files beside them hold either. Dictionaries keep their order; Python's tuples are
/// lists; numbers are kept as they are written. Nesting ends at ``deepest``.
indirect enum Literal: Equatable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case list([Literal])
  case map([(key: String, value: Literal)])

  static let deepest = 32

  /// The value that `text` holds and nothing else; nil where it is no literal.
  init?(_ text: some StringProtocol) {
    var scanner = LiteralScanner(text)
    guard let value = scanner.value(depth: 0), scanner.isAtEnd else { return nil }
    self = value
  }

  static func == (a: Literal, b: Literal) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.boolean(let x), .boolean(let y)): x == y
    case (.number(let x), .number(let y)): x == y
    case (.string(let x), .string(let y)): x == y
    case (.list(let x), .list(let y)): x == y
    case (.map(let x), .map(let y)):
      x.count == y.count && zip(x, y).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }
}

// MARK: - What is inside

extension Literal {
  subscript(key: String) -> Literal? {
    guard case .map(let entries) = self else { return nil }
    return entries.first { $0.key == key }?.value
  }

  var string: String? { if case .string(let text) = self { text } else { nil } }

  var boolean: Bool? { if case .boolean(let flag) = self { flag } else { nil } }

  var number: Double? { if case .number(let number) = self { number } else { nil } }

  /// A whole number that an image, or a list of classes, can have.
  var count: Int? {
    guard let number, number == number.rounded(), (0...1_000_000).contains(number) else { return nil }
    return Int(number)
  }

  /// A list of finite numbers, or one number.
  var numbers: [Float]? {
    switch self {
    case .number(let number): return number.isFinite ? [Float(number)] : nil
    case .list(let items):
      let numbers = items.compactMap(\.number).filter(\.isFinite)
      return numbers.count == items.count && !items.isEmpty ? numbers.map { Float($0) } : nil
    default: return nil
    }
  }

  /// What a list of words says where a word stands for it: a string, or a number as it reads.
  var word: String? {
    switch self {
    case .string(let text): text
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    default: nil
    }
  }
}

// MARK: - Scanning

private struct LiteralScanner {
  private let characters: [Character]
  private var place = 0

  init(_ text: some StringProtocol) { characters = Array(text) }

  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return place == characters.count
    }
  }

  mutating func value(depth: Int) -> Literal? {
    skipSpace()
    guard depth < Literal.deepest, place < characters.count else { return nil }
    switch characters[place] {
    case "{": return map(depth)
    case "[": return list(closing: "]", depth)
    case "(": return list(closing: ")", depth)
    case "\"", "'": return string().map(Literal.string)
    default: return word()
    }
  }

  private mutating func list(closing end: Character, _ depth: Int) -> Literal? {
    place += 1
    var items: [Literal] = []
    while !take(end) {
      guard let item = value(depth: depth + 1), take(",") || peek() == end else { return nil }
      items.append(item)
    }
    return .list(items)
  }

  private mutating func map(_ depth: Int) -> Literal? {
    place += 1
    var entries: [(key: String, value: Literal)] = []
    while !take("}") {
      guard let key = value(depth: depth + 1)?.word, take(":"), let value = value(depth: depth + 1),
        take(",") || peek() == "}"
      else { return nil }
      entries.append((key, value))
    }
    return .map(entries)
  }

  private mutating func string() -> String? {
    let quote = characters[place]
    place += 1
    var text = ""
    while place < characters.count, characters[place] != quote {
      if characters[place] == "\\" {
        place += 1
        guard let character = escaped() else { return nil }
        text.append(character)
      } else {
        text.append(characters[place])
        place += 1
      }
    }
    guard place < characters.count else { return nil }
    place += 1
    return text
  }

  /// The character that stands behind a backslash.
  private mutating func escaped() -> Character? {
    guard place < characters.count else { return nil }
    let character = characters[place]
    place += 1
    switch character {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "x": return scalar(digits: 2).map(Character.init)
    case "u":
      guard var code = code(digits: 4) else { return nil }
      if (0xD800..<0xDC00).contains(code), place + 1 < characters.count, characters[place] == "\\",
        characters[place + 1] == "u"
      {
        place += 2
        guard let low = self.code(digits: 4), (0xDC00..<0xE000).contains(low) else { return nil }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      return Unicode.Scalar(code).map(Character.init)
    default: return character
    }
  }

  private mutating func scalar(digits: Int) -> Unicode.Scalar? {
    code(digits: digits).flatMap(Unicode.Scalar.init)
  }

  private mutating func code(digits: Int) -> UInt32? {
    guard place + digits <= characters.count else { return nil }
    defer { place += digits }
    return UInt32(String(characters[place..<place + digits]), radix: 16)
  }

  /// A number, or one of the few words that both languages have.
  private mutating func word() -> Literal? {
    let start = place
    while place < characters.count, !",:]}) \t\n\r\r\n".contains(characters[place]) { place += 1 }
    switch String(characters[start..<place]) {
    case "true", "True": return .boolean(true)
    case "false", "False": return .boolean(false)
    case "null", "None": return .null
    case let text: return Double(text).map(Literal.number)
    }
  }

  private mutating func take(_ character: Character) -> Bool {
    guard peek() == character else { return false }
    place += 1
    return true
  }

  private mutating func peek() -> Character? {
    skipSpace()
    return place < characters.count ? characters[place] : nil
  }

  private mutating func skipSpace() {
    while place < characters.count, characters[place].isWhitespace { place += 1 }
  }
}
