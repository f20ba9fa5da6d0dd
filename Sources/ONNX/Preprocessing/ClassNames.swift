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
    if let literal = Literal(text) { return names(in: literal) }
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
      .map { String($0).trimmingCharacters { $0.isWhitespace || $0 == "\u{feff}" } }
    return yaml(lines) ?? names(in: lines)
  }

  /// The bytes of a regular file that is small enough for a list; nil where it is another thing.
  static func smallFile(_ path: String) -> Data? {
    let file = URL(filePath: path).resolvingSymlinksInPath()
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    guard attributes?[.type] as? FileAttributeType == .typeRegular,
      let size = attributes?[.size] as? Int, size <= largestFile
    else { return nil }
    return try? Data(contentsOf: file)
  }

  static func text(of data: Data) -> String? {
    if data.starts(with: [0xff, 0xfe]) || data.starts(with: [0xfe, 0xff]) {
      return String(data: data, encoding: .utf16)
    }
    return String(data: data, encoding: .utf8) ?? String(data: data, encoding: .isoLatin1)
  }
}

// MARK: - Lists and dictionaries

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
      if let names = byNumber(entries) ?? byName(entries) { return names }
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
    let lines = Array(lines.reversed().drop { $0.isEmpty }.reversed())
    guard !lines.isEmpty else { return nil }
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
    let name = String(line.dropFirst(9)).trimmingCharacters { $0.isWhitespace || $0 == "," }
    return name.isEmpty ? String(id) : name
  }

  /// The entries below a line `names:`, as a list or by their numbers.
  private static func yaml(_ lines: [String]) -> [String]? {
    guard let start = lines.firstIndex(where: { line in keys.contains { line.hasPrefix($0 + ":") } }) else {
      return nil
    }
    let inline = String(lines[start].drop { $0 != ":" }.dropFirst()).trimmingCharacters { $0.isWhitespace }
    if !inline.isEmpty { return Literal(inline).flatMap(names(in:)) }
    let body = lines[(start + 1)...].filter { !$0.isEmpty && !$0.hasPrefix("#") }
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
