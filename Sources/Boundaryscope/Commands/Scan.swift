internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Laboratory
internal import Networks

/// S_c's first direction for several scales h or target classes, chosen on training images.
struct Scan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Scan the step h, or the authors' target class: eigenvalue and fooling rate against each.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup var judged: JudgedOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(name: .long, parsing: .unconditional, help: "Norm of the perturbation, pixels in [0, 1].")
  var radius: Double

  @Option(name: .long, help: "region, paper, authors:T, or authors: every target class in turn.")
  var recipe = "region"

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Steps h in multiples of the norm.", valueName: "h,…"))
  var steps = NumberList(CurvatureScan.usualSteps)

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Step at which to compare target classes; by default the norm.", valueName: "h"))
  var step: Double?

  @Option(
    name: .long, parsing: .unconditional, help: "Boundary points, one per image.",
    transform: WholeNumber.images)
  var count = 100

  func validate() throws {
    try checkPositive([("--radius", radius), ("--step", step)])
    try checkPositive(steps.numbers.map { ("--steps", $0) })
    guard recipe == "authors" || CurvatureRecipe(recipe) != nil else {
      throw ValidationError("--recipe \(recipe): expected region, paper, authors or authors:T")
    }
  }

  func run() throws {
    let (open, set) = try model.open(for: images)
    let subject = Subject(
      classifier: open.classifier, images: try images.open(set, for: open),
      validation: try judged.open(for: open))
    var curvature = SharedCurvature(
      recipe: CurvatureRecipe(recipe) ?? .region, product: .secant(step: Float(step ?? radius)),
      eigenvectors: CurvatureScan.usualEigenvectors)
    curvature.points = count
    curvature.seed = runs.seed
    let scan =
      recipe == "authors"
      ? CurvatureScan.targets(0..<open.classifier.network.classCount, of: curvature, radius: radius)
      : CurvatureScan.steps(steps.numbers.map { $0 * radius }, of: curvature, radius: radius)
    let o = try runs.outcome(of: scan, on: subject, quiet: output.quiet)
    try output.answer(o, with: open) { describe(o) }
  }

  private func describe(_ o: CurvatureScan.Outcome) {
    print("norm ξ = \(Number.figure(o.radius)) px; the row chosen on the training images is marked")
    printTable(
      ["", "recipe", "h (px)", "n", "Ritz", "vᵀA(v)", "training ±v", "judged +v", "judged −v", "ceiling"],
      o.entries.enumerated().map { i, e in
        [
          i == o.chosen ? "▸" : "", "\(e.recipe)", e.step.map { Number.figure($0) } ?? "–", "\(e.points)",
          e.eigenvalue.map { Number.figure($0) } ?? "–", e.rayleigh.map { Number.figure($0) } ?? "–",
          e.training.map { Number.rate($0) } ?? e.failure ?? "–",
          e.validation.map { Number.rate($0.rate) } ?? "–",
          e.validation.map { Number.rate($0.opposite) } ?? "–",
          e.validation.map { Number.rate($0.ceiling) } ?? "–",
        ]
      })
  }
}

/// Images to judge on that nothing is learnt from.
struct JudgedOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Images to judge on.", valueName: "spec"), completion: .file())
  var validate: String?

  @Option(
    name: .customLong("validate-range"), parsing: .unconditional,
    help: ArgumentHelp("Which of them, such as 0..100.", valueName: "a..b"))
  var validateRange: IndexRange?

  func open(for model: OpenModel) throws -> ImageSet? {
    try validate.map { try model.images($0, validateRange?.range) }
  }
}
