internal import CGIF

/// GIF, by giflib: the first frame on its canvas, transparency dropped.
enum GIF {
  static func decode(_ bytes: [UInt8], _ path: String) throws(ImageError) -> DecodedPicture {
    let source = Source(bytes)
    var code: Int32 = 0
    let handle = DGifOpen(Unmanaged.passUnretained(source).toOpaque(), Source.take, &code)
    guard let gif = handle else { throw .broken(path, "GIF", message(code)) }
    defer { DGifCloseFile(gif, nil) }
    var control = GraphicsControlBlock()
    control.TransparentColor = NO_TRANSPARENT_COLOR
    guard seekImage(gif, &control) else { throw .broken(path, "GIF", message(gif.pointee.Error)) }
    return try withExtendedLifetime(source) { () throws(ImageError) in
      DecodedPicture(picture: try frame(gif, transparent: Int(control.TransparentColor), path))
    }
  }

  /// Reads on to the first image; what an extension says of transparency is kept.
  private static func seekImage(
    _ gif: UnsafeMutablePointer<GifFileType>, _ control: inout GraphicsControlBlock
  )
    -> Bool
  {
    var kind = UNDEFINED_RECORD_TYPE
    while DGifGetRecordType(gif, &kind) == GIF_OK {
      switch kind {
      case IMAGE_DESC_RECORD_TYPE: return DGifGetImageDesc(gif) == GIF_OK
      case EXTENSION_RECORD_TYPE: guard skipExtension(gif, &control) else { return false }
      default: return false
      }
    }
    return false
  }

  private static func skipExtension(
    _ gif: UnsafeMutablePointer<GifFileType>, _ control: inout GraphicsControlBlock
  ) -> Bool {
    var code: Int32 = 0
    var block: UnsafeMutablePointer<GifByteType>?
    guard DGifGetExtension(gif, &code, &block) == GIF_OK else { return false }
    if code == GRAPHICS_EXT_FUNC_CODE, let block { DGifExtensionToGCB(Int(block[0]), block + 1, &control) }
    while block != nil { guard DGifGetExtensionNext(gif, &block) == GIF_OK else { return false } }
    return true
  }

  private static func frame(
    _ gif: UnsafeMutablePointer<GifFileType>, transparent: Int, _ path: String
  ) throws(ImageError) -> Picture {
    let image = gif.pointee.Image
    let (left, top, wide, high) = (Int(image.Left), Int(image.Top), Int(image.Width), Int(image.Height))
    let (width, height) = (
      max(Int(gif.pointee.SWidth), left + wide), max(Int(gif.pointee.SHeight), top + high)
    )
    guard width > 0, height > 0 else { throw .broken(path, "GIF", "it has no size") }
    guard width * height <= Picture.largestArea else { throw .tooLarge(path, width: width, height: height) }
    var canvas = [UInt8](repeating: UInt8(clamping: max(0, transparent)), count: width * height)
    for row in rows(high, isInterlaced: image.Interlace) {
      let start = (top + row) * width + left
      let status = canvas.withUnsafeMutableBufferPointer {
        DGifGetLine(gif, $0.baseAddress! + start, Int32(wide))
      }
      guard status == GIF_OK else { throw .broken(path, "GIF", message(gif.pointee.Error)) }
    }
    let map = palette(image.ColorMap ?? gif.pointee.SColorMap)
    return Picture(width: width, height: height, channels: 3, bytes: canvas.flatMap { map[Int($0)] })
  }

  /// Rows in the order of the file.
  private static func rows(_ high: Int, isInterlaced: Bool) -> [Int] {
    guard isInterlaced else { return Array(0..<high) }
    return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { Array(stride(from: $0.0, to: high, by: $0.1)) }
  }

  /// 256 colours; indices beyond the file's own map are greys, as in Pillow.
  private static func palette(_ map: UnsafeMutablePointer<ColorMapObject>?) -> [[UInt8]] {
    var colors = (0..<256).map { (i: Int) -> [UInt8] in [UInt8](repeating: UInt8(i), count: 3) }
    guard let map, let entries = map.pointee.Colors else { return colors }
    for i in 0..<min(256, Int(map.pointee.ColorCount)) {
      colors[i] = [entries[i].Red, entries[i].Green, entries[i].Blue]
    }
    return colors
  }

  private static func message(_ code: Int32) -> String {
    GifErrorString(code).map { String(cString: $0) } ?? "it ends too early"
  }

  /// The bytes that giflib asks for, one piece after another.
  private final class Source {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    static let take: InputFunc = { gif, out, count in
      guard let gif, let out, let data = gif.pointee.UserData else { return 0 }
      let source = Unmanaged<Source>.fromOpaque(data).takeUnretainedValue()
      let got = min(Int(count), source.bytes.count - source.at)
      for i in 0..<got { out[i] = source.bytes[source.at + i] }
      source.at += got
      return Int32(got)
    }
  }
}
