internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Geometry
internal import Laboratory
internal import Networks

/// How long labels last along a direction, and what of its effect its sign decides.
struct PersistenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "persistence",
    abstract: "Follow labels along a direction, and split its effect into odd and even parts.",
    discussion: """
      Lists where the label changes along x + t·v, |t| ≤ T. G(x ± v) = G(x) + even ± odd: the even part of the margin's \
      change comes from the boundary's curvature, the odd part from its slope. σ_γ is the largest Gaussian noise that \
      keeps k(x) in a share γ of draws (γ-persistence, arXiv 2404.08069).
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup var judged: JudgedOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(name: .long, help: "\(Direction.forms)")
  var along = "random:1"

  @Option(name: .long, parsing: .unconditional, help: "T, how far to go each way, pixels in [0, 1].")
  var reach = 10.0

  @Option(
    name: .long, parsing: .unconditional, help: "Points to check each way.",
    transform: WholeNumber.draws)
  var steps = 100

  @Option(name: .long, parsing: .unconditional, help: "Norm of v for the split; by default v as it is.")
  var radius: Double?

  @Option(name: .long, parsing: .unconditional, help: "γ, the share of draws that keep the label at σ_γ.")
  var gamma = 0.7

  @Option(
    name: .long, parsing: .unconditional, help: "Draws for σ_γ.",
    transform: WholeNumber.draws)
  var gammaDraws = 200

  func validate() throws {
    try checkPositive([
      ("--reach", reach), ("--steps", Double(steps)), ("--radius", radius),
      ("--gamma-draws", Double(gammaDraws)),
    ])
    if !(gamma > 0 && gamma < 1) {
      throw ValidationError("--gamma \(gamma): expected a share between 0 and 1")
    }
  }

  func run() throws {
    let (open, set) = try model.open(for: images)
    let subject = Subject(
      classifier: open.classifier, images: try images.open(set, for: open),
      validation: try judged.open(for: open))
    var noise = LabelPersistence.Settings()
    (noise.gamma, noise.draws, noise.seed) = (gamma, gammaDraws, runs.seed)
    let direction = try Direction(named: along, "--along", for: open)
    var persistence = Persistence(along: direction, reach: reach, radius: radius, noise: noise)
    persistence.steps = steps
    let o = try runs.outcome(of: persistence, on: subject, quiet: output.quiet)
    try output.answer(o, with: open, alarm: open.alarm("‖v‖", norm: o.split.radius)) { describe(o, open) }
  }

  private func describe(_ o: Persistence.Outcome, _ open: OpenModel) {
    func length(_ value: Double?) -> String { value.map { Number.figure($0) } ?? "–" }
    func spread(_ spread: Persistence.Spread) -> String {
      "\(Number.figure(spread.mean)) ± \(Number.figure(spread.deviation))"
    }
    let split = o.split
    printRows([
      ("along", "\(o.along), \(o.count) images, up to ±\(length(o.reach)) px"),
      ("first change", "median \(length(o.first)) px along +v, \(length(o.firstOpposite)) along −v"),
      ("never", "\(Number.rate(o.kept)) along +v, \(Number.rate(o.keptOpposite)) along −v"),
      ("σ_γ", "median \(length(o.persistence)) px for γ = \(length(o.gamma))"),
      (
        "‖v‖ = \(length(split.radius))",
        "changes \(Number.rate(split.rate)), −v \(Number.rate(split.opposite))"
      ),
      (
        "even part",
        "\(spread(split.even)) logits (± std over images); alone changes \(Number.rate(split.evenAlone))"
      ),
      (
        "odd part",
        "\(spread(split.odd)) logits in magnitude; alone \(Number.rate(split.oddAlone)) by its better sign"
      ),
    ])
    printTable(
      ["image", "label", "changes (px: to)"],
      o.each.prefix(20).map { one in
        let changes = one.changes.prefix(6).map {
          "\(length($0.distance)): \(open.classifier.className($0.to))"
        }
        return ["\(one.index)", open.classifier.className(one.label), changes.joined(separator: ", ")]
      })
  }
}
