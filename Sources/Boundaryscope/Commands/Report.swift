internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Figures
internal import Foundation
internal import Glibc
internal import Images
internal import Laboratory
internal import Networks

/// One page on a model's boundary.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say on one page what a person who has just trained a model should know of its boundary.",
    discussion: """
      The first half of the images is learnt from, the second half judged on. A few hundred images take minutes.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(
    name: .long, parsing: .unconditional,
    help: "ξ, pixels in [0, 1]; a fifth of the random-noise norm of q = 0.8 where not said.")
  var radius: Double?

  func run() throws {
    try checkPositive([("--radius", radius)])
    let (open, set) = try model.open(for: images)
    let read = try images.open(set, for: open)
    guard read.count >= 20 else {
      throw Refusal(
        .badData,
        "a report needs 20 images at least, half of them to judge on; \(read.name) has \(read.count)")
    }
    let half = read.count / 2
    let subject = Subject(
      classifier: open.classifier, images: read.gathering(Array(0..<half)),
      validation: read.gathering(Array(half..<read.count)))
    let judgement = try runs.judgement(
      of: open, on: set, images.images, images.indices(of: set), quiet: output.quiet)
    let page = try ReportPage(subject, radius: radius, runs.finder(quiet: output.quiet))
    let alarm = open.alarm("the largest norm", norm: page.largestNorm)
    if output.json { return try printJSON(Answer(page, with: open, alarm: alarm, judgement: judgement)) }
    let judged = judgement?.sentence.map { ["doubt: \($0)"] } ?? []
    let reading = open.lines + judged + (alarm.map { ["alarm: \($0)"] } ?? [])
    let text =
      reading.joined(separator: "\n") + "\n\n" + page.text(name: open.classifier.name, set: read.name)
    print(text)
    if let path = output.output { try OutputFile.write(Array((text + "\n").utf8), to: path) }
  }
}
