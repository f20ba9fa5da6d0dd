internal import CPictures

/// TIFF, by libtiff: the first page, in the colours that Pillow gives it.
///
/// Extra samples are dropped; colours multiplied by their alpha are divided by it. A Pillow that opens a TIFF also
/// turns it as its tag says.
enum TIFF {
  private enum Photometric: UInt16 {
    case whiteIsZero, blackIsZero, rgb, palette
    case inks = 5
  }

  static func decode(_ bytes: [UInt8], _ path: String) throws(ImageError) -> DecodedPicture {
    var fields = picture_tiff_fields()
    let samples = try PictureSamples(bytes, path, kind: "TIFF") { picture_read_tiff($0, $1, $2, $3, &fields) }
    let page = Page(samples, fields)
    guard let colors = Photometric(rawValue: fields.photometric) else {
      guard (8...10).contains(fields.photometric) else {
        throw .unsupported(path, "a TIFF in colours of kind \(fields.photometric)")
      }
      throw .unsupported(
        path, "a TIFF in L*a*b*",
        instead: "write it in RGB, with Pillow: Image.open(file).convert('RGB').save('picture.png')")
    }
    guard var decoded = page.decoded(colors) else {
      throw .unsupported(path, "a TIFF of \(samples.channels) samples of \(page.sampleName)")
    }
    decoded.orientation = Orientation(rawValue: Int(fields.orientation)) ?? .upright
    return decoded
  }

  /// The samples with what the file says they mean.
  private struct Page {
    let samples: PictureSamples
    let fields: picture_tiff_fields
    /// Samples of a pixel in one row: all, or one where each has a plane of its own.
    private let together: Int
    private let line: Int

    init(_ samples: PictureSamples, _ fields: picture_tiff_fields) {
      self.samples = samples
      self.fields = fields
      together = fields.planar == 2 ? 1 : samples.channels
      line = (samples.width * samples.bits * together + 7) / 8
    }

    private var isFloat: Bool { fields.sample_format == 3 }
    private var isSigned: Bool { fields.sample_format == 2 }

    var sampleName: String { "\(samples.bits) bits\(isFloat ? " (floats)" : "")" }

    func decoded(_ colors: Photometric) -> DecodedPicture? {
      if samples.bits == 12, colors == .blackIsZero, !isFloat { return packedGrey() }
      if samples.bits > 8, colors == .whiteIsZero || colors == .blackIsZero { return wideGrey() }
      guard [1, 2, 4, 8, 16].contains(samples.bits), !isFloat else { return nil }
      let bytes: [UInt8]
      switch colors {
      case .whiteIsZero, .blackIsZero:
        let step = UInt8(255 / ((1 << samples.bits) - 1))
        let inverts = colors == .whiteIsZero
        bytes = pixels(1).map { inverts ? 255 - $0 &* step : $0 &* step }
      case .palette:
        guard samples.bits <= 8, fields.map_count > 0 else { return nil }
        bytes = mapped()
      case .rgb:
        guard samples.bits >= 8, samples.channels >= 3 else { return nil }
        bytes = pixels(3)
      case .inks:
        guard samples.bits >= 8, samples.channels >= 4 else { return nil }
        bytes = PrintingColors.rgb(pixels(4))
      }
      let isGrey = colors == .whiteIsZero || colors == .blackIsZero
      return DecodedPicture(
        picture: Picture(width: samples.width, height: samples.height, channels: isGrey ? 1 : 3, bytes: bytes)
      )
    }

    /// Grey of 12 bits: two pixels in three bytes, the highest bits first.
    private func packedGrey() -> DecodedPicture? {
      guard together == 1 else { return nil }
      let numbers = (0..<samples.height).flatMap { y in
        (0..<samples.width).map { x in
          let first = y * line + x * 12 / 8
          let (a, b) = (Int(samples.bytes[first]), Int(samples.bytes[first + 1]))
          return Double(x % 2 == 0 ? a << 4 | b >> 4 : (a & 0xF) << 8 | b)
        }
      }
      return Picture.cut(width: samples.width, height: samples.height, numbers)
    }

    /// Grey of 16 or 32 bits.
    private func wideGrey() -> DecodedPicture? {
      let read: ((UnsafeRawBufferPointer, Int) -> Double)?
      switch (samples.bits, isFloat, isSigned) {
      case (16, false, false): read = { Double($0.loadUnaligned(fromByteOffset: $1, as: UInt16.self)) }
      case (16, false, true): read = { Double($0.loadUnaligned(fromByteOffset: $1, as: Int16.self)) }
      case (32, false, _): read = { Double($0.loadUnaligned(fromByteOffset: $1, as: Int32.self)) }
      case (32, true, _): read = { Double($0.loadUnaligned(fromByteOffset: $1, as: Float.self)) }
      default: read = nil
      }
      guard let read else { return nil }
      let size = samples.bits / 8
      let numbers = samples.bytes.withUnsafeBytes { raw in
        (0..<samples.width * samples.height).map { read(raw, $0 * together * size) }
      }
      return Picture.cut(width: samples.width, height: samples.height, numbers)
    }

    private func mapped() -> [UInt8] {
      let map = withUnsafeBytes(of: fields.map) { Array($0.bindMemory(to: UInt16.self)) }
      return pixels(1).flatMap { index in (0..<3).map { UInt8(map[$0 * 256 + Int(index)] >> 8) } }
    }

    /// The first `count` samples of each pixel; of 16 bits the high byte.
    private func pixels(_ count: Int) -> [UInt8] {
      // Extra samples of kind 1, stored as kind + 1: the colours are multiplied by the first of them.
      let isMultiplied = fields.extra == 2 && samples.channels > count
      var out: [UInt8] = []
      out.reserveCapacity(samples.width * samples.height * count)
      for y in 0..<samples.height {
        for x in 0..<samples.width {
          let alpha = isMultiplied ? Int(sample(x, y, count)) : 255
          for channel in 0..<count {
            let value = sample(x, y, channel)
            out.append(alpha == 255 ? value : alpha == 0 ? 0 : UInt8(clamping: Int(value) * 255 / alpha))
          }
        }
      }
      return out
    }

    private func sample(_ x: Int, _ y: Int, _ channel: Int) -> UInt8 {
      let plane = fields.planar == 2 ? channel * samples.height * line : 0
      let bit = (x * together + (fields.planar == 2 ? 0 : channel)) * samples.bits
      let first = plane + y * line + bit / 8
      switch samples.bits {
      case 8: return samples.bytes[first]
      case 16: return UInt8(samples.word(first / 2) >> 8)
      default: return samples.bytes[first] >> UInt8(8 - samples.bits - bit % 8) & UInt8(1 << samples.bits - 1)
      }
    }
  }
}
