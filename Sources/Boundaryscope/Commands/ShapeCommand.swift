internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Laboratory
internal import Networks

/// K_S(x): how much the boundary bends along random directions of a subspace.
struct ShapeCommand: ShardedCommand {
  static let configuration = CommandConfiguration(
    commandName: "shape",
    abstract: "Measure how much the boundary bends along the directions of a subspace (K_S).")

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup var judged: JudgedOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup var shards: ShardOptions
  @OptionGroup var product: ProductOptions
  @OptionGroup var subspaces: SubspaceOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(
    name: .long, parsing: .unconditional, help: "Draws from each subspace.", transform: WholeNumber.draws)
  var draws = 10

  func run() throws {
    let product = try product.chosen(defaultStep: nil)
    let (open, set) = try model.open(for: images)
    let (basis, dimensions) = try subspaces.chosen(for: open)
    var shape = SubspaceShape(basis: basis, dimensions: dimensions, product: product)
    (shape.draws, shape.seed) = (draws, runs.seed)
    let subject = Subject(
      classifier: open.classifier, images: try images.open(set, for: open),
      validation: try judged.open(for: open))
    let o = try runs.outcome(of: shape, on: subject, shards, output)
    try output.answer(o, with: open) {
      let scale = o.step.map { ", h = \(Number.figure($0)) px" } ?? ""
      print(
        "K_S of \(o.name), \(o.product)\(scale), \(o.draws) draws, \(o.count) boundary points, seed \(o.seed)"
      )
      printTable(
        ["m", "K_S (logits/px²)", "± std", "K_S/‖∇F‖ (1/px)", "± std", "positive"],
        o.curve.map {
          [
            "\($0.dimension)", Number.figure($0.mean), Number.figure($0.deviation),
            Number.figure($0.meanNormalised),
            Number.figure($0.deviationNormalised), Number.rate($0.positive),
          ]
        })
      if let remark = o.remark { print(remark) }
    }
  }
}
