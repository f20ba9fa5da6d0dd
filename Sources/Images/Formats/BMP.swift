/// Windows and OS/2 bitmaps: 1 to 32 bits, with masks, run lengths or as they are, from the bottom or from the top.
enum BMP {
  static func decode(_ bytes: [UInt8], _ path: String) throws(ImageError) -> DecodedPicture {
    let header = try Header(bytes, path)
    let (width, height) = (header.width, header.height)
    guard width <= Picture.largestArea, height <= Picture.largestArea, width * height <= Picture.largestArea
    else {
      throw .tooLarge(path, width: width, height: height)
    }
    let rows: [UInt8]
    if header.bits <= 8 {
      let indices = try header.isPacked ? runs(bytes, header) : indices(bytes, header, path)
      let palette = header.palette(bytes)
      rows = indices.flatMap { palette[Int($0)] }
    } else {
      rows = try colors(bytes, header, path)
    }
    let line = 3 * width
    let upright =
      header.isTopDown ? rows : (0..<height).reversed().flatMap { rows[$0 * line..<($0 + 1) * line] }
    return DecodedPicture(picture: Picture(width: width, height: height, channels: 3, bytes: upright))
  }

  /// Bytes of a row in the file, a multiple of four.
  private static func stride(_ header: Header) -> Int { (header.width * header.bits + 31) / 32 * 4 }

  private static func check(_ bytes: [UInt8], _ header: Header, _ path: String) throws(ImageError) {
    // Some writers leave out what fills up the last row.
    let last = (header.width * header.bits + 7) / 8
    guard header.start + (header.height - 1) * stride(header) + last <= bytes.count else {
      throw .broken(path, "BMP", "it ends too early")
    }
  }

  private static func indices(_ bytes: [UInt8], _ header: Header, _ path: String) throws(ImageError)
    -> [UInt8]
  {
    try check(bytes, header, path)
    var out: [UInt8] = []
    out.reserveCapacity(header.width * header.height)
    for row in 0..<header.height {
      let start = header.start + row * stride(header)
      for x in 0..<header.width {
        let bit = x * header.bits
        out.append(
          bytes[start + bit / 8] >> UInt8(8 - header.bits - bit % 8)
            & UInt8(truncatingIfNeeded: 1 << header.bits - 1))
      }
    }
    return out
  }

  /// RGB of pixels of 16, 24 or 32 bits: each masked field is scaled to 255, cut down to a whole number.
  private static func colors(_ bytes: [UInt8], _ header: Header, _ path: String) throws(ImageError) -> [UInt8]
  {
    try check(bytes, header, path)
    let size = header.bits / 8
    let fields = header.masks.map { mask in
      (shift: mask.trailingZeroBitCount, largest: max(1, mask >> mask.trailingZeroBitCount), mask: mask)
    }
    var out: [UInt8] = []
    out.reserveCapacity(header.width * header.height * 3)
    for row in 0..<header.height {
      let start = header.start + row * stride(header)
      for x in 0..<header.width {
        let pixel = bytes[start + x * size..<start + (x + 1) * size].littleEndian
        for field in fields { out.append(UInt8((pixel & field.mask) >> field.shift * 255 / field.largest)) }
      }
    }
    return out
  }

  /// Indices in runs (RLE8, RLE4); what they leave out has the index 0.
  private static func runs(_ bytes: [UInt8], _ header: Header) -> [UInt8] {
    let (width, count) = (header.width, header.width * header.height)
    var out = [UInt8](repeating: 0, count: count)
    var (at, from) = (0, header.start)
    func put(_ index: UInt8) {
      if at < count { out[at] = index }
      at += 1
    }
    while from + 1 < bytes.count, at < count {
      let (first, second) = (Int(bytes[from]), bytes[from + 1])
      from += 2
      switch (first, second) {
      case (0, 0): at = (at + width - 1) / width * width
      case (0, 1): return out
      case (0, 2):
        guard from + 1 < bytes.count else { return out }
        at += Int(bytes[from]) + Int(bytes[from + 1]) * width
        from += 2
      case (0, _):
        for i in 0..<Int(second) { put(header.index(i, of: bytes, at: from)) }
        let packed = header.bits == 4 ? (Int(second) + 1) / 2 : Int(second)
        // Each begins at an even place.
        from += packed + packed % 2
      default:
        // A run does not go on in the next row.
        let room = width - at % width
        for i in 0..<min(first, room) {
          put(header.bits == 4 ? (i % 2 == 0 ? second >> 4 : second & 15) : second)
        }
      }
    }
    return out
  }
}

