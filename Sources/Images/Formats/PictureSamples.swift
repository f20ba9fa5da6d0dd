internal import CPictures

/// The samples of a picture as its file has them, by one of the readers in C.
struct PictureSamples {
  let width: Int
  let height: Int
  /// Samples of a pixel.
  let channels: Int
  /// Bits of a sample.
  let bits: Int
  /// Packed rows, each beginning at a byte.
  let bytes: [UInt8]

  /// The samples that `reader` finds in `file`, a `kind` of picture.
  init(
    _ file: [UInt8], _ path: String, kind: String,
    reader: (UnsafePointer<UInt8>?, Int, Int, UnsafeMutablePointer<picture_samples>) -> Int32
  ) throws(ImageError) {
    var samples = picture_samples()
    let status = file.withUnsafeBufferPointer {
      reader($0.baseAddress, $0.count, Picture.largestArea, &samples)
    }
    defer { picture_free(&samples) }
    (width, height) = (Int(samples.width), Int(samples.height))
    (channels, bits) = (Int(samples.channels), Int(samples.bits))
    switch picture_status(UInt32(status)) {
    case picture_read: bytes = Array(UnsafeBufferPointer(start: samples.bytes, count: samples.count))
    case picture_too_large: throw .tooLarge(path, width: width, height: height)
    default:
      let message = withUnsafeBytes(of: samples.message) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw .broken(path, kind, message)
    }
  }

  /// Sample `i` of 16 bits, in the machine's order.
  func word(_ i: Int) -> UInt16 {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self) }
  }
}

/// A picture as its file has it, before anybody turns it.
struct DecodedPicture {
  var picture: Picture
  /// How a viewer is to turn it, by its EXIF or TIFF tag.
  var orientation = Orientation.upright
  /// Whether grey samples beyond 255 were cut to white, as Pillow's convert('RGB') does.
  var isCut = false
}

extension Picture {
  /// A grey picture of samples that may lie outside 0...255, cut there; whether any did is told.
  ///
  /// Pillow keeps such samples as numbers and cuts them when they become RGB: 16-bit grey is not scaled to 8 bits.
  static func cut(width: Int, height: Int, _ samples: some Sequence<Double>) -> DecodedPicture {
    var isCut = false
    let bytes = samples.map { sample -> UInt8 in
      // NaN fails the comparison, and is black.
      if !(sample <= 255) || sample < 0 { isCut = true }
      return sample > 0 ? UInt8(min(255, sample)) : 0
    }
    return DecodedPicture(
      picture: Picture(width: width, height: height, channels: 1, bytes: bytes), isCut: isCut)
  }
}
