/// A value in a pickle: what Python's module of that name would build, told but never made.
///
/// Only data is understood: nothing is imported and nothing is called. What a pickle asks to be called is kept as a name
/// with its arguments.
indirect enum Pickle {
  case null
  case number(Double)
  case text(String)
  case bytes(ArraySlice<UInt8>)
  case list(Reference)
  case tuple([Pickle])
  case map(Reference)
  /// A class or a function by its module and name.
  case global(String)
  /// What a call would give, with the state that is put into it afterwards.
  case call(String, arguments: [Pickle], Reference)

  /// The parts of a value that grows after it was made.
  final class Reference {
    var items: [Pickle] = []
  }

  /// The value in a pickle of protocol 2 to 5; nil where it does not parse or asks for more than is understood.
  init?(_ bytes: [UInt8]) {
    var machine = PickleMachine(bytes)
    guard let value = machine.run() else { return nil }
    self = value
  }

  /// Whether these first bytes are those of a pickle.
  static func announces(_ head: [UInt8]) -> Bool {
    head.count > 2 && head[0] == 0x80 && (2...5).contains(head[1])
  }
}

// MARK: - What is inside

extension Pickle {
  subscript(key: String) -> Pickle? {
    guard case .map(let entries) = self else { return nil }
    for i in stride(from: 0, to: entries.items.count - 1, by: 2) where entries.items[i].string == key {
      return entries.items[i + 1]
    }
    return nil
  }

  /// A text, or bytes that are one: Python 2 did not tell them apart.
  var string: String? {
    if case .text(let text) = self { return text }
    return octets.flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// Bytes as such, or as Python 3 writes them into an old pickle: Latin-1 text and a call of its encoder.
  var octets: [UInt8]? {
    switch self {
    case .bytes(let bytes): Array(bytes)
    case .text(let text):
      text.unicodeScalars.allSatisfy { $0.value < 256 } ? text.unicodeScalars.map { UInt8($0.value) } : nil
    case .call("_codecs encode", let arguments, _): arguments.first?.octets
    default: nil
    }
  }

  var items: [Pickle]? {
    switch self {
    case .list(let list): list.items
    case .tuple(let items): items
    default: nil
    }
  }

  var integer: Int? { if case .number(let number) = self { Int(exactly: number) } else { nil } }
}

// MARK: - Machine

/// The stack machine of a pickle, as far as data needs it (PEP 307, PEP 3154).
private struct PickleMachine {
  private let bytes: [UInt8]
  private var at = 0
  private var stack: [Pickle] = []
  private var marks: [Int] = []
  private var memo: [Int: Pickle] = [:]

  /// No file of images is nested or counted like this.
  private static let mostSteps = 20_000_000

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func run() -> Pickle? {
    for _ in 0..<PickleMachine.mostSteps {
      guard let code = take(1)?.first else { return nil }
      if code == UInt8(ascii: ".") { return stack.popLast() }
      guard step(code) else { return nil }
    }
    return nil
  }

  private mutating func step(_ code: UInt8) -> Bool {
    if let value = constant(code) {
      stack.append(value)
      return true
    }
    switch Character(Unicode.Scalar(code)) {
    case "\u{80}": return take(1) != nil
    case "\u{95}": return take(8) != nil
    case "(":
      marks.append(stack.count)
      return true
    case "q", "r", "\u{94}", "p": return remember(code)
    case "h", "j", "g": return recall(code)
    case "a", "e", "s", "u": return extend(code)
    case "t", "\u{85}", "\u{86}", "\u{87}", "l", "d": return gather(code)
    case "c", "\u{93}", "R", "b", "\u{81}": return build(code)
    case "0": return stack.popLast() != nil
    default: return false
    }
  }

