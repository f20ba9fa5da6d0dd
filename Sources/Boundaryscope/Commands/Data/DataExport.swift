internal import ArgumentParser
internal import Images
internal import Laboratory
internal import Tensors

struct DataExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write images as an N×C×H×W array of pixels in [0, 1], for training elsewhere.")

  @Argument(help: "The images, named as for --images.")
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
    let batch = try set.read(range?.range ?? 0..<set.count)
    try NPY.write(batch.images, to: output)
    for remark in set.remarks + batch.sentences { complain(remark) }
    guard let labels else { return }
    let truth = try batch.indices.compactMap { try set.label($0) }
    guard truth.count == batch.indices.count else {
      throw Refusal(.badData, "cannot write \(labels): \(set.name) does not label all of these images")
    }
    try NPY.write(.init(shape: [truth.count], elements: truth.map(Float.init)), to: labels)
  }
}
