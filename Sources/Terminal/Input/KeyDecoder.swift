internal import CNcurses
public import Drawing

/// Turns what ncurses reads, bytes and its key codes, into inputs.
///
/// Whatever arrives, in whatever pieces, nothing traps: bytes that are not UTF-8 and sequences that mean nothing
/// here are dropped. Escape sequences that ncurses leaves as bytes (modified keys, mouse reports, pastes) are read
/// here.
public struct KeyDecoder: Sendable {
  private enum State {
    case ground
    case text(bytes: [UInt8], missing: Int)
    case escape
    /// After `ESC [`.
    case control([UInt8])
    /// After `ESC O`.
    case single
    /// The three bytes of a mouse report of the oldest kind.
    case oldMouse([UInt8])
    case pasting
    /// After `ESC ]` or `ESC P`: what of the terminal's answer has come.
    case answer(StringAnswer)
  }

  private var state = State.ground
  private var mouse = MouseDecoder()
  private var pasted: [UInt8] = []
  /// Whether an answer of the terminal is out; until then an escape byte alone may be the beginning of it.
  public private(set) var isAwaiting = false
  /// A lone escape byte was taken for the key while an answer was out.
  private var hasEndedEscape = false
  /// What the terminal has said of itself so far; complete once ``isAwaiting`` is false again.
  public private(set) var answers = TerminalAnswers()
  private static let pasteEnd = Array("\u{1b}[201~".utf8)
  /// Longest parameter text and longest paste that are kept; more is dropped.
  private static let limits = (parameters: 64, paste: 65_536)

  public init() {}

  /// Answers of the terminal are on their way; the last of them is that on what it is.
  public mutating func awaitAnswer() { isAwaiting = true }

  /// Whether an escape byte is all that has come of a sequence.
  public var isAtEscape: Bool { if case .escape = state { true } else { false } }

  /// One value of `wgetch`: a byte or a key code.
  ///
  /// Nil while a sequence is unfinished or when it means nothing.
  public mutating func decode(_ code: Int32) -> Input? {
    guard let byte = UInt8(exactly: code) else {
      if case .pasting = state { return nil }
      state = .ground
      return KeyCode.key(code).map(Input.key)
    }
    switch state {
    case .ground: return start(byte)
    case .text(let bytes, let missing): return continueText(bytes, missing, byte)
    case .escape: return afterEscape(byte)
    case .control(let parameters): return continueControl(parameters, byte)
    case .single:
      state = .ground
      return KeyCode.single(byte).map(Input.key)
    case .oldMouse(let bytes): return continueOldMouse(bytes + [byte])
    case .pasting: return continuePaste(byte)
    case .answer(let answer): return continueAnswer(answer, byte)
    }
  }

  /// Nothing more waits: a lone escape byte was the escape key, which also ends a paste whose end never comes.
  public mutating func finish() -> Input? {
    switch state {
    case .escape:
      state = .ground
      hasEndedEscape = isAwaiting
      return .key(.escape)
    case .pasting where pasted.last == 0x1b:
      pasted.removeLast()
      return endPaste()
    default: return nil
    }
  }

  private mutating func start(_ byte: UInt8) -> Input? {
    defer { hasEndedEscape = false }
    switch byte {
    case 0x5d where hasEndedEscape: state = .answer(StringAnswer(.background))
    case 0x50 where hasEndedEscape: state = .answer(StringAnswer(.version))
    case 0x5b where hasEndedEscape: state = .control([])
    case 0x1b: state = .escape
    case 0x09: return .key(.tab)
    case 0x0a, 0x0d: return .key(.enter)
    case 0x08, 0x7f: return .key(.backspace)
    case 0: return .key(.control("@"))
    case 0x01...0x1a: return .key(.control(Character(Unicode.Scalar(byte + 0x60))))
    case 0x1c...0x1f: return .key(.control(Character(Unicode.Scalar(byte + 0x40))))
    case 0x20...0x7e: return .key(.character(Character(Unicode.Scalar(byte))))
    case 0xc2...0xdf: state = .text(bytes: [byte], missing: 1)
    case 0xe0...0xef: state = .text(bytes: [byte], missing: 2)
    case 0xf0...0xf4: state = .text(bytes: [byte], missing: 3)
    default: break
    }
    return nil
  }

