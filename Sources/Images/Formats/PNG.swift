internal import CPNG
internal import CPictures

/// Portable Network Graphics, by libpng.
public enum PNG {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let colorFlag: UInt32 = 2
  private static let paletteFlag: UInt32 = 8

  /// The picture in a PNG file's bytes: transparency is dropped, gamma ignored, colours of 16 bits keep their high byte.
  static func decode(_ bytes: [UInt8], _ path: String) throws(ImageError) -> DecodedPicture {
    let samples = try PictureSamples(bytes, path, kind: "PNG") { picture_read_png($0, $1, $2, $3) }
    let orientation = Orientation(exif: exif(bytes))
    guard samples.bits == 16 else {
      let picture = Picture(
        width: samples.width, height: samples.height, channels: samples.channels, bytes: samples.bytes)
      return DecodedPicture(picture: picture, orientation: orientation)
    }
    var grey = Picture.cut(
      width: samples.width, height: samples.height,
      (0..<samples.width * samples.height).lazy.map { Double(samples.word($0)) })
    grey.orientation = orientation
    return grey
  }

  /// The contents of the chunk eXIf; nil where there is none.
  private static func exif(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var at = signature.count
    while at + 12 <= bytes.count {
      let length = bytes[at..<at + 4].bigEndian
      guard at + 12 + length <= bytes.count else { return nil }
      if bytes[at + 4..<at + 8].elementsEqual("eXIf".utf8) { return bytes[at + 8..<at + 8 + length] }
      at += 12 + length
    }
    return nil
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

  /// The bytes of a PNG file of at most 256 colours: an index into `palette` (red, green and blue in turn) for each pixel.
  public static func encode(indices: [UInt8], width: Int, palette: [UInt8]) -> [UInt8] {
    precondition(
      width > 0 && !indices.isEmpty && indices.count % width == 0 && palette.count <= 768,
      "a PNG has whole rows of pixels and at most 256 colours")
    return withImage { image in
      image.pointee.width = UInt32(width)
      image.pointee.height = UInt32(indices.count / width)
      image.pointee.format = colorFlag | paletteFlag
      image.pointee.colormap_entries = UInt32(palette.count / 3)
      var size = 0
      let isSized = png_image_write_to_memory(image, nil, &size, 0, indices, 0, palette) != 0
      var out = [UInt8](repeating: 0, count: size)
      guard isSized, png_image_write_to_memory(image, &out, &size, 0, indices, 0, palette) != 0 else {
        preconditionFailure("libpng does not write \(indices.count) pixels of \(palette.count / 3) colours")
      }
      return Array(out[..<size])
    }
  }

  /// Writes a PNG file by way of ``OutputFile``; throws where nothing can be written there.
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
}
