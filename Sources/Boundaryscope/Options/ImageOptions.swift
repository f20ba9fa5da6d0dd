internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import Images

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
