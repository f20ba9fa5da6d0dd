public import Tensors

/// Images with an order, read or drawn when they are asked for; pixels in [0, 1], N×C×H×W, RGB or grey.
public protocol DataSet: Sendable {
  /// What the user called it: a path or the name of a bundled set.
  var name: String { get }
  var count: Int { get }
  /// One name a class; empty where nothing says.
  var classNames: [String] { get }
  /// Whether the true classes are known.
  var isLabelled: Bool { get }

  /// Images `range` as a batch; an index that is not there is an error, not a trap.
  func images(_ range: Range<Int>) throws(ImageError) -> Tensor

  /// The true classes of images `range`; nil where they are not known.
  func labels(_ range: Range<Int>) throws(ImageError) -> [Int]?

  /// What to call image `index` on the screen: the file's name, or the index.
  func title(_ index: Int) -> String
}

extension DataSet {
  public func title(_ index: Int) -> String { String(index) }

  /// Image `index` as a batch of one.
  public func image(_ index: Int) throws(ImageError) -> Tensor { try images(index..<index + 1) }

  /// The true class of image `index`, where it is known.
  public func label(_ index: Int) throws(ImageError) -> Int? { try labels(index..<index + 1)?.first }

  /// Throws unless the set holds all of `range`.
  public func check(_ range: Range<Int>) throws(ImageError) {
    if range.lowerBound < 0 || range.upperBound > count {
      throw .range(name, asked: range, count: count)
    }
  }
}

extension DataSet {
  /// The batch of the pictures that `picture` gives for `range`, fitted one by one; a set of several threads' work.
  func batch(
    _ range: Range<Int>, _ fitting: Fitting, _ picture: @Sendable (Int) throws(ImageError) -> Picture
  ) throws(ImageError) -> Tensor {
    try check(range)
    let pictures = try collect(range, picture)
    var shape: Shape?
    var elements: [Float] = []
    for (index, picture) in zip(range, pictures) {
      let place = count == 1 ? name : "\(name), image \(title(index))"
      let fitted = try fitting.apply(picture, place)
      let entry: Shape = [fitted.channels, fitted.height, fitted.width]
      if let shape, shape != entry { throw .unequal(name, shape, entry) }
      if shape == nil { elements.reserveCapacity(entry.count * range.count) }
      shape = entry
      fitted.appendPlanes(to: &elements)
    }
    guard let entry = shape ?? fitting.shape else { throw .empty(name) }
    return Tensor(shape: Shape([range.count] + entry.extents), elements: elements)
  }

  private func collect(
    _ range: Range<Int>, _ picture: @Sendable (Int) throws(ImageError) -> Picture
  ) throws(ImageError) -> [Picture] {
    let piece = 64
    let pieces = (range.count + piece - 1) / piece
    do throws(any Error) {
      return try parallel(over: pieces) { k throws(any Error) -> [Picture] in
        let from = range.lowerBound + k * piece
        var pictures: [Picture] = []
        for index in from..<min(range.upperBound, from + piece) { pictures.append(try picture(index)) }
        return pictures
      }.flatMap { $0 }
    } catch let error as ImageError {
      throw error
    } catch {
      throw .unreadable(name, "reading was interrupted")
    }
  }
}
