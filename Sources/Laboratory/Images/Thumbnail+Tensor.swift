internal import Drawing
internal import Explorer
internal import Tensors

extension Thumbnail {
  /// One image, 1×C×H×W in [0, 1], as 8-bit red, green and blue; grey where it has not three channels.
  init(_ image: Tensor) {
    let (channels, height, width) = (image.shape[1], image.shape[2], image.shape[3])
    var bytes = [UInt8](repeating: 0, count: 3 * width * height)
    for pixel in 0..<width * height {
      for color in 0..<3 {
        let value = image.elements[(channels == 3 ? color : 0) * width * height + pixel]
        bytes[3 * pixel + color] = UInt8((255 * min(1, max(0, value))).rounded())
      }
    }
    self.init(width: width, height: height, bytes: bytes)
  }
}