  private mutating func continueText(_ bytes: [UInt8], _ missing: Int, _ byte: UInt8) -> Input? {
    state = .ground
    guard byte & 0xc0 == 0x80 else { return start(byte) }
    guard missing == 1 else {
      state = .text(bytes: bytes + [byte], missing: missing - 1)
      return nil
    }
    guard let text = String(validating: bytes + [byte], as: UTF8.self), let character = text.first else {
      return nil
    }
    // C1 control characters are no text.
    return character.unicodeScalars.first.map { $0.value < 0xa0 } == true ? nil : .key(.character(character))
  }

  private mutating func afterEscape(_ byte: UInt8) -> Input? {
    switch byte {
    case 0x5b: state = .control([])
    case 0x4f: state = .single
    case 0x50 where isAwaiting: state = .answer(StringAnswer(.version))
    case 0x5d: state = .answer(StringAnswer(.background))
    case 0x1b: return .key(.escape)
    default:
      // Alt and a key, which has no meaning of its own here: the key alone.
      state = .ground
      return start(byte)
    }
    return nil
  }

  private mutating func continueControl(_ parameters: [UInt8], _ byte: UInt8) -> Input? {
    if byte == 0x1b {
      state = .escape
      return nil
    }
    guard (0x40...0x7e).contains(byte) else {
      state = byte < 0x20 ? .ground : .control(Array((parameters + [byte]).suffix(Self.limits.parameters)))
      return nil
    }
    state = .ground
    switch (byte, parameters.first) {
    case (UInt8(ascii: "M"), nil): state = .oldMouse([])
    case (UInt8(ascii: "M"), UInt8(ascii: "<")), (UInt8(ascii: "m"), UInt8(ascii: "<")):
      let released = byte == UInt8(ascii: "m")
      return mouse.decode(Self.numbers(parameters.dropFirst()), released: released).map(Input.mouse)
    case (UInt8(ascii: "c"), UInt8(ascii: "?")):
      answers.attributes = Self.numbers(parameters.dropFirst())
      isAwaiting = false
    case (UInt8(ascii: "t"), UInt8(ascii: "6")):
      let numbers = Self.numbers(parameters[...])
      if isAwaiting, numbers.count == 3, numbers.allSatisfy({ (1...1000).contains($0) }) {
        answers.cell = (numbers[2], numbers[1])
      }
    case (UInt8(ascii: "~"), _) where parameters == Array("200".utf8): state = .pasting
    default: return KeyCode.control(Self.numbers(parameters[...]), byte).map(Input.key)
    }
    return nil
  }

  /// A byte that belongs to no answer is a key: somebody pressed Alt and `]`.
  private mutating func continueAnswer(_ answer: StringAnswer, _ byte: UInt8) -> Input? {
    var answer = answer
    switch answer.take(byte) {
    case .more: state = .answer(answer)
    case .done:
      state = .ground
      answers.name = answer.name ?? answers.name
      return answer.background.map(Input.background)
    case .foreign:
      state = .ground
      return start(byte)
    }
    return nil
  }

  private mutating func continueOldMouse(_ bytes: [UInt8]) -> Input? {
    guard bytes.count == 3 else {
      state = .oldMouse(bytes)
      return nil
    }
    state = .ground
    return mouse.decodeOld(bytes).map(Input.mouse)
  }

  private mutating func continuePaste(_ byte: UInt8) -> Input? {
    pasted.append(byte)
    if pasted.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd) {
      pasted.removeLast(Self.pasteEnd.count)
      return endPaste()
    }
    if pasted.count > 2 * Self.limits.paste { pasted.removeFirst(Self.limits.paste) }
    return nil
  }

  private mutating func endPaste() -> Input {
    defer {
      state = .ground
      pasted = []
    }
    let kept = pasted.prefix(Self.limits.paste)
    let lines = String(decoding: kept, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let text = lines.map { $0.filter { $0 == "\t" || ($0.unicodeScalars.first?.value ?? 0) >= 0x20 } }
    return .paste(text.joined(separator: "\n"))
  }

  /// Numbers between semicolons; an absent, foreign or huge one is −1.
  private static func numbers(_ parameters: ArraySlice<UInt8>) -> [Int] {
    parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map {
      Int(String(decoding: $0, as: UTF8.self)) ?? -1
    }
  }
}
