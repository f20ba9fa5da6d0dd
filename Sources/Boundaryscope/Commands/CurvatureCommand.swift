internal import ArgumentParser
internal import Experiments
internal import Networks

/// S_c: the directions in which the boundary bends towards many images.
struct CurvatureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curvature", abstract: "Find the directions in which the boundary bends towards many images."
  )

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup var runs: RunOptions
  @OptionGroup var product: ProductOptions
  @OptionGroup var output: OutputOptions

  @Option(name: .long, help: "region, paper, or authors:T for target class T.")
  var recipe = CurvatureRecipe.region

  @Option(name: .long, parsing: .unconditional, help: "Boundary points, one an image.")
  var count = 100

  @Option(name: .long, parsing: .unconditional, help: "Eigenvectors to keep.")
  var eigenvectors = 10

  @Option(
    name: .long, parsing: .unconditional,
    help: "Lanczos steps; at least 40 and four for each eigenvector where not said.")
  var iterations: Int?

  @Option(
    name: .customLong("power-steps"), parsing: .unconditional,
    help: "Steps v ← A(v)/‖A(v)‖ that the first vector is taken further by.")
  var powerSteps = 0

  func run() throws {
    try output.check()
    try checkPositive([("--count", Double(count)), ("--eigenvectors", Double(eigenvectors))])
    guard powerSteps >= 0 else {
      throw ValidationError("--power-steps \(powerSteps): zero or more are meant")
    }
    try checkPositive([("--iterations", iterations.map(Double.init))])
    let product = try product.chosen(defaultStep: nil)
    let open = try model.open()
    if case .authors(let target) = recipe, target >= open.classifier.network.classCount {
      throw ValidationError(
        "--recipe \(recipe): the model has classes 0 to \(open.classifier.network.classCount - 1)")
    }
    let subject = Subject(classifier: open.classifier, images: try images.open(for: open, first: count))
    var curvature = SharedCurvature(recipe: recipe, product: product)
    curvature.points = count
    curvature.eigenvectors = eigenvectors
    curvature.iterations = iterations ?? max(40, 4 * eigenvectors)
    curvature.seed = runs.seed
    curvature.powerSteps = powerSteps
    let outcome = try runs.outcome(of: curvature, on: subject, quiet: output.quiet)
    try output.save(outcome.basis)
    try output.answer(outcome) { describe(outcome) }
  }

  private func describe(_ o: SharedCurvature.Outcome) {
    let unit = o.normalised ? "1/px" : "logits/px²"
    let scale = o.step.map { " h = \(figure($0)) px" } ?? o.beta.map { " β = \(figure($0))" } ?? ""
    print(
      "recipe \(o.recipe), \(o.product)\(scale), n = \(o.points), \(o.iterations) Lanczos steps, seed \(o.seed)"
    )
    printTable(
      ["i", "Ritz value (\(unit))", "vᵀA(v)", "‖A(v) − θv‖"],
      o.rayleigh.indices.map { i in
        ["\(i + 1)", figure(o.eigenvalues[i]), figure(o.rayleigh[i]), figure(o.residuals[i], 2)]
      })
    for (i, step) in o.power.enumerated() {
      print(
        "power step \(i + 1): vᵀA(v) was \(figure(step.rayleigh)), residual \(figure(step.residual, 2)); "
          + "cosine with the Ritz vector \(figure(step.overlap))")
    }
    if let remark = o.remark { print(remark) }
  }
}
