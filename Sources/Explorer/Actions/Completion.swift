/// What a path that is being typed could go on with.
public struct Completion: Sendable, Hashable {
  /// What lies at a path: `pictures` is a folder of them without models, `images` a file of one or many.
  public enum Kind: Sendable, Hashable { case folder, model, pictures, images, other }

  /// The whole path, as typed so far and then on; a folder ends with a slash.
  public var path: String
  /// What lies there, told by the suffix of a file, or by those in a folder.
  public var kind: Kind
  /// What it is, in a few words: `4.9 MB`, `folder of 12 pictures`.
  public var remark: String

  public init(path: String, kind: Kind, remark: String) {
    (self.path, self.kind, self.remark) = (path, kind, remark)
  }

  var name: String {
    let isFolder = path.hasSuffix("/")
    let parts = path.split(separator: "/")
    return (parts.last.map(String.init) ?? "/") + (isFolder && !parts.isEmpty ? "/" : "")
  }
}

extension Prompt {
  /// Whether it asks for a path, so that Tab completes it.
  var asksPath: Bool {
    switch kind {
    case .modelPath, .imagesSpec, .compared, .leftDirection, .rightDirection: true
    default: false
    }
  }

  /// Takes what the session found for the text that stood there: one is put in, of several what they begin with; the
  /// others are listed.
  mutating func take(_ found: [Completion], for asked: String) {
    guard asked == string else { return }
    completions = found
    chosen = nil
    guard let first = found.first else { return }
    if found.count == 1 { completions = [] }
    let common = found.dropFirst().reduce(Array(first.path)) { common, next in
      Array(zip(common, next.path).prefix { $0 == $1 }.map(\.0))
    }
    if common.count > Array(asked).count || found.count == 1 { self = replaced(by: String(common)) }
  }

  /// The next of the listed ones, put in.
  mutating func choose(_ steps: Int) {
    guard !completions.isEmpty else { return }
    let count = completions.count
    let next = chosen.map { (($0 + steps) % count + count) % count } ?? (steps > 0 ? 0 : count - 1)
    let listed = completions
    self = replaced(by: listed[next].path)
    (completions, chosen) = (listed, next)
  }

  /// The same question with another text.
  func replaced(by text: String) -> Prompt {
    var prompt = Prompt(kind, text: text)
    (prompt.completions, prompt.recalled) = (completions, recalled)
    return prompt
  }
}

// MARK: - What was typed before

extension Explorer {
  /// Puts in what was typed before at the same question: an older one, or a newer.
  mutating func recall(_ prompt: inout Prompt, _ steps: Int) {
    let known = workspace.typed[prompt.kind] ?? []
    let place = (prompt.recalled ?? known.count) - steps
    guard known.indices.contains(place) else { return }
    prompt = prompt.replaced(by: known[place])
    prompt.recalled = place
    prompt.completions = []
  }

  mutating func remember(_ prompt: Prompt) {
    guard prompt.kind != .filter, !prompt.string.trimmed.isEmpty else { return }
    workspace.typed[prompt.kind, default: []].removeAll { $0 == prompt.string }
    workspace.typed[prompt.kind, default: []].append(prompt.string)
  }

  /// A file that was dropped on the terminal comes as a pasted path: a model or pictures.
  mutating func open(dropped text: String) -> [Command] {
    overlay = .none
    guard let path = DroppedPath(text)?.path else { return [] }
    return path.hasSuffix(".onnx") ? workspace.open(model: path) : workspace.open(images: path)
  }
}

/// A path as terminals paste it: quoted, escaped or as an address.
struct DroppedPath {
  let path: String

  /// Nil for a text that is no absolute path.
  init?(_ text: String) {
    var text = text.trimmed
    for quote in ["'", "\""] where text.count > 1 && text.hasPrefix(quote) && text.hasSuffix(quote) {
      text = String(text.dropFirst().dropLast())
    }
    if text.hasPrefix("file://") {
      text = Self.decoded(String(text.dropFirst(7).drop { $0 != "/" }))
    } else {
      var isEscaped = false
      text = text.reduce(into: "") { path, c in
        if c == "\\", !isEscaped { isEscaped = true } else { (isEscaped, path) = (false, path + String(c)) }
      }
    }
    guard text.hasPrefix("/") || text.hasPrefix("~/"), !text.contains("\n") else { return nil }
    path = text
  }

  /// With `%20` and the like as the bytes they stand for.
  private static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
