internal import Files
internal import FoundationEssentials

/// The names of classes as people write them down, in the order of the classes.
///
/// A name a line, also with its number before it (`0: ant`, `0 ant`, `ant 0` as number and name in either order) or
/// with its WordNet id (`n01440764 tench, Tinca tinca`); a list or a dictionary in JSON or Python (`{"0": "ant"}`,
/// `{"ant": 0}`, `{"0": ["n01440764", "tench"]}`), also under `id2label`, `names` or the like; the `names` of a YAML
/// file. Any of UTF-8 and UTF-16 with or without a mark, and any line ends.
public enum ClassNames {
  /// No list of classes is longer than this file.
  static let largestFile = 8 << 20

  /// The names in a file; nil where it holds none.
  public static func read(_ path: String) -> [String]? {
    guard let data = smallFile(path), let text = text(of: data) else { return nil }
    return parse(text)
  }

  /// The names in a text; nil where it holds none.
  public static func parse(_ text: String) -> [String]? {
    if text.contains("\0") { return nil }
    if let literal = Literal(text) ?? assigned(text) { return names(in: literal) }
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
      .map { String($0).trimmingCharacters { $0.isWhitespace || $0 == "\u{feff}" } }
    return yaml(lines) ?? items(lines) ?? names(in: lines)
  }

  /// The bytes of a regular file that is small enough for a list; nil where it is another thing.
  static func smallFile(_ path: String) -> Data? {
    (try? RegularFile.contents(of: path, atMost: largestFile)).map { Data($0) }
  }

  static func text(of data: Data) -> String? {
    if data.starts(with: [0xff, 0xfe]) || data.starts(with: [0xfe, 0xff]) {
      return data.count % 2 == 0 ? String(data: data, encoding: .utf16) : nil
    }
    return String(data: data, encoding: .utf8) ?? String(data: data, encoding: .isoLatin1)
  }
}

// MARK: - Lists and dictionaries

extension ClassNames {
  /// A list or a dictionary behind `names =`, or the entries of one without their brackets.
  private static func assigned(_ text: String) -> Literal? {
    if let sign = text.firstIndex(of: "="), text[..<sign].allSatisfy({ $0.isLetter || "_ ".contains($0) }) {
      return Literal(text[text.index(after: sign)...])
    }
    guard let first = text.first(where: { !$0.isWhitespace }), "'\"0123456789".contains(first) else {
      return nil
    }
    return Literal("{\(text)}") ?? Literal("[\(text)]")
  }

  /// The entries of a label map of TensorFlow: `item { id: 1 name: 'ant' }`.
  private static func items(_ lines: [String]) -> [String]? {
    guard lines.first(where: { !$0.isEmpty })?.hasPrefix("item") == true else { return nil }
    func values(_ keys: [String]) -> [String] {
      lines.compactMap { line in
        keys.first { line.hasPrefix($0 + ":") }.map { key in
          String(line.dropFirst(key.count + 1)).trimmingCharacters { $0.isWhitespace || "'\",".contains($0) }
        }
      }
    }
    let numbers = values(["id"]).map { Int($0) }
    let titles =
      lines.contains { $0.hasPrefix("display_name:") } ? values(["display_name"]) : values(["name"])
    return numbers.count == titles.count ? numbered(zip(numbers, titles).map { ($0, $1) }) : nil
  }
}

extension ClassNames {
  /// Characters of quotes and of what stands between entries, at the end of a line.
  static func unquoted(_ line: String) -> String {
    guard let quote = line.first, quote == "'" || quote == "\"" else { return line }
    let rest = line.dropFirst().reversed().drop { $0 == "," || $0.isWhitespace }
    return rest.first == quote ? String(rest.dropFirst().reversed()) : line
  }
}

extension ClassNames {
  /// Keys under which files keep their names.
  private static let keys = [
    "id2label", "names", "label_names", "class_names", "classes", "labels", "class_indices", "class_to_idx",
    "label2id", "categories",
  ]

  static func names(in literal: Literal) -> [String]? {
    switch literal {
    case .list(let items):
      let names = items.compactMap(name)
      return names.count == items.count && !names.isEmpty ? names : nil
    case .map(let entries):
      if let names = byNumber(entries) ?? byName(entries) ?? byIdentifier(entries) { return names }
      return keys.lazy.compactMap { literal[$0].flatMap(names(in:)) }.first
    case .string(let text):
      return Literal(text).flatMap(names(in:)) ?? separated(text)
    default: return nil
    }
  }

  /// A name; of a list such as a WordNet id with its name, or of a dictionary, what names it.
  private static func name(_ literal: Literal) -> String? {
    switch literal {
    case .list(let items): items.last?.string
    case .map: literal["name"]?.string
    default: literal.word
    }
  }

  /// The names of `{0: 'ant', 1: 'bee'}` in any order with none left out.
  private static func byNumber(_ entries: [(key: String, value: Literal)]) -> [String]? {
    numbered(entries.map { (Int($0.key), name($0.value)) })
  }

  /// The names of `{'ant': 0, 'bee': 1}` in the order of their numbers.
  private static func byName(_ entries: [(key: String, value: Literal)]) -> [String]? {
    numbered(entries.map { ($0.value.count, $0.key) })
  }

  /// `{'n01440764': 'tench'}`: identifiers of WordNet, whose order is that of the classes.
  private static func byIdentifier(_ entries: [(key: String, value: Literal)]) -> [String]? {
    let keys = entries.map(\.key)
    guard keys.count > 1, keys == keys.sorted(), keys.allSatisfy({ wordNet($0) != nil }) else { return nil }
    let names = entries.compactMap { name($0.value) }
    return names.count == keys.count ? names : nil
  }

