internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Geometry
internal import Laboratory

/// How far the loss lies off its tangent near each image.
struct LinearityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "linearity",
    abstract: "Measure how far the loss departs from its tangent within a ball around each image.",
    discussion: """
      γ(ε, x) is the largest |ℓ(x + δ) − ℓ(x) − δᵀ∇ℓ(x)| over ‖δ‖ ≤ ε, by projected ascent from several starts: a lower \
      bound of the maximum (Qin et al., NeurIPS 2019). γ/ε‖∇ℓ‖ compares it with what the slope changes: near 0 the \
      tangent predicts the loss at distance ε, at 1 and beyond it does not.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(
    name: .long, parsing: .unconditional,
    help: "ε, pixels in [0, 1]: the Euclidean norm, or the largest element.")
  var radius: Double

  @Option(name: .long, help: "The ball of δ: Euclidean norm up to ε, or largest element up to ε.")
  var norm = LocalLinearity.Ball.l2

  @Option(name: .long, help: "ℓ: the region margin, or the cross-entropy of k(x).")
  var loss = LocalLinearity.Loss.margin

  @Option(
    name: .long, parsing: .unconditional, help: "Ascent steps from each start.",
    transform: WholeNumber.steps)
  var steps = 20

  @Option(
    name: .long, parsing: .unconditional, help: "Starts: along ∇ℓ, against it, then random ones.",
    transform: WholeNumber.starts)
  var starts = 4

  func validate() throws {
    try checkPositive([("--radius", radius), ("--steps", Double(steps)), ("--starts", Double(starts))])
  }

  func run() throws {
    let (open, set) = try model.open(for: images)
    let subject = Subject(classifier: open.classifier, images: try images.open(set, for: open))
    var settings = LocalLinearity.Settings(radius: radius)
    (settings.ball, settings.loss, settings.steps) = (norm, loss, steps)
    (settings.starts, settings.seed) = (starts, runs.seed)
    let o = try runs.outcome(of: Linearity(settings: settings), on: subject, quiet: output.quiet)
    let alarm = norm == .l2 ? open.alarm("ε", norm: radius) : nil
    try output.answer(o, with: open, alarm: alarm) {
      let loss = o.loss == .margin ? "the region margin" : "the cross-entropy"
      print("γ of \(loss), \(o.ball.rawValue), ε = \(Number.figure(o.radius)) px, \(o.count) images")
      printRows([
        ("γ", "mean \(Number.figure(o.mean)) ± \(Number.figure(o.deviation)) (std over images), logits"),
        ("median, largest", "\(Number.figure(o.median)), \(Number.figure(o.largest))"),
        ("γ / ε‖∇ℓ‖", o.relative.map { "median \(Number.figure($0))" } ?? "–"),
        ("starts", "the worst of \(o.starts) is \(Number.rate(o.spread)) below the best, on average"),
      ])
    }
  }
}
