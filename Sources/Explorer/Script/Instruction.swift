public import Drawing

/// One line of a script.
public enum Instruction: Sendable, Equatable {
  /// Keys, mouse, pastes and sizes, as the terminal would have sent them.
  case input(Input)
  case keys([Key])
  case type(String)
  /// Opens a model or images, unless they are open.
  case model(String)
  case images(String)
  /// A model to compare with the open one.
  case compare(String)
  case show(String)
  case image(Int)
  /// ξ and h; nil follows the random-noise norm, and ξ.
  case radius(Double?)
  case scale(Double?)
  case seed(UInt64)
  case left(String)
  case right(String)
  /// An action by its word.
  case perform(String)
  /// Goes on once nothing runs any more.
  case wait
  case pause(seconds: Double)
  /// Fails unless the screen holds the text.
  case expect(String)
  /// Writes the screen and its numbers under this name.
  case save(String)
  case step(String)
  case say(String)
  /// The words in the title of the panel that a tour's step speaks of.
  case point(String)
}

/// Why a line is no instruction.
struct InstructionError: Error {
  let description: String
  init(_ description: String) { self.description = description }
}

extension Instruction {
  /// What people type before its argument, with an example.
  static let forms: [(word: String, example: String)] = [
    ("size", "size 120x40"), ("key", "key Enter Tab ^L v"), ("type", "type TEXT"), ("paste", "paste TEXT"),
    ("mouse", "mouse press left 10 20"), ("model", "model lenet-shapes"), ("images", "images shapes"),
    ("compare", "compare lenet-cifar10"),
    ("show", "show section"), ("image", "image 12"), ("xi", "xi 2.4 or xi auto"), ("h", "h 2.4 or h auto"),
    ("seed", "seed 1"), ("left", "left uap"), ("right", "right random 7"), ("do", "do next-image"),
    ("wait", "wait"), ("pause", "pause 1.5"), ("expect", "expect TEXT"), ("save", "save NAME"),
    ("step", "step TITLE"), ("say", "say TEXT"), ("point", "point eigenvalues"),
  ]

  init(_ word: String, _ rest: String) throws(InstructionError) {
    guard let form = Self.forms.first(where: { $0.word == word }) else {
      let words = Self.forms.map(\.word).joined(separator: ", ")
      throw InstructionError("'\(word)' is not an instruction; instructions are \(words)")
    }
    guard let instruction = try Self.read(word, rest) else {
      throw InstructionError("'\(word) \(rest)' cannot be read; write for example '\(form.example)'")
    }
    self = instruction
  }

  private static func read(_ word: String, _ rest: String) throws(InstructionError) -> Instruction? {
    if word == "wait" { return rest.isEmpty ? .wait : nil }
    guard !rest.isEmpty else { return nil }
    return switch word {
    case "size": size(rest)
    case "key": try keys(rest)
    case "mouse": mouse(rest)
    case "show": try screen(rest)
    case "do": try action(rest)
    case "image": Int(rest).flatMap { $0 >= 0 ? .image($0) : nil }
    case "xi": rest == "auto" ? .radius(nil) : number(rest).map { .radius($0) }
    case "h": rest == "auto" ? .scale(nil) : number(rest).map { .scale($0) }
    case "seed": UInt64(rest).map { .seed($0) }
    case "pause": number(rest).flatMap { $0 <= 600 ? .pause(seconds: $0) : nil }
    case "left": DirectionChoice(rest, images: .max) == nil ? nil : .left(rest)
    case "right": DirectionChoice(rest, images: .max) == nil ? nil : .right(rest)
    default: text(word, rest)
    }
  }

  private static func text(_ word: String, _ rest: String) -> Instruction? {
    switch word {
    case "type": .type(rest.unescaped)
    case "paste": .input(.paste(rest.unescaped))
    case "model": .model(rest)
    case "images": .images(rest)
    case "compare": .compare(rest)
    case "expect": .expect(rest)
    case "save": rest.contains("/") || rest.hasPrefix(".") ? nil : .save(rest)
    case "step": .step(rest)
    case "say": .say(rest)
    case "point": .point(rest)
    default: nil
    }
  }

