internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Geometry
internal import Laboratory
internal import Networks

/// The minimal perturbation r(x) of every image.
struct Perturb: ShardedCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Find the minimal perturbation of every image: DeepFool, then a minimum-norm search, ending on the boundary."
  )

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions

  @Option(
    help: """
      How to shorten DeepFool's r: none, normal (projections on the normal) or minimal (a minimum-norm search of \
      40 gradients); automatic takes minimal for all images where a pass is cheap, else where cos(r, ∇G) < 0.9.
      """)
  var refine: Refinement = .automatic

  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup var shards: ShardOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  func run() throws {
    try output.check()
    let (open, set) = try model.open(for: images)
    let subject = Subject(classifier: open.classifier, images: try images.open(set, for: open))
    var outcome = try runs.outcome(of: Robustness(refinement: refine), on: subject, shards, output)
    for i in outcome.each.indices { outcome.each[i].index = subject.images.indices[outcome.each[i].index] }
    try output.save(outcome.perturbations)
    let longest = outcome.each.filter(\.isFooled).map(\.norm).max()
    try output.answer(outcome, with: open, alarm: open.alarm("the longest ‖r‖", norm: longest)) {
      describe(outcome, open)
    }
  }

  private func describe(_ o: Robustness.Outcome, _ model: OpenModel) {
    let name = { Text.visible(model.classifier.className($0)) }
    for e in o.each.prefix(20) {
      if let obstacle = e.obstacle {
        print("\(e.index)  not reached from \(name(e.from)): \(obstacle.clause)")
        continue
      }
      let labels = "\(name(e.from)) → \(name(e.to))"
      let before = e.refinement == .none ? "" : " (DeepFool \(Number.figure(e.deepfool)))"
      print(
        "\(e.index)  ‖r‖ \(Number.figure(e.norm))\(before) px  \(labels)  cos(r, ∇G) \(Number.figure(e.cosine, 3))"
      )
    }
    printRows([
      ("reached", "\(o.fooled) of \(o.count) images"),
      ("‖r‖", "mean \(optional(o.meanNorm)), median \(optional(o.medianNorm)) (pixels in [0, 1])"),
      ("DeepFool's ‖r‖", "median \(optional(o.medianDeepfool)) before refinement"),
      ("refined", refinements(o)),
      (
        "ρ = ‖r‖/‖x‖", "\(optional(o.rho.raw)) raw, \(optional(o.rho.centred)) with the mean image subtracted"
      ),
      ("iterations", "mean \(optional(o.meanIterations))"),
      ("cos(r, ∇G)", "mean \(optional(o.meanCosine))"),
      ("residual", "largest |G(z)| / ‖∇G‖‖r‖ \(optional(o.maxResidual))"),
    ])
    if let warning = o.warning { print(warning) }
  }

  /// How many images each way of refinement was taken for.
  private func refinements(_ o: Robustness.Outcome) -> String {
    Refinement.allCases.compactMap { way in
      let count = o.each.filter { $0.refinement == way }.count
      return count == 0 ? nil : "\(count) \(way.rawValue)"
    }.joined(separator: ", ")
  }
}

/// A number where there is one.
func optional(_ x: Double?) -> String { x.map { Number.figure($0) } ?? "–" }
