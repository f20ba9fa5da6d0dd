/// A number type of NumPy, such as `<f4`.
struct NPYElement: Sendable, Equatable {
  enum Kind: Character {
    case float = "f"
    case signed = "i"
    case unsigned = "u"
    case boolean = "b"
  }

  let kind: Kind
  /// Bytes in one element.
  let size: Int
  let isBigEndian: Bool

  init?(_ name: String) {
    let characters = Array(name)
    guard characters.count == 3, let kind = Kind(rawValue: characters[1]),
      let size = characters[2].wholeNumberValue,
      "<>|=".contains(characters[0])
    else { return nil }
    let sizes: [Int] =
      switch kind {
      case .float: [2, 4, 8]
      case .signed, .unsigned: [1, 2, 4, 8]
      case .boolean: [1]
      }
    guard sizes.contains(size) else { return nil }
    self.kind = kind
    self.size = size
    isBigEndian = characters[0] == ">"
  }

  var isByte: Bool { kind == .unsigned && size == 1 }

  /// The numbers in `bytes` as floats, rounded where 24 bits do not suffice.
  func decode(_ bytes: [UInt8]) -> [Float] {
    switch (kind, size) {
    case (.float, 2): map(bytes, UInt16.self) { Float(halfPattern: $0) }
    case (.float, 4): map(bytes, UInt32.self) { Float(bitPattern: $0) }
    case (.float, _): map(bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
    case (.signed, 1): bytes.map { Float(Int8(bitPattern: $0)) }
    case (.signed, 2): map(bytes, UInt16.self) { Float(Int16(bitPattern: $0)) }
    case (.signed, 4): map(bytes, UInt32.self) { Float(Int32(bitPattern: $0)) }
    case (.signed, _): map(bytes, UInt64.self) { Float(Int64(bitPattern: $0)) }
    case (.unsigned, 2): map(bytes, UInt16.self) { Float($0) }
    case (.unsigned, 4): map(bytes, UInt32.self) { Float($0) }
    case (.unsigned, 8): map(bytes, UInt64.self) { Float($0) }
    case (.boolean, _): bytes.map { $0 == 0 ? 0 : 1 }
    case (.unsigned, _): bytes.map { Float($0) }
    }
  }

  private func map<Word: FixedWidthInteger>(_ bytes: [UInt8], _: Word.Type, _ value: (Word) -> Float)
    -> [Float]
  {
    bytes.withUnsafeBytes { raw in
      (0..<bytes.count / size).map { i in
        let word = raw.loadUnaligned(fromByteOffset: i * size, as: Word.self)
        return value(isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word))
      }
    }
  }
}

extension Float {
  /// The value of an IEEE half-precision number: not every processor's Swift has the type itself.
  init(halfPattern bits: UInt16) {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Float(bits & 0x3FF)
    switch exponent {
    case 0: self = sign * fraction * 0x1p-24
    case 31: self = fraction == 0 ? sign * .infinity : .nan
    default: self = sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
    }
  }
}