  private static func number(_ text: String) -> Double? {
    Double(text).flatMap { $0.isFinite && $0 > 0 && $0 <= 1e4 ? $0 : nil }
  }

  private static func size(_ text: String) -> Instruction? {
    let parts = text.split(separator: "x")
    guard parts.count == 2, let columns = Int(parts[0]), let rows = Int(parts[1]),
      (1...1000).contains(columns), (1...1000).contains(rows)
    else { return nil }
    return .input(.resized(Size(rows: rows, columns: columns)))
  }

  private static func keys(_ text: String) throws(InstructionError) -> Instruction? {
    var keys: [Key] = []
    for word in text.split(separator: " ") {
      guard let key = Key(spelled: word) else {
        throw InstructionError("'\(word)' is not a key; a, ^A, F2, Enter, Space, PgUp and Left are")
      }
      keys.append(key)
    }
    return .keys(keys)
  }

  private static func screen(_ text: String) throws(InstructionError) -> Instruction {
    guard ScreenName.allCases.contains(where: { $0.title.lowercased() == text }) else {
      let names = ScreenName.allCases.map { $0.title.lowercased() }.joined(separator: ", ")
      throw InstructionError("no screen is called '\(text)'; screens are \(names)")
    }
    return .show(text)
  }

  private static func action(_ text: String) throws(InstructionError) -> Instruction {
    guard Action(named: text) != nil else {
      throw InstructionError("no action is called '\(text)'; boundaryscope config lists them")
    }
    return .perform(text)
  }

  /// `press left 10 20`: row and column from 0.
  private static func mouse(_ text: String) -> Instruction? {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 4, let action = Mouse.Action(word: words[0]),
      let button = Mouse.Button(word: words[1]),
      let row = Int(words[2]), let column = Int(words[3])
    else { return nil }
    return .input(.mouse(Mouse(action, button: button, row: row, column: column)))
  }
}

extension Instruction {
  /// The line that stands for an input in a recorded session; nil for one that a recording leaves out.
  public static func line(for input: Input) -> String? {
    switch input {
    case .key(let key): "key \(key.spelled)"
    case .mouse(let mouse): "mouse \(mouse.action.word) \(mouse.button.word) \(mouse.row) \(mouse.column)"
    case .resized(let size): "size \(size.columns)x\(size.rows)"
    case .paste(let text): text.isEmpty ? nil : "paste \(text.escaped)"
    case .background, .pixels, .woken: nil
    }
  }
}

extension Mouse.Action {
  private static let words: [(String, Self)] = [
    ("press", .press), ("release", .release), ("drag", .drag), ("wheel-up", .wheelUp),
    ("wheel-down", .wheelDown),
  ]
  init?(word: String) {
    guard let found = Self.words.first(where: { $0.0 == word }) else { return nil }
    self = found.1
  }
  var word: String { Self.words.first { $0.1 == self }?.0 ?? "press" }
}

extension Mouse.Button {
  private static let words: [(String, Self)] = [
    ("left", .left), ("middle", .middle), ("right", .right), ("none", .none),
  ]
  init?(word: String) {
    guard let found = Self.words.first(where: { $0.0 == word }) else { return nil }
    self = found.1
  }
  var word: String { Self.words.first { $0.1 == self }?.0 ?? "none" }
}

extension String {
  /// Line breaks, tabs and backslashes as `\n`, `\t` and `\\`; blanks at the ends as `\s`.
  var escaped: String {
    var text = replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\t", with: "\\t")
    if text.first == " " { text = "\\s" + text.dropFirst() }
    if text.last == " " { text = text.dropLast() + "\\s" }
    return text
  }

  var unescaped: String {
    var (text, isEscaped) = ("", false)
    for character in self {
      if isEscaped {
        text.append(["n": "\n", "t": "\t", "s": " "][character] ?? character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    return text
  }
}
