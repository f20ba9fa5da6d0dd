package import Drawing
package import Images

extension Images.Picture {
  /// The same pixels as a picture that can be written to a file.
  package init(_ image: RGBImage) {
    self.init(width: image.width, height: image.height, channels: 3, bytes: image.bytes)
  }
}
