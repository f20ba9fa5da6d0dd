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
    help: "Arrays C×H×W or m×C×H×W, of which the first direction is taken.", completion: .file())
  var perturbations: [String] = []

  @Option(
    name: .long, parsing: .unconditional,
    help: "Scale every perturbation to this norm, pixels in [0, 1]; as it is where not said.")
  var radius: Double?

  @Option(name: .long, parsing: .unconditional, help: "Planes through three images for the agreement.")
  var planes = 20

  @OptionGroup var images: ImageOptions
  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var assets: AssetOptions
  @OptionGroup var runs: RunOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try checkPositive([("--radius", radius), ("--planes", Double(planes))])
    if models.count < 2 { throw ValidationError("--models takes two models or more") }
  }

  func run() throws {
    let options = try preprocessing.profile()
    let open = try models.map { try OpenModel(path: try ModelOptions.path(of: $0, assets), options: options) }
    var transfer = Transfer(
      models: open.dropFirst().map { OtherModel($0.classifier) },
      perturbations: try perturbations.map { .given(try Basis(fileAt: $0, for: open[0])) }, radius: radius)
    (transfer.planes, transfer.seed) = (planes, runs.seed)
    let set = try images.open(for: open[0])
    let subject = Subject(
      classifier: open[0].classifier, images: set,
      others: open.dropFirst().map { Subject(classifier: $0.classifier, images: set) })
    let o = try runs.outcome(of: transfer, on: subject, quiet: output.quiet)
    try output.answer(o, withEach: open) { Self.describe(o) }
  }

  static func describe(_ o: Transfer.Outcome) {
    if !o.rates.isEmpty {
      print("labels changed of \(o.count) images; rows: perturbation, columns: model it is tried on")
      printTable(
        ["", "norm"] + o.models,
        o.rates.indices.map { i in
          [o.perturbations[i], Number.figure(o.radii[i])] + o.rates[i].map { Number.rate($0) }
        }
      )
    }
    guard !o.agreement.isEmpty else {
      return print("the models have different classes, so that their label maps are not compared")
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