extension BMP {
  /// What stands before the pixels.
  struct Header {
    let width: Int
    let height: Int
    let bits: Int
    let isTopDown: Bool
    /// Whether indices come in runs.
    let isPacked: Bool
    /// Where the pixels begin.
    let start: Int
    /// Red, green and blue fields of a pixel of 16 bits and more.
    let masks: [Int]
    private let size: Int
    private let colorCount: Int

    init(_ bytes: [UInt8], _ path: String) throws(ImageError) {
      let damage = ImageError.broken(path, "BMP", "its header does not parse")
      guard bytes.count >= 26 else { throw .broken(path, "BMP", "it ends too early") }
      func number(_ at: Int, _ size: Int) -> Int { bytes[at..<at + size].littleEndian }
      size = number(14, 4)
      let isOld = size == 12
      guard isOld || (40...124).contains(size), bytes.count >= 14 + size else { throw damage }
      width = isOld ? number(18, 2) : number(18, 4)
      let high = isOld ? number(20, 2) : Int(Int32(truncatingIfNeeded: number(22, 4)))
      height = abs(high)
      isTopDown = high < 0
      bits = number(isOld ? 24 : 28, 2)
      let compression = isOld ? 0 : number(30, 4)
      guard 1..<1 << 31 ~= width, height > 0, [1, 2, 4, 8, 16, 24, 32].contains(bits) else { throw damage }
      let packedBits = [1: 8, 2: 4]
      isPacked = packedBits[compression] != nil
      guard [0, 3, 6].contains(compression) || packedBits[compression] == bits else {
        throw .unsupported(path, "a BMP with a packing of kind \(compression)")
      }
      let said = isOld ? 0 : number(46, 4)
      guard said <= 1 << 16 else { throw damage }
      colorCount = bits > 8 ? said : said == 0 ? 1 << bits : said
      var masks = bits == 16 ? [0x7C00, 0x3E0, 0x1F] : [0xFF0000, 0xFF00, 0xFF]
      // The fields follow a header of 40 bytes and belong to the longer ones: at the same place.
      if compression != 0, !isPacked, bits > 8 {
        guard bytes.count >= 66 else { throw damage }
        let written = (0..<3).map { number(54 + 4 * $0, 4) }
        if written != [0, 0, 0] { masks = written }
      }
      self.masks = masks
      start = number(10, 4)
    }

    /// 256 colours; indices beyond the file's own are greys, as in Pillow.
    func palette(_ bytes: [UInt8]) -> [[UInt8]] {
      let entry = size == 12 ? 3 : 4
      return (0..<256).map { i in
        let at = 14 + size + i * entry
        guard i < colorCount, at + 3 <= bytes.count else { return [UInt8](repeating: UInt8(i), count: 3) }
        return [bytes[at + 2], bytes[at + 1], bytes[at]]
      }
    }

    /// Index `i` of those that lie side by side from `start` on; 0 beyond the end.
    func index(_ i: Int, of bytes: [UInt8], at start: Int) -> UInt8 {
      let place = bits == 4 ? start + i / 2 : start + i
      guard place < bytes.count else { return 0 }
      return bits == 4 ? (i % 2 == 0 ? bytes[place] >> 4 : bytes[place] & 15) : bytes[place]
    }
  }
}
