internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Laboratory
internal import Networks

/// How different a network's universal perturbations are.
struct DiversityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diversity",
    abstract: "Find several universal perturbations and print their normalised inner products.",
    discussion: """
      With --basis, they are random vectors in the span of its first m directions; without, the published algorithm \
      finds them with successive seeds.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup var judged: JudgedOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(name: .long, parsing: .unconditional, help: "Norm of the perturbations, pixels in [0, 1].")
  var radius: Double

  @Option(
    name: .long, help: ArgumentHelp("Draw from: \(Directions.forms)", valueName: "b.npy"),
    completion: .file(extensions: ["npy"]))
  var basis: String?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("How many directions of the basis; all by default.", valueName: "m"))
  var dimension: NumberList?

  @Option(name: .long, parsing: .unconditional, help: "How many perturbations.", transform: WholeNumber.draws)
  var count = 5

  func validate() throws {
    try checkPositive([("--radius", radius)])
    if basis == nil, dimension != nil {
      throw ValidationError("--dimension counts directions of --basis B.npy: pass both")
    }
    if let given = dimension?.numbers.count, given != 1 {
      throw ValidationError("--dimension takes one number here, not \(given)")
    }
  }

  func run() throws {
    try output.check()
    let (open, set) = try model.open(for: images)
    var diversity = Diversity(try source(open), count: count)
    diversity.seed = runs.seed
    let subject = Subject(
      classifier: open.classifier, images: try images.open(set, for: open),
      validation: try judged.open(for: open))
    let o = try runs.outcome(of: diversity, on: subject, quiet: output.quiet)
    try output.save(o.perturbations)
    try output.answer(o, with: open) { describe(o) }
  }

  private func source(_ model: OpenModel) throws -> Diversity.Source {
    guard let path = basis else { return .seeds(UniversalFooling(method: .uap, radius: radius)) }
    let basis = try Directions(named: path, "--basis", for: model)
    return .draws(basis, dimension: try basis.dimensions(chosen: dimension)[0], radius: radius)
  }

  private func describe(_ o: Diversity.Outcome) {
    print(
      "\(o.products.count) perturbations of norm \(Number.figure(radius)) px: \(o.source), seed \(o.seed)")
    printTable(
      ["", "fooled", "ceiling"] + o.products.indices.map { "\($0 + 1)" },
      o.products.enumerated().map { i, row in
        ["\(i + 1)", Number.rate(o.rates[i]), Number.rate(o.ceilings[i])] + row.map { Number.figure($0, 2) }
      })
    if let largest = o.largest, let mean = o.meanMagnitude {
      print(
        "|⟨vᵢ, vⱼ⟩| / ‖vᵢ‖‖vⱼ‖ for i ≠ j: \(Number.figure(mean, 2)) on average, \(Number.figure(largest, 2)) at most"
      )
    }
  }
}
