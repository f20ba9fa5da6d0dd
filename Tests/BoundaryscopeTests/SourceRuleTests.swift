import Foundation
import Testing

/// What holds of the sources as text: what a compiler does not mind, and a reader does.
@Suite("Sources")
struct SourceRuleTests {
  private struct File {
    let path: String
    let lines: [Substring]
  }

  private static let files: [File] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources").path
    let paths = FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []
    return paths.filter { $0.hasSuffix(".swift") && !$0.hasPrefix("ONNXSchema/") }.sorted().map { path in
      let text = (try? String(contentsOfFile: root + "/" + path, encoding: .utf8)) ?? ""
      return File(path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }()

  /// The name of the type that a line outside of all braces declares; nil where it declares none.
  private static func declared(_ line: Substring) -> String? {
    let modifiers: Set = ["public", "package", "internal", "private", "fileprivate", "indirect", "final"]
    let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "@" }
      .drop { modifiers.contains(String($0)) || $0.hasPrefix("@") }
    let kinds: Set = ["struct", "class", "enum", "protocol", "actor", "typealias"]
    guard let first = line.first, !first.isWhitespace, let kind = words.first, kinds.contains(String(kind))
    else {
      return nil
    }
    return words.dropFirst().first.map(String.init)
  }

  @Test("No two types have one name, in whichever modules they are")
  func names() {
    #expect(Self.files.count > 400)
    var places: [String: Set<String>] = [:]
    for file in Self.files {
      for name in file.lines.compactMap(Self.declared) { places[name, default: []].insert(file.path) }
    }
    #expect(places.count > 500)
    for (name, paths) in places.sorted(by: { $0.key < $1.key }) {
      #expect(paths.count == 1, "\(name) stands in \(paths.sorted())")
    }
  }

  /// The text within a line's string literals, of those over several lines the whole line.
  private static func literals(_ lines: [Substring]) -> [(line: Int, text: Substring)] {
    var found: [(Int, Substring)] = []
    var isInside = false
    for (n, line) in lines.enumerated() {
      if line.contains("\"\"\"") {
        isInside.toggle()
      } else if isInside {
        found.append((n + 1, line))
      } else if let quote = line.firstIndex(of: "\""), !line.drop(while: \.isWhitespace).hasPrefix("//") {
        let comment = line.range(of: "  // ")?.lowerBound ?? line.endIndex
        if quote < comment { found.append((n + 1, line[quote..<comment])) }
      }
    }
    return found
  }

  @Test("What is said to people is said directly: no \"there is\", no \"is computed\"")
  func wording() {
    let words = [
      "there is", "there are", "there was", "is computed", "are computed", "being computed", "in order to",
      "successfully", "invalid", "please note",
    ]
    var count = 0
    for file in Self.files {
      for (line, text) in Self.literals(file.lines) {
        count += 1
        for word in words where text.lowercased().contains(word) {
          Issue.record("\(file.path):\(line) says \"\(word)\": \(text)")
        }
      }
    }
    #expect(count > 3000)
  }

  @Test("No function takes five parameters without labels")
  func labels() {
    for file in Self.files {
      let text = file.lines.joined(separator: "\n")
      for match in text.matches(of: /\b(?:func [^ (<]+|init[?]?)(?:<[^>{}]*>)?\(/) {
        // Parameters of functions among them are their own affair.
        var (depth, list) = (1, "")
        for character in text[match.range.upperBound...] {
          if ")]}".contains(character) { depth -= 1 }
          if depth == 0 { break }
          if depth == 1 { list.append(character) }
          if "([{".contains(character) { depth += 1 }
        }
        let count = list.matches(of: /(?:^|[,\s])_ \w+:/).count
        #expect(count < 5, "\(file.path): \(text[match.range])\(list)")
      }
    }
  }

  @Test("JSON is set up in one place, numbers are formatted in one")
  func places() {
    let allowed = [
      "JSONEncoder()": "CanonicalJSON/", "JSONDecoder()": "CanonicalJSON/",
      "String(format:": "Boundaryscope/Options/OutputOptions.swift",
    ]
    for (word, place) in allowed {
      let found = Self.files.filter { file in file.lines.contains { $0.contains(word) } }.map(\.path)
      #expect(found.allSatisfy { $0.hasPrefix(place) }, "\(word) in \(found)")
      #expect(!found.isEmpty)
    }
  }
}
