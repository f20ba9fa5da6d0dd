public import Tensors

/// Images with an order, read or drawn when they are asked for; pixels in [0, 1], N×C×H×W, RGB or grey.
public protocol DataSet: Sendable {
  /// What the user called it: a path or the name of a bundled set.
  var name: String { get }
  var count: Int { get }
  /// The names of the set's own classes; empty where nothing says.
  var classNames: [String] { get }
  /// What the numbers that ``labels(_:)`` gives mean.
  var labelling: Labelling { get }
  /// What a person should know of how the set was understood, a sentence each.
  var remarks: [String] { get }
  /// The number that stands for white in the set's file; nil where it is a picture's usual 255, or 1.
  var white: Float? { get }

  /// Images `range`, what cannot be read left out; an index that is not there is an error, not a trap.
  func read(_ range: Range<Int>) throws(ImageError) -> ImageBatch

  /// The classes of images `range`, as the set numbers them; nil for an image whose class is not known.
  func labels(_ range: Range<Int>) throws(ImageError) -> [Int?]

  /// The file of image `index`, where each image has one.
  func file(_ index: Int) -> String?
}

/// What the classes of a set are known by.
public enum Labelling: Sendable, Equatable {
  /// No image's class is known.
  case none
  /// By their numbers, which are those of the data set itself.
  case numbers
  /// By their names alone: the numbers only say which of ``DataSet/classNames`` is meant.
  case names
}

extension DataSet {
  public var remarks: [String] { [] }

  public var white: Float? { nil }

  public func file(_ index: Int) -> String? { nil }

  /// What to call image `index` on the screen: the file's name, or the index.
  public func title(_ index: Int) -> String { file(index).map(Folder.lastComponent) ?? String(index) }

  /// Whether the set knows classes at all; single images may have none for all that.
  public var isLabelled: Bool { labelling != .none }

  /// Images `range`, all of them: one that cannot be read is an error.
  public func images(_ range: Range<Int>) throws(ImageError) -> Tensor {
    let batch = try read(range)
    if let first = batch.skipped.first { throw first.problem }
    return batch.images
  }

  /// Image `index` as a batch of one.
  public func image(_ index: Int) throws(ImageError) -> Tensor { try images(index..<index + 1) }

  /// The class of image `index`, where it is known.
  public func label(_ index: Int) throws(ImageError) -> Int? { try labels(index..<index + 1)[0] }

  /// Throws unless the set holds all of `range`.
  public func check(_ range: Range<Int>) throws(ImageError) {
    if range.lowerBound < 0 || range.upperBound > count {
      throw .range(name, asked: range, count: count)
    }
  }
}