  private mutating func constant(_ code: UInt8) -> Pickle? {
    switch Character(Unicode.Scalar(code)) {
    case "N": .null
    case "\u{88}": .number(1)
    case "\u{89}": .number(0)
    case "}": .map(.init())
    case "]": .list(.init())
    case ")": .tuple([])
    case "J": take(4).map { .number(Double(Int32(truncatingIfNeeded: $0.littleEndian))) }
    case "K": take(1).map { .number(Double($0.littleEndian)) }
    case "M": take(2).map { .number(Double($0.littleEndian)) }
    case "\u{8a}": long()
    case "G":
      take(8).map { .number(Double(bitPattern: UInt64($0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))) }
    case "U", "C": counted(1).map { .bytes($0) }
    case "T", "B": counted(4).map { .bytes($0) }
    case "\u{8e}", "\u{96}": counted(8).map { .bytes($0) }
    case "X": counted(4).map { .text(String(decoding: $0, as: UTF8.self)) }
    case "\u{8c}": counted(1).map { .text(String(decoding: $0, as: UTF8.self)) }
    case "\u{8d}": counted(8).map { .text(String(decoding: $0, as: UTF8.self)) }
    default: nil
    }
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= bytes.count - at else { return nil }
    at += count
    return bytes[at - count..<at]
  }

  private mutating func counted(_ size: Int) -> ArraySlice<UInt8>? {
    guard let length = take(size), size < 8 || length.last == 0 else { return nil }
    return take(length.littleEndian)
  }

  private mutating func long() -> Pickle? {
    guard let digits = counted(1), digits.count <= 8 else { return nil }
    let shift = 64 - 8 * digits.count
    let word =
      digits.isEmpty ? 0 : (digits.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) } << shift) >> shift
    return .number(Double(word))
  }

  private mutating func line() -> String? {
    guard let end = bytes[at...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    defer { at = end + 1 }
    return String(decoding: bytes[at..<end], as: UTF8.self)
  }

  private mutating func remember(_ code: UInt8) -> Bool {
    guard let top = stack.last else { return false }
    switch code {
    case UInt8(ascii: "q"): return take(1).map { memo[$0.littleEndian] = top } != nil
    case UInt8(ascii: "r"): return take(4).map { memo[$0.littleEndian] = top } != nil
    case UInt8(ascii: "p"): return line().flatMap { Int($0) }.map { memo[$0] = top } != nil
    default:
      memo[memo.count] = top
      return true
    }
  }

  private mutating func recall(_ code: UInt8) -> Bool {
    let place =
      switch code {
      case UInt8(ascii: "h"): take(1)?.littleEndian
      case UInt8(ascii: "j"): take(4)?.littleEndian
      default: line().flatMap { Int($0) }
      }
    guard let value = place.flatMap({ memo[$0] }) else { return false }
    stack.append(value)
    return true
  }

  /// What lies above the last mark.
  private mutating func aboveMark() -> [Pickle]? {
    guard let mark = marks.popLast(), mark <= stack.count else { return nil }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func top(_ count: Int) -> [Pickle]? {
    guard count <= stack.count else { return nil }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func extend(_ code: UInt8) -> Bool {
    let added =
      switch code {
      case UInt8(ascii: "a"): top(1)
      case UInt8(ascii: "s"): top(2)
      default: aboveMark()
      }
    guard let added else { return false }
    switch stack.last {
    case .list(let reference), .map(let reference): reference.items += added
    default: return false
    }
    return true
  }

  private mutating func gather(_ code: UInt8) -> Bool {
    let items =
      switch code {
      case 0x85...0x87: top(Int(code) - 0x84)
      default: aboveMark()
      }
    guard let items else { return false }
    let reference = Pickle.Reference()
    reference.items = items
    switch code {
    case UInt8(ascii: "l"): stack.append(.list(reference))
    case UInt8(ascii: "d"): stack.append(.map(reference))
    default: stack.append(.tuple(items))
    }
    return true
  }

  private mutating func build(_ code: UInt8) -> Bool {
    switch code {
    case UInt8(ascii: "c"):
      guard let module = line(), let name = line() else { return false }
      stack.append(.global("\(module) \(name)"))
    case 0x93:
      guard let names = top(2), let module = names[0].string, let name = names[1].string else { return false }
      stack.append(.global("\(module) \(name)"))
    case UInt8(ascii: "b"):
      guard let state = stack.popLast() else { return false }
      if case .call(_, _, let reference) = stack.last { reference.items = state.items ?? [state] }
      return !stack.isEmpty
    default:
      guard let parts = top(2), case .global(let name) = parts[0], let arguments = parts[1].items else {
        return false
      }
      stack.append(.call(name, arguments: arguments, .init()))
    }
    return true
  }
}
