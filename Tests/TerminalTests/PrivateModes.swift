/// Which private modes of a terminal are on after what was written to it.
struct PrivateModes {
  private(set) var on: Set<Int> = [Self.cursor, Self.lineWrap]
  /// Modes that were on at some time.
  private(set) var everOn: Set<Int> = []

  init(after output: [UInt8]) {
    var rest = output[...]
    while let escape = rest.firstIndex(of: 0x1b) {
      rest = rest[(escape + 1)...]
      guard rest.starts(with: Array("[?".utf8)) else { continue }
      let parameters = rest.dropFirst(2).prefix { $0 == UInt8(ascii: ";") || (0x30...0x39).contains($0) }
      let final = rest.dropFirst(2 + parameters.count).first
      let numbers = parameters.split(separator: UInt8(ascii: ";")).compactMap {
        Int(String(decoding: $0, as: UTF8.self))
      }
      if final == UInt8(ascii: "h") {
        on.formUnion(numbers)
        everOn.formUnion(numbers)
      } else if final == UInt8(ascii: "l") {
        on.subtract(numbers)
      }
    }
  }

  static let alternateScreen = 1049
  static let cursor = 25
  static let drags = 1002
  static let mouseCoordinates = 1006
  static let lineWrap = 7
  static let pastes = 2004
  static let applicationKeys = 1

  /// The ordinary screen, wrapped lines, a visible cursor, nothing reported.
  var areOrdinary: Bool { on == [Self.cursor, Self.lineWrap] }
}
