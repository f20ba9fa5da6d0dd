internal import CPNG

/// Portable Network Graphics, by libpng's simplified interface.
public enum PNG {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let alphaFlag: UInt32 = 1
  private static let colorFlag: UInt32 = 2

  /// The picture in a PNG file's bytes; transparent parts show white, 16-bit samples are rounded to 8.
  static func decode(_ bytes: [UInt8], _ path: String) throws(ImageError) -> Picture {
    let outcome = bytes.withUnsafeBytes { buffer in withImage { read($0, buffer, path) } }
    return try outcome.get()
  }

  /// The bytes of a PNG file of `picture`.
  public static func encode(_ picture: Picture) -> [UInt8] {
    precondition(picture.width > 0 && picture.height > 0, "a PNG has at least one pixel")
    return withImage { image in
      image.pointee.width = UInt32(picture.width)
      image.pointee.height = UInt32(picture.height)
      image.pointee.format = picture.channels == 3 ? colorFlag : 0
      var size = 0
      guard png_image_write_to_memory(image, nil, &size, 0, picture.bytes, 0, nil) != 0 else {
        preconditionFailure("libpng does not write \(picture.width)×\(picture.height) pixels")
      }
      var out = [UInt8](repeating: 0, count: size)
      guard png_image_write_to_memory(image, &out, &size, 0, picture.bytes, 0, nil) != 0 else {
        preconditionFailure("libpng does not write \(picture.width)×\(picture.height) pixels")
      }
      return Array(out[..<size])
    }
  }

  public static func write(_ picture: Picture, to path: String) throws(ImageError) {
    try OutputFile.write(encode(picture), to: path)
  }

  /// libpng keeps the structure's address from one call to the next.
  private static func withImage<Result>(_ body: (UnsafeMutablePointer<png_image>) -> Result) -> Result {
    let image = UnsafeMutablePointer<png_image>.allocate(capacity: 1)
    image.initialize(to: png_image())
    image.pointee.version = UInt32(PNG_IMAGE_VERSION)
    defer {
      png_image_free(image)
      image.deallocate()
    }
    return body(image)
  }

  private static func read(
    _ image: UnsafeMutablePointer<png_image>, _ buffer: UnsafeRawBufferPointer, _ path: String
  ) -> Result<Picture, ImageError> {
    guard png_image_begin_read_from_memory(image, buffer.baseAddress, buffer.count) != 0 else {
      return .failure(.broken(path, "PNG", message(image)))
    }
    let width = Int(image.pointee.width)
    let height = Int(image.pointee.height)
    guard width * height <= Picture.largestArea else {
      return .failure(.tooLarge(path, width: width, height: height))
    }
    let color = image.pointee.format & colorFlag
    let alpha = image.pointee.format & alphaFlag
    image.pointee.format = color | alpha
    image.pointee.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
    let channels = color != 0 ? 3 : 1
    let stored = channels + (alpha != 0 ? 1 : 0)
    var bytes = [UInt8](repeating: 0, count: width * height * stored)
    guard png_image_finish_read(image, nil, &bytes, 0, nil) != 0 else {
      return .failure(.broken(path, "PNG", message(image)))
    }
    if alpha != 0 { bytes = onWhite(bytes, channels) }
    return .success(Picture(width: width, height: height, channels: channels, bytes: bytes))
  }

  private static func onWhite(_ bytes: [UInt8], _ channels: Int) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count / (channels + 1) * channels)
    for i in stride(from: 0, to: bytes.count, by: channels + 1) {
      let alpha = Int(bytes[i + channels])
      for channel in 0..<channels {
        out.append(UInt8((Int(bytes[i + channel]) * alpha + 255 * (255 - alpha) + 127) / 255))
      }
    }
    return out
  }

  private static func message(_ image: UnsafeMutablePointer<png_image>) -> String {
    withUnsafeBytes(of: image.pointee.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
