import Drawing
import Terminal
import Testing

@Suite struct KeyDecoderTests {
  static func inputs(_ bytes: [UInt8], pieces: Int = .max) -> [Input] {
    var decoder = KeyDecoder()
    var inputs: [Input] = []
    for (index, byte) in bytes.enumerated() {
      if let input = decoder.decode(Int32(byte)) { inputs.append(input) }
      if (index + 1) % pieces == 0, let input = decoder.finish() { inputs.append(input) }
    }
    if let input = decoder.finish() { inputs.append(input) }
    return inputs
  }

  static let sequences: [(String, Input)] = [
    ("a", .key(.character("a"))), ("é", .key(.character("é"))), ("境", .key(.character("境"))),
    ("\r", .key(.enter)), ("\t", .key(.tab)), ("\u{7f}", .key(.backspace)), ("\u{1}", .key(.control("a"))),
    ("\u{1f}", .key(.control("_"))), ("\u{1b}", .key(.escape)), ("\u{1b}[A", .key(.up)),
    ("\u{1b}OB", .key(.down)),
    ("\u{1b}[1;5C", .key(.right)), ("\u{1b}[Z", .key(.backTab)), ("\u{1b}[3~", .key(.delete)),
    ("\u{1b}[7~", .key(.home)), ("\u{1b}OF", .key(.end)), ("\u{1b}OP", .key(.function(1))),
    ("\u{1b}[15~", .key(.function(5))), ("\u{1b}[24~", .key(.function(12))),
    ("\u{1b}[<0;5;6M", .mouse(Mouse(.press, row: 5, column: 4))),
    ("\u{1b}[<34;300;6M", .mouse(Mouse(.drag, button: .right, row: 5, column: 299))),
    ("\u{1b}[<65;1;1M", .mouse(Mouse(.wheelDown, button: .none, row: 0, column: 0))),
    ("\u{1b}[<1;2;3m", .mouse(Mouse(.release, button: .middle, row: 2, column: 1))),
    ("\u{1b}[M !\"", .mouse(Mouse(.press, row: 1, column: 0))),
    ("\u{1b}[200~a\u{7}b\r\nc\u{1b}[201~", .paste("ab\nc")),
  ]

  @Test("Sequences of terminals are inputs", arguments: sequences)
  func sequence(text: String, input: Input) {
    #expect(Self.inputs(Array(text.utf8)) == [input])
  }

  @Test(
    "What means nothing is dropped",
    arguments: [
      [0xff, 0xfe], [0xc3], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc2, 0x85], [0x80, 0xbf],
      Array("\u{1b}[999;999;999x".utf8), Array("\u{1b}[<0;0;0M".utf8),
      Array("\u{1b}[<99999999999999999999;1;1M".utf8),
      Array("\u{1b}[<;;M".utf8), Array("\u{1b}[I".utf8), Array("\u{1b}[M\u{1}\u{1}\u{1}".utf8),
    ] as [[UInt8]])
  func dropped(bytes: [UInt8]) {
    let inputs = Self.inputs(bytes).filter { $0 != .key(.character("(")) }
    #expect(inputs.isEmpty)
    // What follows is read as if nothing had been before.
    #expect(Self.inputs(bytes + Array("z".utf8)).last == .key(.character("z")))
  }

  @Test("A release of the oldest kind is that of the button that was pressed")
  func oldRelease() {
    let bytes = Array("\u{1b}[M\"!!\u{1b}[M#!!".utf8)
    let expected = [
      Mouse(.press, button: .right, row: 0, column: 0), Mouse(.release, button: .right, row: 0, column: 0),
    ]
    #expect(Self.inputs(bytes) == expected.map(Input.mouse))
  }

  @Test("The escape key ends a paste whose end never comes, and a long one is cut")
  func unendedPaste() {
    var decoder = KeyDecoder()
    for byte in "\u{1b}[200~".utf8 { #expect(decoder.decode(Int32(byte)) == nil) }
    for _ in 0..<300_000 { _ = decoder.decode(Int32(UInt8(ascii: "x"))) }
    #expect(decoder.finish() == nil)
    _ = decoder.decode(0x1b)
    guard case .paste(let text) = decoder.finish() else {
      Issue.record("no paste")
      return
    }
    #expect(text.count == 65_536)
    #expect(decoder.decode(Int32(UInt8(ascii: "q"))) == .key(.character("q")))
  }

  static let answers: [(String, Input?)] = [
    ("rgb:0000/0000/0000\u{7}", .background(.dark)), ("rgb:ffff/ffff/ffff\u{1b}\\", .background(.light)),
    ("rgb:fd/f6/e3\u{7}", .background(.light)), ("rgb:0/2b/36\u{1b}\\", .background(.dark)),
    ("rgba:ffff/ffff/ffff/ffff\u{7}", .background(.light)), ("rgb:ffff/ffff\u{7}", nil), ("rgb:\u{7}", nil),
    ("rgb:fffff/0/0\u{7}", nil),
  ]

  @Test("The answer on the background is taken, whole or cut in two anywhere", arguments: answers)
  func background(answer: String, input: Input?) {
    let bytes = Array("\u{1b}]11;\(answer)\u{1b}[?62;22c".utf8)
    for cut in 1..<bytes.count {
      var decoder = KeyDecoder()
      decoder.awaitAnswer()
      var inputs = bytes[..<cut].compactMap { decoder.decode(Int32($0)) }
      if let input = decoder.finish() { inputs.append(input) }
      inputs += bytes[cut...].compactMap { decoder.decode(Int32($0)) }
      // A lone escape byte, or the one of an end in two bytes, cannot be told from the key.
      #expect(inputs.filter { $0 != .key(.escape) } == [input].compactMap { $0 }, "cut at \(cut)")
      #expect(!decoder.isAwaiting)
      #expect(decoder.decode(Int32(UInt8(ascii: "q"))) == .key(.character("q")))
    }
  }

  @Test("Alt and a bracket begin no answer", arguments: ["x", "1x", "11;q", "]"])
  func noAnswer(keys: String) throws {
    let inputs = Self.inputs(Array("\u{1b}]\(keys)".utf8))
    #expect(inputs.last == .key(.character(try #require(keys.last))))
  }

  @Test("Any bytes in any pieces are taken", arguments: [1, 2, 3, 7])
  func anything(pieces: Int) {
    var generator = LinearGenerator(seed: 3)
    var bytes = (0..<50_000).map { _ in UInt8(generator.next() % 256) }
    for index in bytes.indices where generator.next() % 9 == 0 { bytes[index] = 0x1b }
    bytes += Array("\u{1b}[201~".utf8)
    #expect(!Self.inputs(bytes, pieces: pieces).isEmpty)
  }
}
