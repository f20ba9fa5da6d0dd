internal import CTurboJPEG

/// JPEG, by TurboJPEG, with the accurate transform that Pillow uses; an orientation tag is not followed.
enum JPEG {
  static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

  static func decode(_ bytes: [UInt8], _ path: String) throws(ImageError) -> Picture {
    guard let handle = tjInitDecompress() else { throw .unreadable(path, "the JPEG decoder does not start") }
    defer { tjDestroy(handle) }
    var (width, height, sampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard tjDecompressHeader3(handle, bytes, UInt(bytes.count), &width, &height, &sampling, &space) == 0
    else {
      throw .broken(path, "JPEG", message(handle))
    }
    let (columns, rows) = (Int(width), Int(height))
    guard columns * rows <= Picture.largestArea else { throw .tooLarge(path, width: columns, height: rows) }
    guard space != Int32(TJCS_CMYK.rawValue), space != Int32(TJCS_YCCK.rawValue) else {
      throw .unsupported(path, "a JPEG in printing colours (CMYK)")
    }
    let grey = space == Int32(TJCS_GRAY.rawValue)
    let channels = grey ? 1 : 3
    let format = Int32(grey ? TJPF_GRAY.rawValue : TJPF_RGB.rawValue)
    var out = [UInt8](repeating: 0, count: columns * rows * channels)
    let status = tjDecompress2(
      handle, bytes, UInt(bytes.count), &out, width, 0, height, format, TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
    )
    if status != 0, !isHarmless(handle) { throw .broken(path, "JPEG", message(handle)) }
    return Picture(width: columns, height: rows, channels: channels, bytes: out)
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
