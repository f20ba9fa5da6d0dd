internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Laboratory

/// The norm at which random directions change a share of the labels.
struct Noise: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the norm at which random noise changes a share of the labels.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(
    name: .long, parsing: .unconditional, help: ArgumentHelp("Share of labels to change.", valueName: "q"))
  var share = 0.8

  func validate() throws {
    if !(share > 0 && share < 1) {
      throw ValidationError("--share \(share): expected a share between 0 and 1")
    }
  }

  func run() throws {
    let (open, set) = try model.open(for: images)
    let subject = Subject(classifier: open.classifier, images: try images.open(set, for: open))
    let noise = NoiseTolerance(share: share, seed: runs.seed)
    let outcome = try runs.outcome(of: noise, on: subject, quiet: output.quiet)
    try output.answer(outcome, with: open, alarm: open.alarm("R", norm: outcome.radius)) {
      for point in outcome.curve {
        print("norm \(Number.figure(point.radius))  changes \(Number.rate(point.rate)) of the labels")
      }
      let radius = outcome.radius.map {
        "R = \(Number.figure($0)) (pixels in [0, 1]); the paper's ξ = R/5 = \(Number.figure($0 / 5))"
      }
      print("share \(share): " + (radius ?? "not reached"))
    }
  }
}
