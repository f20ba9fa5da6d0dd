internal import Drawing
internal import Foundation
internal import Images

/// A picture as a PNG file in base64, as terminals take it.
enum PictureFile {
  /// The file of the smallest kind that holds the picture.
  static func png(_ image: RGBImage) -> [UInt8] {
    guard image.width > 0, image.height > 0 else { return [] }
    if let indexed = IndexedPicture(image) {
      return PNG.encode(indices: indexed.indices, width: indexed.width, palette: indexed.palette)
    }
    return PNG.encode(Picture(width: image.width, height: image.height, channels: 3, bytes: image.bytes))
  }

  static func base64(_ image: RGBImage) -> (text: [UInt8], bytes: Int) {
    let file = png(image)
    return ([UInt8](Data(file).base64EncodedData()), file.count)
  }
}
