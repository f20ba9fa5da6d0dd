/// A session or a tour as text: one instruction a line, so that errors have line numbers and versions compare.
///
/// `#` begins a comment line; a line that begins with a blank goes on with the text of the one before.
public struct Script: Sendable, Equatable {
  /// An instruction with its place in the file.
  public struct Line: Sendable, Equatable {
    /// Counted from 1, comments and empty lines included.
    public var number: Int
    /// What is to be done; a `say` has the text of the lines that go on with it.
    public var instruction: Instruction
  }

  /// As messages name it: the file's name.
  public var name: String
  /// The instructions in their order, without comments and empty lines.
  public var lines: [Line]

  public init(name: String, lines: [Line]) {
    self.name = name
    self.lines = lines
  }

  /// Reads a script; `name` is what errors call it.
  public init(_ text: String, name: String) throws(ScriptError) {
    self.init(name: name, lines: [])
    for (i, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.hasSuffix("\r") ? raw.dropLast() : raw
      let content = String(line).trimmed
      if content.isEmpty || content.hasPrefix("#") { continue }
      if line.first?.isWhitespace == true {
        try extend(content, number: i + 1)
        continue
      }
      let (word, rest) = content.firstWord
      do {
        lines.append(Line(number: i + 1, instruction: try Instruction(word, rest)))
      } catch {
        throw ScriptError(file: name, line: i + 1, problem: error.description)
      }
    }
  }

  private mutating func extend(_ text: String, number: Int) throws(ScriptError) {
    guard let last = lines.last, case .say(let before) = last.instruction else {
      throw ScriptError(
        file: name, line: number, problem: "an indented line continues a 'say', but no 'say' precedes it")
    }
    lines[lines.count - 1].instruction = .say(before + " " + text)
  }

  /// Where the steps begin, for tours.
  public var steps: [Int] {
    lines.indices.filter { if case .step = lines[$0].instruction { true } else { false } }
  }

  /// Fails unless it is a tour: steps, each with something to say, and nothing before the first.
  public func checkTour() throws(ScriptError) {
    guard let first = steps.first else {
      throw ScriptError(
        file: name, line: lines.last?.number ?? 1, problem: "a tour needs steps: begin each with 'step TITLE'"
      )
    }
    if first > 0 {
      throw ScriptError(
        file: name, line: lines[0].number, problem: "nothing may precede the first 'step TITLE' of a tour")
    }
    for (start, end) in zip(steps, steps.dropFirst() + [lines.count]) {
      let says = lines[start..<end].contains { if case .say = $0.instruction { true } else { false } }
      if !says {
        throw ScriptError(
          file: name, line: lines[start].number, problem: "this step says nothing: add a line 'say TEXT'")
      }
    }
  }
}

/// What is wrong with a line of a script.
public struct ScriptError: Error, Equatable, CustomStringConvertible {
  /// The script's name.
  public let file: String
  /// Counted from 1.
  public let line: Int
  /// What is wrong, without the place.
  public let problem: String

  public init(file: String, line: Int, problem: String) {
    self.file = file
    self.line = line
    self.problem = problem
  }

  public var description: String { "\(file):\(line): \(problem)" }
}

extension String {
  /// The first word, and what follows it without blanks around.
  var firstWord: (word: String, rest: String) {
    let parts = split(maxSplits: 1, whereSeparator: \.isWhitespace)
    return (parts.first.map(String.init) ?? "", parts.count > 1 ? String(parts[1]).trimmed : "")
  }
}
