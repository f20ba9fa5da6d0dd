internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Foundation
internal import Geometry
internal import Laboratory
internal import Networks

/// S_c: the directions in which the boundary bends towards many images.
struct CurvatureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curvature", abstract: "Find the directions in which the boundary bends towards many images."
  )

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup var product: ProductOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(name: .long, help: "region, paper, or authors:T for target class T.")
  var recipe = CurvatureRecipe.region

  @Option(
    name: .long, parsing: .unconditional, help: "Boundary points, one per image.",
    transform: WholeNumber.images)
  var count = 100

  @Option(name: .long, parsing: .unconditional, help: "Eigenvectors to keep.", transform: WholeNumber.vectors)
  var eigenvectors = SharedCurvature.usualEigenvectors

  @Option(
    name: .long, parsing: .unconditional,
    help: "Lanczos steps; by default four per eigenvector, at least 40.",
    transform: WholeNumber.iterations)
  var iterations: Int?

  @Option(
    name: .long, parsing: .unconditional,
    help:
      "Products in the longest climb of vᵀA(v) beyond Lanczos (secant only); 0 for Lanczos alone.",
    transform: WholeNumber.steps)
  var climb: Int?

  @Option(
    name: .long, parsing: .unconditional,
    help: "Gradient steps beyond Lanczos that raise the share carried over the boundary at distance h.",
    transform: WholeNumber.steps)
  var ascent = 0

  @Option(
    name: .long, parsing: .unconditional,
    help: "Ritz vectors that an ascent starts from.", transform: WholeNumber.starts)
  var starts = 5

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How images are augmented: none, mirror, or shift:N (mirrored and shifted by up to N pixels); then --count points "
        + "come from draws from all images in turn.", valueName: "none|mirror|shift:N"))
  var augment = Augmentation.none

  func run() throws {
    try output.check()
    let product = try product.chosen(defaultStep: nil)
    let (open, set) = try model.open(for: images)
    if case .authors(let target) = recipe, target >= open.classifier.network.classCount {
      throw ValidationError(
        "--recipe \(recipe): the model has classes 0 to \(open.classifier.network.classCount - 1)")
    }
    let subject = Subject(classifier: open.classifier, images: try images.open(set, for: open, first: count))
    var curvature = SharedCurvature(recipe: recipe, product: product, eigenvectors: eigenvectors)
    curvature.points = count
    curvature.iterations = iterations ?? curvature.iterations
    curvature.seed = runs.seed
    curvature.augmentation = augment
    (curvature.ascent, curvature.starts) = (ascent, starts)
    curvature.climb = climb ?? curvature.climb
    let outcome = try runs.outcome(of: curvature, on: subject, quiet: output.quiet)
    try output.save(outcome.basis)
    try output.answer(outcome, with: open) { describe(outcome) }
  }

  private func describe(_ o: SharedCurvature.Outcome) {
    let unit = o.normalised ? "1/px" : "logits/px²"
    let scale =
      o.step.map { " h = \(Number.figure($0)) px" } ?? o.beta.map { " β = \(Number.figure($0))" } ?? ""
    print(
      "recipe \(o.recipe), \(o.product)\(scale), n = \(o.points)\(o.augmentation == .none ? "" : " (\(o.augmentation))"), \(o.iterations) Lanczos steps, seed \(o.seed)"
    )
    printTable(
      ["i", "Ritz value (\(unit))", "vᵀA(v)", "‖A(v) − θv‖"],
      o.rayleigh.indices.map { i in
        [
          "\(i + 1)", Number.figure(o.eigenvalues[i]), Number.figure(o.rayleigh[i]),
          Number.figure(o.residuals[i], 2),
        ]
      })
    if let spread = o.spread {
      print(
        "first vector: climbs from the best \(spread.starts) starts end at vᵀA(v) from "
          + "\(Number.figure(spread.lowest)) to \(Number.figure(spread.highest)) \(unit)"
      )
    }
    for (i, ascent) in o.ascents.enumerated() {
      print(
        "ascent from \(i + 1): log σ went from \(Number.figure(ascent.before)) to \(Number.figure(ascent.after)), flat \(Number.figure(log(0.5))); "
          + "cosine with the Ritz vector \(Number.figure(ascent.overlap))")
    }
    if let remark = o.remark { print(remark) }
  }
}
