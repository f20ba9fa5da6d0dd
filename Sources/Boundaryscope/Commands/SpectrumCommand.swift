internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Laboratory
internal import Networks
internal import Tensors

/// All principal curvatures at one boundary point, or their density.
struct SpectrumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spectrum",
    abstract: "Find all principal curvatures at one boundary point, or their density by Lanczos quadrature.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup var product: ProductOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(
    name: .long, parsing: .unconditional, help: "Which image of the range, from 0.",
    transform: WholeNumber.index)
  var index = 0

  @Option(name: .long, help: "full: every eigenvalue, up to 3072 pixel values; density: their spread.")
  var method: PointSpectrum.Method?

  @Option(
    name: .long, parsing: .unconditional, help: "Random starts of the density.", transform: WholeNumber.starts
  )
  var probes = 4

  @Option(
    name: .long, parsing: .unconditional, help: "Lanczos steps from each.", transform: WholeNumber.iterations)
  var iterations = 60

  func run() throws {
    let (open, set) = try model.open(for: images)
    let read = try images.open(set, for: open)
    let method = method ?? (open.imageShape.count <= PointSpectrum.largest ? .full : .density)
    var spectrum = PointSpectrum(index: index, method: method, product: try chosen(method))
    (spectrum.probes, spectrum.steps, spectrum.seed) = (probes, iterations, runs.seed)
    let o = try runs.outcome(
      of: spectrum, on: Subject(classifier: open.classifier, images: read), quiet: output.quiet)
    try output.answer(o, with: open) { describe(o) }
  }

  /// Where nothing is said, a density is of the softened copy, which is linear; a full spectrum wants its scale.
  private func chosen(_ method: PointSpectrum.Method) throws -> HessianProduct {
    let isSaid = product.product != .secant || product.step != nil
    return method == .density && !isSaid
      ? PointSpectrum.linear(.secant(step: 1)) : try product.chosen(defaultStep: nil)
  }

  private func describe(_ o: PointSpectrum.Outcome) {
    let scale =
      o.step.map { ", h = \(Number.figure($0)) px" } ?? o.beta.map { ", β = \(Number.figure($0))" } ?? ""
    print(
      "image \(o.index), \(o.method.rawValue) spectrum of \(o.dimension), \(o.product)\(scale), \(o.products) products"
    )
    let ends = o.method == .full ? o.eigenvalues : o.nodes.map(\.value)
    let list = { (values: ArraySlice<Double>) in values.map { Number.figure($0, 3) }.joined(separator: "  ") }
    printRows([
      ("largest", list(ends.prefix(8)) + "  1/px"), ("smallest", list(ends.suffix(8)) + "  1/px"),
      ("mean", o.mean.map { Number.figure($0) + " 1/px" } ?? "–"),
      ("flat", o.flatShare.map { Number.rate($0) + " are at most a tenth of the largest magnitude" } ?? "–"),
    ])
    if let asymmetry = o.asymmetry {
      print("‖A − Aᵀ‖/‖A + Aᵀ‖ = \(Number.figure(asymmetry, 2)) before symmetrising")
    }
    if let remark = o.remark { print(remark) }
  }
}
