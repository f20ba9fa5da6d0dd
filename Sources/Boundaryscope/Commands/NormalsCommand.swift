internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Laboratory

/// S_f: the span of the boundary's normals.
struct NormalsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "normals", abstract: "Find the singular values and directions of the unit normals r/‖r‖.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(
    name: .long, parsing: .unconditional,
    help: "Images to use, from the first on; by default all of the range.", transform: WholeNumber.images)
  var count: Int?

  @Option(name: .long, parsing: .unconditional, help: "Directions to keep.", transform: WholeNumber.vectors)
  var vectors = 20

  func run() throws {
    try output.check()
    let (open, set) = try model.open(for: images)
    let read = try images.open(set, for: open)
    let used = read.gathering(Array(0..<min(read.count, count ?? read.count)))
    let subject = Subject(classifier: open.classifier, images: used)
    let outcome = try runs.outcome(of: NormalSpectrum(vectors: vectors), on: subject, quiet: output.quiet)
    try output.save(outcome.basis)
    try output.answer(outcome, with: open) {
      print(
        "singular values of the matrix of \(outcome.count) unit normals (their squares sum to \(outcome.count))"
      )
      for (i, s) in outcome.singularValues.prefix(vectors).enumerated() {
        print("\(i + 1)  \(Number.figure(s))")
      }
    }
  }
}
