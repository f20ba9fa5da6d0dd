internal import Drawing

/// The open model and the open images, and the image of them that all screens look at.
struct OpenSubject: Sendable {
  var model: OpenedModel?
  var images: OpenedImages?
  var image = 0

  /// Images of the set.
  var count: Int { images?.count ?? 0 }

  /// Whether a model and at least one image are open.
  var isReady: Bool { model != nil && count > 0 }

  /// Looks at another image, as far as there is one.
  mutating func select(image: Int) {
    self.image = min(max(0, image), max(0, count - 1))
  }
}

// MARK: - Names of classes

extension OpenSubject {
  /// Names of the model's classes; those of the images where they alone know them.
  var classNames: [String] {
    guard let model else { return [] }
    guard let images, images.classNames.count == model.classCount,
      model.classNames.isEmpty || model.namesAreGuessed
    else { return model.classNames }
    return images.classNames
  }

  func className(_ k: Int) -> String { classNames.indices.contains(k) ? classNames[k] : "class \(k)" }

  /// The name of an image's true class; nil where nobody knows it.
  func truth(of image: Int) -> String? {
    guard let images, images.truth.indices.contains(image), let k = images.truth[image] else { return nil }
    if images.classNames.indices.contains(k) { return images.classNames[k] }
    return className(k)
  }
}

// MARK: - Images that analyses learn from and are judged on

extension OpenSubject {
  /// Elements of an image; a guess of 32×32 RGB while nothing is open.
  var pixels: Int { model.map { $0.inputShape.reduce(1) { $0 * max(1, $1) } } ?? 3072 }

  /// Whether an analysis of a thousand images is a matter of seconds to a minute.
  var isSmall: Bool { pixels <= 4096 }

  /// The first half of the images: 1,000 at most, as few as 100 where images are large, fewer where a pass is
  /// dear.
  var training: Range<Int> { 0..<min(isSmall ? 1000 : mostLarge, max(min(1, count), count / 2)) }

  /// Images after those of ``training``: 500 tell a rate to 0.04, and a curve of 100 draws in half a minute.
  var validation: Range<Int> {
    let start = training.upperBound
    return start..<min(count, start + (isSmall ? 500 : mostLarge))
  }
}
