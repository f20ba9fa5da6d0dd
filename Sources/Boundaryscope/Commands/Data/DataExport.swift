internal import ArgumentParser
internal import Images
internal import Laboratory
internal import Tensors

struct DataExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write images as an N×C×H×W array of pixels in [0, 1], for training elsewhere.")

  @Argument(help: "What --images takes.")
  var set: String

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Which of them, half open, such as 0..100.", valueName: "a..b"))
  var range: IndexRange?

  @Option(name: .long, help: ArgumentHelp("Where the images go.", valueName: "x.npy"))
  var output: String

  @Option(name: .long, help: ArgumentHelp("Where the labels go, as numbers.", valueName: "y.npy"))
  var labels: String?

  func run() throws {
    let set = try openDataSet(self.set)
    let range = range?.range ?? 0..<set.count
    try NPY.write(try set.images(range), to: output)
    guard let labels else { return }
    guard let truth = try set.labels(range) else {
      throw Refusal(.badData, "\(set.name) has no labels to write to \(labels)")
    }
    try NPY.write(.init(shape: [truth.count], elements: truth.map(Float.init)), to: labels)
  }
}
