internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Images
internal import Laboratory
internal import Networks
internal import Tensors

/// How many labels a given perturbation, or draws from a subspace, change.
struct Fool: ShardedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how many labels a perturbation, or draws from a subspace, change.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup var judged: JudgedOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup var shards: ShardOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(
    name: .long, help: ArgumentHelp("\(Direction.forms)", valueName: "v.npy"),
    completion: .file(extensions: ["npy", "mat"]))
  var perturbation: String?

  @Option(
    name: .long, parsing: .unconditional,
    help: "Scale the perturbation to this norm, pixels in [0, 1]; --basis needs it.")
  var radius: Double?

  @Option(
    name: .long, help: ArgumentHelp("\(Directions.forms)", valueName: "b.npy"),
    completion: .file(extensions: ["npy"]))
  var basis: String?

  @OptionGroup var dimensions: DimensionOptions

  @Option(
    name: .long, parsing: .unconditional, help: "Draws from each subspace.", transform: WholeNumber.draws)
  var draws = 20

  func validate() throws {
    if (perturbation == nil) == (basis == nil) {
      throw ValidationError("pass either --perturbation V.npy or --basis B.npy")
    }
    if basis != nil, radius == nil {
      throw ValidationError("--basis needs --radius XI, the norm of the draws")
    }
    if basis != nil, shards.shard != nil {
      throw ValidationError("--shard needs --perturbation: draws from a basis have no parts")
    }
    try checkPositive([("--radius", radius)])
  }

  func run() throws {
    let (open, set) = try model.open(for: images)
    let subject = Subject(
      classifier: open.classifier, images: try images.open(set, for: open),
      validation: try judged.open(for: open))
    if let perturbation {
      try judge(try Direction(named: perturbation, "--perturbation", for: open), open, on: subject)
    } else if let basis, let radius {
      try curve(basis, radius, open, on: subject)
    }
  }

  private func judge(_ direction: Direction, _ open: OpenModel, on subject: Subject) throws {
    let fooling = Fooling(perturbation: direction, radius: radius)
    let o = try runs.outcome(of: fooling, on: subject, shards, output)
    try output.answer(o, with: open, alarm: open.alarm("‖v‖", norm: o.radius)) {
      printRows([
        ("norm", "\(Number.figure(o.radius)) (ℓ2, pixels in [0, 1])"),
        ("fooled", "\(Number.rate(o.rate, o.interval)) of \(o.count) images (95 % Wilson interval)"),
        (
          "ceiling",
          "\(Number.rate(o.ceiling)): all images except those of the class that most fooled images become"
        ),
        ("by −v", Number.rate(o.opposite)), ("by v or −v", Number.rate(o.either)),
        ("clipped", "\(Number.rate(o.clipped)) with x + v clipped to [0, 1]"),
        (
          "labels",
          o.labels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(10)
            .map { "\($0.key) \($0.value)" }.joined(separator: " · ")
        ),
        ("flow", o.flow.isEmpty ? "–" : flow(o, open)),
        ("dominant", o.dominant.map { "\(Number.rate($0.share)) of the fooled become \($0.name)" } ?? "–"),
      ])
    }
  }

  /// Who becomes what, the most frequent first.
  private func flow(_ o: Fooling.Outcome, _ open: OpenModel) -> String {
    let name = { Text.visible(open.classifier.className($0)) }
    return o.flow.prefix(6).map { "\(name($0.from)) → \(name($0.to)) \($0.count)" }.joined(separator: " · ")
  }

  private func curve(
    _ basis: String, _ radius: Double, _ open: OpenModel, on subject: Subject
  ) throws {
    let (basis, dimensions) = try dimensions.subspaces(of: basis, for: open)
    var fooling = SubspaceFooling(basis: basis, dimensions: dimensions, radius: radius, seed: runs.seed)
    fooling.draws = draws
    let o = try runs.outcome(of: fooling, on: subject, quiet: output.quiet)
    try output.answer(o, with: open, alarm: open.alarm("ξ", norm: o.radius)) {
      print("\(o.name), norm \(Number.figure(o.radius)), \(o.count) images")
      printTable(
        ["m", "draws", "mean", "± std", "ceiling", "best"],
        o.curve.map {
          [
            "\($0.dimension)", "\($0.draws)", Number.rate($0.mean), Number.rate($0.deviation),
            Number.rate($0.ceiling),
            Number.rate($0.best),
          ]
        })
      print("best: the largest rate of any draw, chosen on the judged images: it overstates a single draw")
    }
  }
}
