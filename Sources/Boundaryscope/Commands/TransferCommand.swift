internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Laboratory
internal import Networks

/// Perturbations of some models tried on all of them, and how far the models agree.
struct TransferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "Try the perturbations of several models on all of them.")

  @Option(name: .long, parsing: .upToNextOption, help: "ONNX files or names of bundled models, two or more.")
  var models: [String]

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ".npy or .mat files, C×H×W or H×W×C; of m in one file, the first.", completion: .file())
  var perturbations: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A direction that each model learns from --images: sc:h=H, sf or uap:radius=XI.",
      valueName: "directions"))
  var each: String?

  @Flag(
    name: .long,
    help:
      "With --each sc:h=H: also what the models' S_c share (overlaps, over shifts too, spectra, quotients)."
  )
  var shared = false

  @Option(
    name: .long, parsing: .unconditional,
    help: "Scale every perturbation to this norm, pixels in [0, 1]; by default as it is.")
  var radius: Double?

  @Option(
    name: .long, parsing: .unconditional,
    help: "Planes, each through three images, on which to compare labels.",
    transform: WholeNumber.vectors)
  var planes = 20

  @OptionGroup var images: ImageOptions
  @OptionGroup var judged: JudgedOptions
  @OptionGroup(title: "How pixels are read") var preprocessing: PreprocessingOptions
  @OptionGroup var assets: AssetOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  func validate() throws {
    try checkPositive([("--radius", radius)])
    if models.count < 2 { throw ValidationError("--models takes two or more models") }
    if shared, try curvature() == nil {
      throw ValidationError("--shared compares S_c of the models: pass --each sc:h=H with it")
    }
    _ = try learnt()
  }

  func run() throws {
    let options = try preprocessing.profile()
    let open = try models.map {
      try OpenModel(
        path: try ModelOptions.path(of: $0, assets), options: options, sizedBy: images.images,
        range: images.range?.range)
    }
    let others = open.dropFirst().map { OtherModel($0.classifier) }
    let given = try perturbations.map { try Basis(fileAt: $0, for: open[0], remark: complain) }
    var transfer = Transfer(models: others, perturbations: given.map { .given($0) }, radius: radius)
    if let own = try learnt() {
      transfer.perturbations += [own] + others.map { Direction(.other($0, own.directions), own.index) }
    }
    (transfer.planes, transfer.seed) = (planes, runs.seed)
    let set = try images.open(try images.set(for: open[0]), for: open[0])
    let subject = Subject(
      classifier: open[0].classifier, images: set, validation: try judged.open(for: open[0]),
      others: open.dropFirst().map { Subject(classifier: $0.classifier, images: set) })
    let o = try runs.outcome(of: transfer, on: subject, quiet: output.quiet)
    let overlaps =
      try shared
      ? curvature().map { curvature in
        try runs.outcome(
          of: SharedDirections(models: others, curvature: curvature), on: subject, quiet: output.quiet)
      } : nil
    try output.answer(Found(transfer: o, shared: overlaps), withEach: open) {
      Self.describe(o)
      if let overlaps { SharedTable.show(overlaps) }
    }
  }

  /// The rates, with what is shared under a key of its own.
  private struct Found: Encodable {
    let transfer: Transfer.Outcome
    let shared: SharedDirections.Outcome?

    private enum Key: CodingKey { case shared }

    func encode(to encoder: any Encoder) throws {
      try transfer.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encodeIfPresent(shared, forKey: .shared)
    }
  }

  /// How S_c is found, where --each names it.
  private func curvature() throws -> SharedCurvature? {
    if case .curvature(let curvature) = try learnt()?.directions { curvature } else { nil }
  }

  private func learnt() throws -> Direction? {
    try each.map { text in
      guard let direction = Direction(text) else {
        throw ValidationError(
          "--each \(text): expected sc:h=H, sf or uap:radius=XI, or a later direction such as sc2:h=H")
      }
      return direction
    }
  }

  static func describe(_ o: Transfer.Outcome) {
    if !o.rates.isEmpty {
      print(
        "fooled / ceiling, of \(o.count) images; rows: perturbation, columns: model it is tried on"
      )
      printTable(
        ["", "norm"] + o.models,
        o.rates.indices.map { i in
          [o.perturbations[i], Number.figure(o.radii[i])]
            + zip(o.rates[i], o.ceilings[i]).map { "\(Number.rate($0)) / \(Number.rate($1))" }
        }
      )
    }
    guard !o.agreement.isEmpty else {
      return print("the models have different classes, so their label maps are not compared")
    }
    print("equal labels on \(o.planes) planes through three images each (and on the images)")
    printTable(
      [""] + o.models,
      o.agreement.indices.map { i in
        [o.models[i]]
          + o.agreement[i].indices.map { j in
            "\(Number.rate(o.agreement[i][j])) (\(Number.rate(o.imageAgreement[i][j])))"
          }
      })
  }
}
