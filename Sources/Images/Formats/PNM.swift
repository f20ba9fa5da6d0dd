/// The portable pixmaps and greymaps P2, P3 (in decimal) and P5, P6 (in bytes), samples of up to 16 bits.
enum PNM {
  static func decode(_ bytes: [UInt8], _ path: String) throws(ImageError) -> Picture {
    let kind = bytes[1]
    let channels = kind == UInt8(ascii: "3") || kind == UInt8(ascii: "6") ? 3 : 1
    var reader = Reader(bytes: bytes, at: 2)
    guard let width = reader.number(), let height = reader.number(), let largest = reader.number(),
      width > 0, height > 0, 1...65_535 ~= largest
    else { throw .broken(path, "portable pixmap", "its header does not parse") }
    guard width <= Picture.largestArea, height <= Picture.largestArea, width * height <= Picture.largestArea
    else {
      throw .tooLarge(path, width: width, height: height)
    }
    let count = width * height * channels
    let isBinary = kind >= UInt8(ascii: "5")
    guard bytes.count - reader.at >= (isBinary ? count * (largest > 255 ? 2 : 1) : count) else {
      throw .broken(path, "portable pixmap", "it ends too early")
    }
    guard let samples = isBinary ? reader.packed(count, largest) : reader.numbers(count, largest) else {
      throw .broken(
        path, "portable pixmap", "its samples do not parse or exceed the largest value \(largest)")
    }
    return Picture(width: width, height: height, channels: channels, bytes: samples)
  }

  private struct Reader {
    let bytes: [UInt8]
    var at: Int

    /// The next decimal number, past white space and comments.
    mutating func number() -> Int? {
      while at < bytes.count {
        if bytes[at] == UInt8(ascii: "#") {
          while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
        } else if [9, 10, 11, 12, 13, 32].contains(bytes[at]) {
          at += 1
        } else {
          break
        }
      }
      var value: Int?
      while at < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[at] {
        value = (value ?? 0) * 10 + Int(bytes[at] - UInt8(ascii: "0"))
        if value! > 1 << 40 { return nil }
        at += 1
      }
      return value
    }

    mutating func numbers(_ count: Int, _ largest: Int) -> [UInt8]? {
      var out: [UInt8] = []
      out.reserveCapacity(count)
      for _ in 0..<count {
        guard let value = number(), value <= largest else { return nil }
        out.append(PNM.byte(value, largest))
      }
      return out
    }

    /// Samples after the one white space that ends the header.
    mutating func packed(_ count: Int, _ largest: Int) -> [UInt8]? {
      at += 1
      let size = largest > 255 ? 2 : 1
      guard at + count * size <= bytes.count else { return nil }
      if largest == 255 { return Array(bytes[at..<at + count]) }
      var out: [UInt8] = []
      out.reserveCapacity(count)
      for i in 0..<count {
        let first = at + i * size
        let value = size == 1 ? Int(bytes[first]) : Int(bytes[first]) << 8 | Int(bytes[first + 1])
        guard value <= largest else { return nil }
        out.append(PNM.byte(value, largest))
      }
      return out
    }
  }

  private static func byte(_ value: Int, _ largest: Int) -> UInt8 {
    UInt8((value * 255 + largest / 2) / largest)
  }
}
