internal import Foundation
internal import Testing

@testable internal import ONNX

@Suite("Class names")
struct ClassNamesTests {
  private static let names = ["ant", "bee", "cow"]

  @Test(
    "names are read as people write them down",
    arguments: [
      "ant\nbee\ncow\n", "\u{feff}ant\r\nbee\r\ncow\r\n\r\n", "0: ant\n1: bee\n2: cow", "0 ant\n1 bee\n2 cow",
      "1\tant\n2\tbee\n3\tcow", "2,cow\n0,ant\n1,bee", "ant 0\nbee 1\ncow 2",
      "n00000001 ant\nn00000002 bee\nn00000003 cow", "[\"ant\", \"bee\", \"cow\"]", "('ant', 'bee', 'cow',)",
      "{0: 'ant', 1: 'bee', 2: 'cow'}", "{\"2\": \"cow\", \"0\": \"ant\", \"1\": \"bee\"}",
      "{\"bee\": 1, \"cow\": 2, \"ant\": 0}",
      "{\"0\": [\"n1\", \"ant\"], \"1\": [\"n2\", \"bee\"], \"2\": [\"n3\", \"cow\"]}",
      "{\"model\": \"vit\", \"id2label\": {\"0\": \"ant\", \"1\": \"bee\", \"2\": \"cow\"}}",
      "path: here\nnames:\n  0: ant\n  1: bee\n  2: cow\n", "names: ['ant', 'bee', 'cow']\nnc: 3",
      "names:\n- ant\n- bee\n- cow\nnc: 3",
      "ant, bee, cow", "\"ant\"\n\"bee\"\n\"cow\"", "'ant',\n'bee',\n'cow'", "ant\n\nbee\n\ncow",
      "0: 'ant',\n1: 'bee',\n2: 'cow'", "names = ['ant', 'bee', 'cow']", "id,name\n0,ant\n1,bee\n2,cow",
      "# all of them\nant\nbee\ncow", "names: [ant, bee, cow]", "names: ['ant',\n  'bee',\n  'cow']\nnc: 3",
      "names: # kinds\n  0: ant  # small\n  1: bee\n  2: cow",
      "n00000001 1 ant\nn00000002 2 bee\nn00000003 3 cow",
      "{\"n00000001\": \"ant\", \"n00000002\": \"bee\", \"n00000003\": \"cow\"}",
      "item {\n id: 1\n name: 'ant'\n}\nitem {\n id: 2\n name: 'bee'\n}\nitem {\n id: 3\n name: 'cow'\n}",
    ])
  func read(text: String) { #expect(ClassNames.parse(text) == Self.names) }

  @Test("numbers that belong to the names stay with them")
  func numbersInNames() {
    #expect(ClassNames.parse("1 star\n2 stars\n3 stars") == ["1 star", "2 stars", "3 stars"])
    #expect(ClassNames.parse("class 0\nclass 1\nclass 2") == ["class 0", "class 1", "class 2"])
    #expect(ClassNames.parse("0\n1\n2") == ["0", "1", "2"])
    #expect(ClassNames.parse("tench, Tinca tinca\ngoldfish") == ["tench, Tinca tinca", "goldfish"])
  }

  @Test("what leaves a class out, or is no list, gives no names")
  func none() {
    #expect(ClassNames.parse("{0: 'ant', 2: 'cow'}") == nil)
    #expect(ClassNames.parse("{\"size\": 224}") == nil)
    #expect(ClassNames.parse("") == nil)
    #expect(ClassNames.parse("a\0b") == nil)
    #expect(ClassNames.read("/nowhere/labels.txt") == nil)
    #expect(ClassNames.read("/") == nil)
  }

  @Test("UTF-16 and Latin letters are read")
  func encodings() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "names-\(UUID()).txt").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data([0xff, 0xfe] + "ant\nbée".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }).write(
      to: URL(filePath: path))
    #expect(ClassNames.read(path) == ["ant", "bée"])
    try Data([0x61, 0x0a, 0xe9]).write(to: URL(filePath: path))
    #expect(ClassNames.read(path) == ["a", "é"])
  }

  @Test(
    "literals of JSON and Python",
    arguments: [
      ("{'a': [1, -2.5e1], \"b\": None}", .map([("a", .list([.number(1), .number(-25)])), ("b", .null)])),
      ("(True, false)", .list([.boolean(true), .boolean(false)])),
      (#""é\n\x41\u00e9\ud83d\ude00\"""#, .string("é\nAé😀\"")), ("{}", .map([])),
    ] as [(text: String, value: Literal)])
  func literal(text: String, value: Literal) { #expect(Literal(text) == value) }

  @Test(
    "what is no literal is none",
    arguments: ["", "ant", "[1, 2", "{1}", "'open", "[1] 2", "{'a' 1}", "\"\\u12\""])
  func notLiteral(text: String) { #expect(Literal(text) == nil) }

  @Test("nesting ends somewhere")
  func nesting() { #expect(Literal(String(repeating: "[", count: 100_000)) == nil) }
}
