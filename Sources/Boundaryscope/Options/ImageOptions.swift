internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import Images
internal import Laboratory

/// Which images.
struct ImageOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "A picture, a folder of class folders or of pictures, CIFAR binary, IDX, .npy, or a bundled set by name.",
      valueName: "spec"), completion: .file())
  var images: String

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Which of them, half open, such as 0..100.", valueName: "a..b"))
  var range: IndexRange?

  func open(for model: OpenModel) throws -> ImageSet { try model.images(images, range?.range) }

  /// The first `limit` of them alone: the others are not read.
  func open(for model: OpenModel, first limit: Int) throws -> ImageSet {
    let set = try model.dataSet(images)
    let range = range?.range ?? 0..<set.count
    return try model.images(of: set, range.lowerBound..<min(range.upperBound, range.lowerBound + limit))
  }
}

/// A half-open range of indices, `A..B`.
struct IndexRange: ExpressibleByArgument {
  let range: Range<Int>

  init?(argument: String) {
    let parts = argument.components(separatedBy: "..")
    guard parts.count == 2, let a = Int(parts[0]), let b = Int(parts[1]), 0 <= a, a < b else { return nil }
    range = a..<b
  }
}
