internal import CTurboJPEG

/// JPEG, by TurboJPEG, with the accurate transform that Pillow uses.
public enum JPEG {
  static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

  /// Printing colours (CMYK, YCCK) become RGB as Pillow does it: inks are taken to be stored inverted, as Adobe does.
  static func decode(_ bytes: [UInt8], _ path: String) throws(ImageError) -> DecodedPicture {
    guard let handle = tjInitDecompress() else { throw .unreadable(path, "the JPEG decoder does not start") }
    defer { tjDestroy(handle) }
    var (width, height, sampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard tjDecompressHeader3(handle, bytes, UInt(bytes.count), &width, &height, &sampling, &space) == 0
    else {
      throw .broken(path, "JPEG", message(handle))
    }
    let (columns, rows) = (Int(width), Int(height))
    guard columns * rows <= Picture.largestArea else { throw .tooLarge(path, width: columns, height: rows) }
    let colors = Colors(space)
    var out = [UInt8](repeating: 0, count: columns * rows * colors.channels)
    let status = tjDecompress2(
      handle, bytes, UInt(bytes.count), &out, width, 0, height, colors.format,
      TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)
    if status != 0, !isHarmless(handle) { throw .broken(path, "JPEG", message(handle)) }
    if colors == .inks { out = PrintingColors.rgb(out.map { 255 - $0 }) }
    let picture = Picture(width: columns, height: rows, channels: colors == .grey ? 1 : 3, bytes: out)
    return DecodedPicture(picture: picture, orientation: Orientation(exif: exif(bytes)))
  }

  /// The bytes of a picture at a quality from 1 to 100, with halved colours as most programs write them.
  public static func encode(_ picture: Picture, quality: Int) -> [UInt8] {
    guard let handle = tjInitCompress() else { return [] }
    defer { tjDestroy(handle) }
    let isGrey = picture.channels == 1
    var (buffer, size): (UnsafeMutablePointer<UInt8>?, UInt) = (nil, 0)
    defer { tjFree(buffer) }
    let status = tjCompress2(
      handle, picture.bytes, Int32(picture.width), 0, Int32(picture.height),
      Int32((isGrey ? TJPF_GRAY : TJPF_RGB).rawValue), &buffer, &size,
      Int32((isGrey ? TJSAMP_GRAY : TJSAMP_420).rawValue), Int32(min(100, max(1, quality))),
      TJFLAG_ACCURATEDCT)
    guard status == 0, let buffer else { return [] }
    return Array(UnsafeBufferPointer(start: buffer, count: Int(size)))
  }

  /// What is left of a picture after it was written at a quality; the picture itself where nothing can be written.
  public static func compressed(_ picture: Picture, quality: Int) -> Picture {
    (try? decode(encode(picture, quality: quality), "a picture in memory").picture) ?? picture
  }

  private enum Colors {
    case grey, rgb, inks

    init(_ space: Int32) {
      switch space {
      case Int32(TJCS_GRAY.rawValue): self = .grey
      case Int32(TJCS_CMYK.rawValue), Int32(TJCS_YCCK.rawValue): self = .inks
      default: self = .rgb
      }
    }

    var channels: Int { self == .grey ? 1 : self == .rgb ? 3 : 4 }

    var format: Int32 {
      Int32((self == .grey ? TJPF_GRAY : self == .rgb ? TJPF_RGB : TJPF_CMYK).rawValue)
    }
  }

  /// The TIFF structure in the segment APP1; nil where there is none.
  private static func exif(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var at = 2
    while at + 4 <= bytes.count, bytes[at] == 0xFF, bytes[at + 1] != 0xDA {
      let length = bytes[at + 2..<at + 4].bigEndian
      guard length >= 2, at + 2 + length <= bytes.count else { return nil }
      let contents = bytes[at + 4..<at + 2 + length]
      if bytes[at + 1] == 0xE1, contents.starts(with: Orientation.exifMark) {
        return contents.dropFirst(Orientation.exifMark.count)
      }
      at += 2 + length
    }
    return nil
  }

  /// Bytes between segments are skipped without loss; every other warning means that pixels are missing.
  private static func isHarmless(_ handle: tjhandle) -> Bool {
    tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue) && message(handle).contains("extraneous bytes")
  }

  private static func message(_ handle: tjhandle) -> String {
    guard let text = tjGetErrorStr2(handle) else { return "its contents do not decode" }
    return String(cString: text)
  }
}
