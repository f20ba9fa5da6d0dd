/// The portable bitmaps, greymaps and pixmaps P1 to P3 (in decimal) and P4 to P6 (in bytes).
///
/// Colours of up to 16 bits are scaled to 8; grey of more than 8 bits is not, but cut at 255, as in Pillow.
enum PNM {
  static func decode(_ bytes: [UInt8], _ path: String) throws(ImageError) -> DecodedPicture {
    let kind = bytes[1]
    var reader = Reader(bytes: bytes, at: 2)
    let isBitmap = kind == UInt8(ascii: "1") || kind == UInt8(ascii: "4")
    guard let width = reader.number(), let height = reader.number(),
      let largest = isBitmap ? 1 : reader.number(), width > 0, height > 0, 1...65_535 ~= largest
    else { throw broken(path, "its header does not parse") }
    guard width <= Picture.largestArea, height <= Picture.largestArea, width * height <= Picture.largestArea
    else {
      throw .tooLarge(path, width: width, height: height)
    }
    if isBitmap { return try bitmap(&reader, width, height, isPacked: kind == UInt8(ascii: "4"), path) }
    let channels = kind == UInt8(ascii: "3") || kind == UInt8(ascii: "6") ? 3 : 1
    let count = width * height * channels
    let isPacked = kind >= UInt8(ascii: "5")
    guard bytes.count - reader.at >= (isPacked ? count * (largest > 255 ? 2 : 1) : count) else {
      throw broken(path, "it ends too early")
    }
    guard let samples = isPacked ? reader.packed(count, largest) : reader.numbers(count, largest) else {
      throw broken(path, "its samples do not parse or exceed the largest value \(largest)")
    }
    if channels == 1, largest > 255 {
      return Picture.cut(
        width: width, height: height, samples.lazy.map { PNM.scaled($0, largest, to: 65_535) })
    }
    let scaled = samples.map { UInt8(PNM.scaled($0, largest, to: 255)) }
    return DecodedPicture(
      picture: Picture(width: width, height: height, channels: channels, bytes: scaled))
  }

  /// Black where a bit is set.
  private static func bitmap(
    _ reader: inout Reader, _ width: Int, _ height: Int, isPacked: Bool, _ path: String
  ) throws(ImageError) -> DecodedPicture {
    let bits = isPacked ? reader.bits(width, height) : reader.digits(width * height)
    guard let bits else { throw broken(path, "it ends too early or holds other digits than 0 and 1") }
    return DecodedPicture(
      picture: Picture(width: width, height: height, channels: 1, bytes: bits.map { $0 ? 0 : 255 }))
  }

  private static func broken(_ path: String, _ why: String) -> ImageError {
    .broken(path, "portable picture", why)
  }

  /// Halves go to the even neighbour.
  private static func scaled(_ value: Int, _ largest: Int, to limit: Double) -> Double {
    (Double(value) / Double(largest) * limit).rounded(.toNearestOrEven)
  }

  private struct Reader {
    let bytes: [UInt8]
    var at: Int

    /// Goes past white space and comments.
    private mutating func skip() {
      while at < bytes.count {
        if bytes[at] == UInt8(ascii: "#") {
          while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
        } else if [9, 10, 11, 12, 13, 32].contains(bytes[at]) {
          at += 1
        } else {
          break
        }
      }
    }

    /// The next decimal number.
    mutating func number() -> Int? {
      skip()
      var value: Int?
      while at < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[at] {
        value = (value ?? 0) * 10 + Int(bytes[at] - UInt8(ascii: "0"))
        if value! > 1 << 40 { return nil }
        at += 1
      }
      return value
    }

    mutating func numbers(_ count: Int, _ largest: Int) -> [Int]? {
      var out: [Int] = []
      out.reserveCapacity(count)
      for _ in 0..<count {
        guard let value = number(), value <= largest else { return nil }
        out.append(value)
      }
      return out
    }

    /// Samples after the one white space that ends the header.
    mutating func packed(_ count: Int, _ largest: Int) -> [Int]? {
      at += 1
      let size = largest > 255 ? 2 : 1
      guard at + count * size <= bytes.count else { return nil }
      var out: [Int] = []
      out.reserveCapacity(count)
      for i in 0..<count {
        let first = at + i * size
        let value = size == 1 ? Int(bytes[first]) : Int(bytes[first]) << 8 | Int(bytes[first + 1])
        guard value <= largest else { return nil }
        out.append(value)
      }
      return out
    }

    /// Bits after the one white space that ends the header, rows beginning at bytes.
    mutating func bits(_ width: Int, _ height: Int) -> [Bool]? {
      at += 1
      let line = (width + 7) / 8
      guard at + line * height <= bytes.count else { return nil }
      return (0..<height).flatMap { y in
        (0..<width).map { x in bytes[at + y * line + x / 8] >> UInt8(7 - x % 8) & 1 == 1 }
      }
    }

    /// Digits 0 and 1, white space between them or none.
    mutating func digits(_ count: Int) -> [Bool]? {
      guard bytes.count - at >= count else { return nil }
      var out: [Bool] = []
      while out.count < count {
        skip()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "0") || bytes[at] == UInt8(ascii: "1") else {
          return nil
        }
        out.append(bytes[at] == UInt8(ascii: "1"))
        at += 1
      }
      return out
    }
  }
}
