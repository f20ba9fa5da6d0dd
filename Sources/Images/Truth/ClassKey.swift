internal import KnownClasses

/// The ways in which a class may be written: `Tench`, `tench, Tinca tinca`, `n01440764`, `n01440764-tench`, `007`,
/// `001.Black_footed_Albatross`.
struct ClassKey: Sendable {
  /// Letters and digits of the whole, in lower case.
  let whole: String
  /// The same of its parts: synonyms between commas or slashes, and what follows an identifier or a number; of a WordNet
  /// identifier that ImageNet has, its lemmas.
  let parts: [String]
  /// A WordNet identifier, such as `n01440764`.
  let identifier: String?
  /// The number that a name is, `7`, `007` or `seven`, or that it only counts with, `class_7`, `LABEL_7`.
  let number: Int?
  /// Whether the name says nothing but a number.
  let isGeneric: Bool

  init(_ name: String) {
    let text = name.lowercased()
    identifier = ClassKey.identifier(text)
    let whole = ClassKey.canonical(text)
    self.whole = whole
    let digits = ClassKey.counted(text)
    number = digits.flatMap { Int($0) } ?? ClassKey.words.firstIndex(of: whole)
    isGeneric = digits != nil && digits.map(String.init) != whole
    var texts = text.split { ",/;".contains($0) }
    if let identifier { texts.append(text.dropFirst(identifier.count)) }
    if digits == nil { texts.append(text.drop { $0.isNumber || "._- :".contains($0) }) }
    var parts = texts.map(ClassKey.canonical)
    if let place = identifier.flatMap({ ClassKey.lemmas[$0] }) { parts += place }
    self.parts = parts.filter { !$0.isEmpty && $0 != whole }
  }

  static func canonical(_ text: some StringProtocol) -> String {
    String(text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "+" || $0 == "#" })
  }

  private static func identifier(_ text: String) -> String? {
    let start = text.prefix(9)
    guard start.count == 9, start.first == "n", start.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }),
      text.dropFirst(9).first.map({ !$0.isNumber && !$0.isLetter }) ?? true
    else { return nil }
    return String(start)
  }

  /// The digits of a name that is a number, or a word for "class" with one.
  private static func counted(_ text: String) -> Substring? {
    var digits = text[...]
    for word in ["class", "label", "category", "c"] where text.hasPrefix(word) {
      digits = text.dropFirst(word.count).drop { "_- ".contains($0) }
      break
    }
    guard !digits.isEmpty, digits.count < 10, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
      return nil
    }
    return digits
  }

  private static let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]

  private static let lemmas = Dictionary(
    uniqueKeysWithValues: zip(
      KnownClasses.imageNet.identifiers, KnownClasses.imageNet.names.map { $0.map(canonical) }))
}

/// Finds a class by any of the ways in which it may be written; what two classes share finds neither.
struct ClassIndex {
  private var names: [String: Int?] = [:]
  private var identifiers: [String: Int?] = [:]
  private var wholes: [String: Int?] = [:]
  private var parts: [String: Int?] = [:]
  private var numbers: [Int: Int?] = [:]

  init(_ names: [String], _ keys: [ClassKey]) {
    for (k, (name, key)) in zip(names, keys).enumerated() {
      ClassIndex.add(name, k, to: &self.names)
      ClassIndex.add(key.whole, k, to: &wholes)
      for part in Set(key.parts) { ClassIndex.add(part, k, to: &parts) }
      if let identifier = key.identifier { ClassIndex.add(identifier, k, to: &identifiers) }
      if let number = key.number { ClassIndex.add(number, k, to: &numbers) }
    }
  }

  private static func add<Key>(_ key: Key, _ k: Int, to index: inout [Key: Int?]) {
    index.updateValue(index[key] == nil ? k : nil, forKey: key)
  }

  func find(_ name: String, _ key: ClassKey) -> Int? {
    if let found = names[name] ?? nil { return found }
    if let found = key.identifier.flatMap({ identifiers[$0] ?? nil }) { return found }
    if !key.whole.isEmpty, let found = wholes[key.whole] ?? nil { return found }
    if let found = key.number.flatMap({ numbers[$0] ?? nil }) { return found }
    if let found = parts[key.whole] ?? nil { return found }
    let found = Set(key.parts.compactMap { (wholes[$0] ?? nil) ?? (parts[$0] ?? nil) })
    return found.count == 1 ? found.first : nil
  }
}
