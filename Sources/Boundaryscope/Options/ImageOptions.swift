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
      "A picture; a folder, zip or tar of class folders or of pictures; CIFAR, IDX, STL-10, .mat, .npy, .npz; a CSV list; or a bundled set.",
      valueName: "spec"), completion: .file())
  var images: String

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Which of them: half open, such as 0..100, or one, such as 7.", valueName: "a..b"))
  var range: IndexRange?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Turn pictures as their EXIF tag says, or never; by default only TIFFs are turned, as in Pillow.",
      valueName: "apply|ignore"))
  var exif: Turning?

  func set(for model: OpenModel) throws -> any DataSet { try model.dataSet(images, exif ?? .pillow) }

  /// Which images of a set are meant.
  func indices(of set: any DataSet) -> Range<Int> { range?.range.clamped(to: 0..<set.count) ?? 0..<set.count }

  /// Those of the range that can be read; the first `limit` of them alone, where there are more: the others are not read.
  func open(_ set: any DataSet, for model: OpenModel, first limit: Int = .max) throws -> ImageSet {
    let range = range?.range ?? 0..<set.count
    let read = try model.images(of: set, range.prefix(limit))
    // What is said of the truth stands with the answer.
    for remark in read.remarks where remark != model.truth?.sentence { complain(remark) }
    return read
  }
}

/// A half-open range of indices, `A..B`, or one index alone.
struct IndexRange: ExpressibleByArgument {
  let range: Range<Int>

  init?(argument: String) {
    if let one = Int(argument), one >= 0, one < .max {
      range = one..<one + 1
      return
    }
    let parts = argument.components(separatedBy: "..")
    guard parts.count == 2, let a = Int(parts[0]), let b = Int(parts[1]), 0 <= a, a < b else { return nil }
    range = a..<b
  }
}
