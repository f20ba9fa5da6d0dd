internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Laboratory
internal import Networks

/// The distance to the boundary within a subspace.
struct WithinCommand: ShardedCommand {
  static let configuration = CommandConfiguration(
    commandName: "within",
    abstract: "Measure the distance to the boundary within a subspace.",
    discussion: """
      Restricts DeepFool to the first m directions of the basis. Within S_c the boundary is near for most images; within \
      a random subspace of the same dimension it is far or never reached.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup var judged: JudgedOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup var shards: ShardOptions
  @OptionGroup var subspaces: SubspaceOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  func run() throws {
    let (open, set) = try model.open(for: images)
    let (basis, dimensions) = try subspaces.chosen(for: open)
    let within = WithinSubspace(basis: basis, dimensions: dimensions)
    let subject = Subject(
      classifier: open.classifier, images: try images.open(set, for: open),
      validation: try judged.open(for: open))
    let o = try runs.outcome(of: within, on: subject, shards, output)
    try output.answer(o, with: open) {
      print("‖r‖ within \(o.name) over \(o.count) images (pixels in [0, 1])")
      printTable(
        ["m", "reached", "mean ‖r‖", "median ‖r‖"],
        o.curve.map {
          [
            "\($0.dimension)", Number.rate($0.reached), $0.mean.map { Number.figure($0) } ?? "–",
            $0.median.map { Number.figure($0) } ?? "–",
          ]
        })
    }
  }
}
