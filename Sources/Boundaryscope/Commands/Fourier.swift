internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Figures
internal import Glibc
internal import Laboratory
internal import Tensors

/// How many labels plane waves of every spatial frequency change.
struct Fourier: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show which spatial frequencies change labels: the Fourier heat map.",
    discussion: """
      For each frequency, every image gets a plane wave of norm ξ, with a random sign in each channel and image. The \
      map's values are the share of labels that change, low frequencies in the middle (Yin et al., NeurIPS 2019). It costs half \
      as many passes over the images as a channel has pixels. --output FILE.npy writes the map, 1×rows×columns.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(
    name: .long, parsing: .unconditional,
    help: "ξ, the norm over all channels, pixels in [0, 1]; √(C·H·W)/8 by default.")
  var radius: Double?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Most cycles to measure over the height and the width.", valueName: "K"),
    transform: WholeNumber.cycles)
  var cutoff = FourierHeatMap.usualCutoff

  func validate() throws {
    try checkPositive([("--radius", radius)])
  }

  func run() throws {
    try output.check()
    let (open, set) = try model.open(for: images)
    let subject = Subject(classifier: open.classifier, images: try images.open(set, for: open))
    let map = FourierHeatMap(
      radius: radius ?? FourierHeatMap.usualRadius(of: open.imageShape), cutoff: cutoff, seed: runs.seed)
    let o = try runs.outcome(of: map, on: subject, quiet: output.quiet)
    try output.save(
      Tensor(shape: [1, o.rows.count, o.columns.count], elements: o.rates.joined().map { Float($0) }))
    try output.answer(o, with: open, alarm: open.alarm("ξ", norm: o.radius)) { describe(o) }
  }

  private func describe(_ o: FourierHeatMap.Outcome) {
    print(
      "labels of \(o.count) images changed by a wave of norm \(Number.figure(o.radius)) (pixels in [0, 1])")
    printDrawn(FrequencyPicture(o).printed(onTerminal: isatty(STDOUT_FILENO) == 1))
    printTable(
      ["cycles", "frequencies", "changed", "± std"],
      o.bands.map { ["\($0.radius)", "\($0.frequencies)", Number.rate($0.rate), Number.rate($0.deviation)] })
    if let clean = o.clean { print("wrong without a wave: \(Number.rate(clean))") }
  }
}
