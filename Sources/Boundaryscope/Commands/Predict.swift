internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Laboratory
internal import Networks

/// Labels, probabilities and, where the truth is known, accuracy.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Classify images.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup var runs: RunOptions
  @OptionGroup var output: OutputOptions

  @Flag(name: .long, help: "Print the logits as well.")
  var logits = false

  func run() throws {
    let open = try model.open()
    let set = try images.set(for: open)
    let subject = Subject(classifier: open.classifier, images: try images.open(set, for: open))
    var outcome = try runs.outcome(of: Prediction(includesLogits: logits), on: subject, quiet: output.quiet)
    for i in outcome.predictions.indices { outcome.predictions[i].index = subject.images.indices[i] }
    let answer = try PredictAnswer(
      outcome, set, try open.matching(with: set), remarks: subject.images.remarks)
    try output.answer(answer, with: open) { describe(outcome, subject.classifier) }
  }

  private func describe(_ outcome: Prediction.Outcome, _ classifier: Classifier) {
    for p in outcome.predictions.prefix(20) {
      let truth =
        p.truth.map { $0 == p.label ? "" : "  (truth: \(Text.visible(classifier.className($0))))" } ?? ""
      print("\(p.index)  \(Text.visible(p.name))  \(Number.rate(p.probability))\(truth)")
    }
    if outcome.predictions.count > 20 { print("… \(outcome.predictions.count - 20) more; --json prints all") }
    let accuracy = outcome.accuracy.map { ", accuracy \(Number.rate($0))" } ?? ""
    print("\(outcome.count) images\(accuracy)")
    if let remark = classifier.remark { print(remark) }
  }
}
