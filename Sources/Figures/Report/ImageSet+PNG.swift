package import Experiments
internal import Images
internal import Tensors

extension ImageSet {
  /// An image as PNG, by its place in the set; nil where it has neither one channel nor three.
  func png(_ place: Int) -> [UInt8]? {
    guard [1, 3].contains(images.shape[1]), place < count else { return nil }
    return PNG.encode(Picture(images, entry: place))
  }

  /// What is said below its picture: its true class, else its number.
  package func naming(_ place: Int, _ classNames: [String]) -> String {
    guard let k = truth?[place] else { return "image \(indices[place])" }
    return classNames.indices.contains(k) ? classNames[k] : "class \(k)"
  }
}
