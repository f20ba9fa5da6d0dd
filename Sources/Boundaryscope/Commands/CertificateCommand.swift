internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Geometry
internal import Laboratory

/// How far noise is certain to keep the labels.
struct CertificateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certificate",
    abstract: "Certify labels by randomised smoothing, beside the distance to the boundary.",
    discussion: """
      R = σΦ⁻¹(p̲): within R of x the label that Gaussian noise of σ gives most often stays the same, with probability \
      1 − α over the draws; p̲ is the exact lower bound of its share (Cohen et al., ICML 2019). R holds for the smoothed \
      classifier. Beside it: ‖r‖ of the network itself, and σ_γ, the largest noise that keeps k(x) in a share γ of draws \
      (γ-persistence, arXiv 2404.08069).
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var images: ImageOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(name: .long, parsing: .unconditional, help: "σ of the noise in every pixel, pixels in [0, 1].")
  var sigma = 0.25

  @Option(
    name: .long, parsing: .unconditional, help: "Draws that count; 100 more choose the label.",
    transform: WholeNumber.draws)
  var draws = 1000

  @Option(
    name: .long, parsing: .unconditional, help: "α: a certificate is wrong with at most this probability.")
  var alpha = 0.001

  @Option(name: .long, parsing: .unconditional, help: "γ, the share of draws that keep the label at σ_γ.")
  var gamma = 0.7

  @Option(
    name: .long, parsing: .unconditional, help: "Draws for σ_γ.",
    transform: WholeNumber.draws)
  var gammaDraws = 200

  func validate() throws {
    try checkPositive([
      ("--sigma", sigma), ("--draws", Double(draws)), ("--gamma-draws", Double(gammaDraws)),
    ])
    for (name, share) in [("--alpha", alpha), ("--gamma", gamma)] where !(share > 0 && share < 1) {
      throw ValidationError("\(name) \(share): expected a share between 0 and 1")
    }
  }

  func run() throws {
    let (open, set) = try model.open(for: images)
    let subject = Subject(classifier: open.classifier, images: try images.open(set, for: open))
    var smoothing = SmoothedLabels.Settings(sigma: sigma)
    (smoothing.draws, smoothing.alpha, smoothing.seed) = (draws, alpha, runs.seed)
    var persistence = LabelPersistence.Settings()
    (persistence.gamma, persistence.draws, persistence.seed) = (gamma, gammaDraws, runs.seed)
    let certificate = NoiseCertificate(smoothing: smoothing, persistence: persistence)
    let o = try runs.outcome(of: certificate, on: subject, quiet: output.quiet)
    try output.answer(o, with: open, alarm: open.alarm("‖r‖", norm: o.medianNorm)) { describe(o) }
  }

  private func describe(_ o: NoiseCertificate.Outcome) {
    func length(_ value: Double?) -> String { value.map { Number.figure($0) } ?? "–" }
    print(
      "σ = \(Number.figure(o.sigma)), \(o.draws) draws, α = \(Number.figure(o.alpha)), \(o.count) images; px")
    printRows([
      ("certified R", "median \(length(o.medianRadius)); 0 where it abstains or the label differs from k(x)"),
      ("abstained", "\(o.abstained); label other than k(x): \(o.changed)"),
      ("‖r‖", "median \(length(o.medianNorm)); median R/‖r‖ \(length(o.ratio))"),
      ("σ_γ", "median \(length(o.persistence)) for γ = \(length(o.gamma))"),
    ])
    printTable(
      ["image", "label", "smoothed", "p̲", "R", "‖r‖", "σ_γ", "95 %"],
      o.each.prefix(20).map { one in
        let ends = one.persistence.map { "\(length($0.lower)) – \(length($0.upper))" } ?? "–"
        return [
          "\(one.index)", "\(one.label)", "\(one.smoothed)", Number.fixed(one.lower, 3), length(one.radius),
          length(one.norm), length(one.persistence?.sigma), ends,
        ]
      })
    if o.each.count > 20 { print("… and \(o.each.count - 20) more; --json prints all") }
  }
}
