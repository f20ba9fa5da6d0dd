internal import Drawing
package import Experiments
internal import Images
internal import Tensors

extension ImageSet {
  /// An image by its place in the set; nil where it has neither one channel nor three.
  private func picture(_ place: Int) -> Picture? {
    guard [1, 3].contains(images.shape[1]), place < count else { return nil }
    return Picture(images, entry: place)
  }

  /// The same as PNG.
  func png(_ place: Int) -> [UInt8]? { picture(place).map { PNG.encode($0) } }

  /// The same in colours.
  func rgb(_ place: Int) -> RGBImage? {
    picture(place).map { one in
      let bytes = one.channels == 3 ? one.bytes : one.bytes.flatMap { [$0, $0, $0] }
      return RGBImage(width: one.width, height: one.height, bytes: bytes)
    }
  }

  /// What is said below its picture: its true class, else its number.
  package func naming(_ place: Int, _ classNames: [String]) -> String {
    guard let k = truth?[place] else { return "image \(indices[place])" }
    return classNames.indices.contains(k) ? classNames[k] : "class \(k)"
  }
}
