internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Laboratory

/// The distance to the boundary within bands of spatial frequencies.
struct Bands: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the distance to the boundary within bands of the cosine transform.",
    discussion: """
      Each band is a block of K×K cosines (DCT-II) of every channel, from the lowest to the highest on the diagonal. \
      DeepFool, restricted to the band, finds the smallest norm that changes the label (Ortiz-Jiménez et al., NeurIPS \
      2020). A network is sensitive to the bands in which that norm is small.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup var judged: JudgedOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(
    name: .long, parsing: .unconditional, help: "How many bands.",
    transform: WholeNumber.side)
  var count = 7

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Cosines along each side of a band.", valueName: "K"),
    transform: WholeNumber.side)
  var block = 8

  func validate() throws { try checkPositive([("--count", Double(count)), ("--block", Double(block))]) }

  func run() throws {
    let (open, set) = try model.open(for: images)
    let subject = Subject(
      classifier: open.classifier, images: try images.open(set, for: open),
      validation: try judged.open(for: open))
    let o = try runs.outcome(
      of: BandMargins(count: count, block: block), on: subject, quiet: output.quiet)
    try output.answer(o, with: open, alarm: open.alarm("‖r‖", norm: o.median)) {
      let norm = o.median.map { Number.figure($0) } ?? "–"
      print(
        "‖r‖ within bands of \(o.block)×\(o.block) cosines over \(o.count) images; over all frequencies: median \(norm)"
      )
      printTable(
        ["cosines down", "across", "dimension", "reached", "median ‖r‖", "quartiles"],
        o.bands.map { band in
          let ends = [band.lower, band.upper].map { $0.map { Number.figure($0) } ?? "–" }
          return [
            "\(band.rows)–\(band.rows + o.block - 1)", "\(band.columns)–\(band.columns + o.block - 1)",
            "\(band.dimension)", Number.rate(band.reached), band.median.map { Number.figure($0) } ?? "–",
            ends.joined(separator: " – "),
          ]
        })
    }
  }
}
