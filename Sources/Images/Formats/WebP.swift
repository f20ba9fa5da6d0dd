internal import CWebP

/// WebP, by libwebp: the first frame on its canvas, transparency dropped.
enum WebP {
  static func decode(_ bytes: [UInt8], _ path: String) throws(ImageError) -> DecodedPicture {
    try bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(ImageError) in
        try read(WebPData(bytes: buffer.baseAddress, size: buffer.count), path)
      }
    }.get()
  }

  private static func read(_ file: WebPData, _ path: String) throws(ImageError) -> DecodedPicture {
    var file = file
    guard let demultiplexer = WebPDemux(&file) else {
      throw .broken(path, "WebP picture", "its contents do not parse or end too early")
    }
    defer { WebPDemuxDelete(demultiplexer) }
    let width = Int(WebPDemuxGetI(demultiplexer, WEBP_FF_CANVAS_WIDTH))
    let height = Int(WebPDemuxGetI(demultiplexer, WEBP_FF_CANVAS_HEIGHT))
    // Checked before the animation decoder makes room for the canvas.
    guard width * height <= Picture.largestArea else { throw .tooLarge(path, width: width, height: height) }
    guard let pixels = firstFrame(&file, count: width * height * 4) else {
      throw .broken(path, "WebP picture", "its pixels do not decode")
    }
    var rgb: [UInt8] = []
    rgb.reserveCapacity(width * height * 3)
    for i in stride(from: 0, to: pixels.count, by: 4) { rgb += pixels[i..<i + 3] }
    let picture = Picture(width: width, height: height, channels: 3, bytes: rgb)
    return DecodedPicture(picture: picture, orientation: orientation(demultiplexer))
  }

  /// RGBA of the first frame.
  private static func firstFrame(_ file: inout WebPData, count: Int) -> [UInt8]? {
    var options = WebPAnimDecoderOptions()
    guard WebPAnimDecoderOptionsInit(&options) != 0 else { return nil }
    options.color_mode = MODE_RGBA
    guard let decoder = WebPAnimDecoderNew(&file, &options) else { return nil }
    defer { WebPAnimDecoderDelete(decoder) }
    var pixels: UnsafeMutablePointer<UInt8>?
    var time: Int32 = 0
    guard WebPAnimDecoderGetNext(decoder, &pixels, &time) != 0, let pixels else { return nil }
    return Array(UnsafeBufferPointer(start: pixels, count: count))
  }

  private static func orientation(_ demultiplexer: OpaquePointer) -> Orientation {
    var chunk = WebPChunkIterator()
    guard WebPDemuxGetChunk(demultiplexer, "EXIF", 1, &chunk) != 0 else { return .upright }
    defer { WebPDemuxReleaseChunkIterator(&chunk) }
    return Orientation(
      exif: Array(UnsafeBufferPointer(start: chunk.chunk.bytes, count: chunk.chunk.size))[...])
  }
}
