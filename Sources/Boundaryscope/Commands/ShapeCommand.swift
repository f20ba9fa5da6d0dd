internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Laboratory
internal import Networks

/// K_S(x): how much the boundary bends along random directions of a subspace.
struct ShapeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shape",
    abstract: "Measure how much the boundary bends along the directions of a subspace (K_S).")

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup var runs: RunOptions
  @OptionGroup var product: ProductOptions
  @OptionGroup var output: OutputOptions

  @Option(
    name: .long, help: ArgumentHelp("m×C×H×W array.", valueName: "b.npy"),
    completion: .file(extensions: ["npy"]))
  var basis: String

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Dimensions of the subspaces drawn from, such as 1,2,5.", valueName: "m,…"))
  var dimension: NumberList?

  @Option(name: .long, parsing: .unconditional, help: "Draws from each subspace.")
  var draws = 10

  func run() throws {
    try checkPositive([("--draws", Double(draws))])
    let product = try product.chosen(defaultStep: nil)
    let open = try model.open()
    let basis = try Basis(fileAt: basis, for: open)
    var shape = SubspaceShape(
      basis: basis, dimensions: try basis.dimensions(chosen: dimension), product: product)
    (shape.draws, shape.seed) = (draws, runs.seed)
    let subject = Subject(classifier: open.classifier, images: try images.open(for: open))
    let o = try runs.outcome(of: shape, on: subject, quiet: output.quiet)
    try output.answer(o) {
      let scale = o.step.map { ", h = \(figure($0)) px" } ?? ""
      print(
        "K_S of \(o.name), \(o.product)\(scale), \(o.draws) draws, \(o.count) boundary points, seed \(o.seed)"
      )
      printTable(
        ["m", "K_S (logits/px²)", "± std", "K_S/‖∇F‖ (1/px)", "± std", "positive"],
        o.curve.map {
          [
            "\($0.dimension)", figure($0.mean), figure($0.deviation), figure($0.meanNormalised),
            figure($0.deviationNormalised), percent($0.positive),
          ]
        })
      if let remark = o.remark { print(remark) }
    }
  }
}

extension Basis {
  /// The dimensions that an option names, all of the basis where it names none.
  func dimensions(chosen list: NumberList?) throws -> [Int] {
    try (list?.numbers ?? [Float(dimension)]).map { m in
      guard m == m.rounded(), (1...Float(dimension)).contains(m) else {
        throw ValidationError("--dimension \(figure(Double(m))): the basis has dimensions 1 to \(dimension)")
      }
      return Int(m)
    }
  }
}
