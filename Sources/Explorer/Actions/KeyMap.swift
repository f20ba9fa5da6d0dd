public import Drawing

/// Keys that a person chose for actions, in place of the built-in ones.
public struct KeyMap: Sendable, Equatable {
  fileprivate var keys: [Action: [Key]] = [:]

  public init() {}

  /// Every action that can have keys of its own, with the keys it has from the beginning, empty for none.
  public static var actions: [(name: String, keys: String, title: String)] {
    let bindings = Explorer.specimen.everyBinding
    return Action.named.map { name, action in
      let found = bindings.first { $0.action == action }
      return (name, found?.keys.map(\.spelled).joined(separator: " ") ?? "", found?.title ?? "")
    }
  }

  /// Gives an action these keys, separated by blanks; `none`, or nothing, takes its keys away.
  ///
  /// Throws one sentence when there is no such action or key.
  public mutating func bind(_ name: String, to text: String) throws(KeyMapError) {
    guard let action = Action(named: name) else {
      throw KeyMapError("no action is called '\(name)'; boundaryscope config lists them")
    }
    var chosen: [Key] = []
    for word in text.split(separator: " ") where word != "none" {
      guard let key = Key(spelled: word) else {
        throw KeyMapError("'\(word)' is not a key; a, ^A, F2, Enter, Space, PgUp and Left are")
      }
      chosen.append(key)
    }
    keys[action] = chosen
  }

  /// The bindings with the chosen keys; a chosen key is taken from whatever else had it.
  func applied(to bindings: [Binding]) -> [Binding] {
    guard !keys.isEmpty else { return bindings }
    let taken = Set(keys.values.joined())
    return bindings.map { binding in
      var binding = binding
      if let chosen = keys[binding.action] {
        binding.keys = chosen
        if !binding.shown.isEmpty { binding.shown = chosen.map(\.name).joined(separator: " ") }
        if chosen.isEmpty { binding.shown = "" }
      } else if binding.keys.contains(where: taken.contains) {
        binding.keys.removeAll(where: taken.contains)
        if !binding.shown.isEmpty { binding.shown = binding.keys.map(\.name).joined(separator: " ") }
      }
      return binding
    }
  }
}

extension Explorer {
  /// With something open, so that every screen has its keys.
  fileprivate static var specimen: Explorer {
    var explorer = Explorer(appearance: .plain)
    explorer.workspace.subject.model = OpenedModel(
      entry: ModelEntry(name: "", path: ""), digest: "", classNames: [], inputShape: [1, 1, 1], classCount: 2)
    explorer.workspace.subject.images = OpenedImages(name: "", spec: "", count: 4, digest: "")
    return explorer
  }
}

/// What is wrong with a choice of keys, in one sentence.
public struct KeyMapError: Error, Equatable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}

extension Key {
  private static let words: [(String, Key)] = [
    ("Space", .character(" ")), ("Enter", .enter), ("Esc", .escape), ("Tab", .tab), ("Shift-Tab", .backTab),
    ("Backspace", .backspace), ("Del", .delete), ("Ins", .insert), ("Up", .up), ("Down", .down),
    ("Left", .left), ("Right", .right), ("PgUp", .pageUp), ("PgDn", .pageDown), ("Home", .home),
    ("End", .end),
  ]

  /// As files spell it: `a`, `^A`, `F2`, or a word such as `PgUp`.
  public var spelled: String {
    if let word = Self.words.first(where: { $0.1 == self }) { return word.0 }
    return name
  }

  /// The key that files spell so; words may be written in any case.
  public init?(spelled text: some StringProtocol) {
    if let word = Self.words.first(where: { $0.0.lowercased() == text.lowercased() }) {
      self = word.1
    } else if text.count == 1, let character = text.first, !character.isWhitespace {
      self = .character(character)
    } else if text.count == 2, text.first == "^", let character = text.lowercased().last {
      self = .control(character)
    } else if text.first == "F", let number = Int(text.dropFirst()), (1...63).contains(number) {
      self = .function(number)
    } else {
      return nil
    }
  }
}

extension KeyMap {
  /// The keys chosen for an action, as files spell them; nil where the built-in ones hold.
  public func keys(of name: String) -> String? {
    Action(named: name).flatMap { keys[$0] }.map { $0.map(\.spelled).joined(separator: " ") }
  }
}
