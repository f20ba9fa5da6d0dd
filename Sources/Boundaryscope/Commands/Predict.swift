internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Images
internal import Laboratory
internal import Networks
internal import Tensors

/// Labels, probabilities and, where the truth is known, accuracy.
struct Predict: ShardedCommand {
  static let configuration = CommandConfiguration(abstract: "Classify images.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup var shards: ShardOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Flag(name: .long, help: "Print the logits as well; --output writes them as an array, N×K.")
  var logits = false

  func run() throws {
    let (open, set) = try model.open(for: images)
    try output.check()
    let subject = Subject(classifier: open.classifier, images: try images.open(set, for: open))
    var outcome = try runs.outcome(of: Prediction(includesLogits: logits), on: subject, shards, output)
    let judgement = try runs.judgement(
      of: open, on: set, images.images, images.indices(of: set), quiet: output.quiet)
    for i in outcome.predictions.indices { outcome.predictions[i].index = subject.images.indices[i] }
    let answer = try PredictAnswer(
      outcome, set, head: open.classifier.network.head, remarks: subject.images.remarks)
    try output.save(try logits(of: subject, outcome))
    try output.answer(answer, with: open, derives: false, judgement: judgement) {
      describe(answer, outcome, subject.classifier)
    }
  }

  /// N×K.
  private func logits(of subject: Subject, _ outcome: Prediction.Outcome) throws -> Tensor {
    if !logits, Merging.parts != nil {
      throw Refusal(.usage, "the parts hold no logits for --output: run their shards with --logits")
    }
    let found =
      logits
      ? outcome : try runs.outcome(of: Prediction(includesLogits: true), on: subject, quiet: output.quiet)
    let rows = found.predictions.map { $0.logits ?? [] }
    return Tensor(shape: [rows.count, rows.first?.count ?? 0], elements: rows.flatMap { $0 })
  }

  private func describe(
    _ answer: PredictAnswer, _ outcome: Prediction.Outcome, _ classifier: Classifier
  ) {
    for row in answer.predictions.prefix(20) {
      let p = row.prediction
      let isWrong = p.truth.map { $0 != p.label } ?? false
      let own = row.folder ?? p.truth.map(classifier.className)
      let truth = isWrong || p.truth == nil ? own.map { "  (truth: \(Text.visible($0)))" } ?? "" : ""
      let place = row.file.map { Text.visible($0.split(separator: "/").last ?? "") } ?? "\(p.index)"
      print("\(place)  \(Text.visible(p.name))  \(Number.rate(p.probability))\(truth)")
    }
    if outcome.predictions.count > 20 {
      print("… and \(outcome.predictions.count - 20) more; --json prints all")
    }
    let accuracy = outcome.accuracy.map { ", accuracy \(Number.rate($0))" } ?? ""
    print("\(outcome.count) images\(accuracy)")
    if let remark = classifier.remark { print(remark) }
  }
}
