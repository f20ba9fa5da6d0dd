import Foundation
import Testing

/// Every public symbol of the sources has a documentation comment, or stands for one that has.
@Suite("Documentation comments")
struct DocumentationRuleTests {
  private struct File {
    let path: String
    let text: String
  }

  private static let files: [File] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources").path
    let paths = FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []
    return paths.filter { $0.hasSuffix(".swift") && !$0.hasPrefix("ONNXSchema/") }.sorted().map {
      File(path: $0, text: (try? String(contentsOfFile: root + "/" + $0, encoding: .utf8)) ?? "")
    }
  }()

  private struct Declaration {
    let file: File
    let line: Int
    let kind: String
    let name: String
    let text: Substring
    let place: String.Index
    let isDocumented: Bool
  }

  private static func declarations(of file: File) -> [Declaration] {
    let pattern =
      /^\s*(?:@\w+(?:\([^)]*\))?\s+)*public\s+(?:(?:private\(set\)|internal\(set\)|mutating|static|final|nonisolated|indirect|override)\s+)*(func|var|let|struct|class|enum|protocol|init|subscript|typealias|actor)\b\s*`?(\w*)/
    var (found, isDocumented) = ([Declaration](), false)
    for (n, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let start = line.drop(while: \.isWhitespace)
      if let match = line.prefixMatch(of: pattern) {
        found.append(
          Declaration(
            file: file, line: n + 1, kind: String(match.1), name: String(match.2), text: line,
            place: line.startIndex, isDocumented: isDocumented))
      }
      // Attributes may stand between a comment and what it is of.
      if !start.hasPrefix("@") || start.contains(" public ") { isDocumented = start.hasPrefix("///") }
    }
    return found
  }

  /// The names that the package's protocols require, documented there, and those of the standard library's.
  private static let required: Set<String> = {
    let own = files.flatMap { file in
      file.text.matches(of: /protocol \w+[^{]*\{(?:[^{}]|\{[^{}]*\})*\}/).flatMap { body in
        body.output.matches(of: /(?:func|var|let)\s+`?(\w+)/).map { String($0.1) }
      }
    }
    let standard = [
      "description", "debugDescription", "errorDescription", "hash", "encode", "id", "rawValue", "allCases",
      "body",
      "next", "makeIterator", "index", "startIndex", "endIndex", "count", "wrappedValue", "projectedValue",
      "callAsFunction", "",
    ]
    return Set(own + standard)
  }()

  /// Whether a declaration says nothing of its own: a requirement met, properties set one by one, a value read from text.
  private static func standsForAnother(_ declaration: Declaration) -> Bool {
    switch declaration.kind {
    case "func", "var", "let": return required.contains(declaration.name)
    case "init":
      let given = /init\((from |arrayLiteral|stringLiteral|integerLiteral|floatLiteral|argument:|rawValue)/
      if declaration.text.contains(given) { return true }
      let labels = parameters(declaration)
      return labels.allSatisfy { label in
        let escaped = NSRegularExpression.escapedPattern(for: label)
        return declaration.file.text.range(
          of: "\\b(let|var)\\s+`?\(escaped)\\b", options: .regularExpression) != nil
      }
    default: return false
    }
  }

  /// The inner names of an initializer's parameters.
  private static func parameters(_ declaration: Declaration) -> [String] {
    let text = declaration.file.text[declaration.place...]
    guard let open = text.range(of: "init")?.upperBound, let begin = text[open...].firstIndex(of: "(") else {
      return []
    }
    var (depth, list, names) = (0, "", [String]())
    for character in text[begin...] {
      if ")]}".contains(character) { depth -= 1 }
      if depth == 0 || depth == 1 && character == "," {
        if let name = list.split(separator: ":").first?.split(whereSeparator: \.isWhitespace).last {
          names.append(String(name))
        }
        list = ""
        if depth == 0 { return names }
      } else if depth >= 1 {
        list.append(character)
      }
      if "([{".contains(character) { depth += 1 }
    }
    return names
  }

  @Test("Every public symbol has one")
  func documented() {
    let all = Self.files.flatMap(Self.declarations)
    #expect(all.count > 3000 && Self.required.contains("pullback"))
    for symbol in all where !symbol.isDocumented && !Self.standsForAnother(symbol) {
      Issue.record("\(symbol.file.path):\(symbol.line): \(symbol.text.drop(while: \.isWhitespace))")
    }
  }
}