  /// The names in the order of their numbers, which have to go on one by one from 0 or 1.
  private static func numbered(_ pairs: [(number: Int?, name: String?)]) -> [String]? {
    var names: [Int: String] = [:]
    for case (let number?, let name?) in pairs { names[number] = name }
    guard !pairs.isEmpty, names.count == pairs.count, let first = names.keys.min(), first == 0 || first == 1
    else { return nil }
    let ordered = (first..<first + names.count).compactMap { names[$0] }
    return ordered.count == names.count ? ordered : nil
  }

  /// Names with commas between them, or a name a line.
  private static func separated(_ text: String) -> [String]? {
    let separator: Character? = ["\n", ";", ","].first { text.contains($0) }
    guard let separator else { return nil }
    let names = text.split(separator: separator, omittingEmptySubsequences: false)
      .map { String($0).trimmingCharacters { $0.isWhitespace } }
    return names.contains("") ? nil : names
  }
}

// MARK: - Lines

extension ClassNames {
  static func names(in lines: [String]) -> [String]? {
    // Empty lines between names are no classes, nor are remarks above them.
    let lines = Array(lines.drop { $0.isEmpty || $0.hasPrefix("# ") }.filter { !$0.isEmpty }).map(unquoted)
    guard !lines.isEmpty else { return nil }
    if lines.count == 1, let names = separated(lines[0]) { return names }
    let header = lines[0].lowercased()
    if lines.count > 2, ["id", "index", "class", "label", "name"].contains(where: header.hasPrefix),
      header.contains(where: ",;\t".contains),
      let names = numbered(lines.dropFirst().map(numberFirst)) ?? numbered(lines.dropFirst().map(numberLast))
    {
      return names
    }
    for split in [numberFirst, numberLast] {
      // Numbers that belong to the names, as in `1 star`, `2 stars`, leave too few of them different.
      if let names = numbered(lines.filter { !$0.isEmpty }.map(split)),
        Set(names).count * 10 >= names.count * 9
      {
        return names
      }
    }
    if lines.allSatisfy({ $0.isEmpty || wordNet($0) != nil }) { return lines.map { wordNet($0) ?? $0 } }
    return lines
  }

  /// A number and a name: `0: ant` or with another separator.
  private static func numberFirst(_ line: String) -> (number: Int?, name: String?) {
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    let rest = line.dropFirst(digits.count)
    guard let separator = rest.first, ":,;=\t ".contains(separator) else { return (nil, nil) }
    let name = String(rest.dropFirst()).trimmingCharacters { $0.isWhitespace || "'\"".contains($0) }
    return (Int(digits), name.isEmpty ? nil : name)
  }

  /// A name and a number: `ant 0` or with another separator.
  private static func numberLast(_ line: String) -> (number: Int?, name: String?) {
    let digits = String(line.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
    let rest = line.dropLast(digits.count)
    guard let separator = rest.last, ":,;=\t ".contains(separator) else { return (nil, nil) }
    let name = String(rest.dropLast()).trimmingCharacters { $0.isWhitespace || "'\"".contains($0) }
    return (Int(digits), name.isEmpty ? nil : name)
  }

  /// What stands behind the WordNet id that a line begins with.
  private static func wordNet(_ line: String) -> String? {
    let id = line.prefix { !$0.isWhitespace && $0 != "," }
    guard id.count == 9, id.first == "n", id.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }) else {
      return nil
    }
    var name = String(line.dropFirst(9)).trimmingCharacters { $0.isWhitespace || $0 == "," }
    // ILSVRC's own lists count between the two.
    let digits = name.prefix { $0.isASCII && $0.isNumber }
    if !digits.isEmpty, name.dropFirst(digits.count).first == " " {
      name = String(name.dropFirst(digits.count + 1))
    }
    return name.isEmpty ? String(id) : name
  }

  /// A line of YAML without what follows ` #`.
  private static func withoutRemark(_ line: String) -> String {
    if line.hasPrefix("#") { return "" }
    guard let mark = line.firstRange(of: " #") else { return line }
    return String(line[..<mark.lowerBound]).trimmingCharacters { $0.isWhitespace }
  }

  /// The entries below a line `names:`, as a list or by their numbers.
  private static func yaml(_ lines: [String]) -> [String]? {
    guard let start = lines.firstIndex(where: { line in keys.contains { line.hasPrefix($0 + ":") } }) else {
      return nil
    }
    let inline = String(lines[start].drop { $0 != ":" }.dropFirst()).trimmingCharacters { $0.isWhitespace }
    if inline.hasPrefix("[") || inline.hasPrefix("{") {
      // A list may go on in the lines below.
      let whole = lines[(start + 1)...].reduce(inline) {
        $0.hasSuffix("]") || $0.hasSuffix("}") ? $0 : $0 + " " + $1
      }
      return Literal(whole).flatMap(names(in:)) ?? separated(whole.trimmingCharacters { "[] ".contains($0) })
    }
    guard inline.isEmpty || inline.hasPrefix("#") else { return Literal(inline).flatMap(names(in:)) }
    let body = lines[(start + 1)...].map(withoutRemark).filter { !$0.isEmpty }
    let items = body.prefix { $0.hasPrefix("- ") }
    if !items.isEmpty {
      return items.map {
        String($0.dropFirst(2)).trimmingCharacters { $0.isWhitespace || "'\"".contains($0) }
      }
    }
    return numbered(body.prefix { $0.first?.isNumber == true }.map(numberFirst))
  }
}

extension String {
  /// Without the characters at both ends for which `isEdge` holds.
  func trimmingCharacters(_ isEdge: (Character) -> Bool) -> String {
    String(drop(while: isEdge).reversed().drop(while: isEdge).reversed())
  }
}
