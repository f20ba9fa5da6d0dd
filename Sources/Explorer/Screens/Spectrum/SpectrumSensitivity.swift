internal import Drawing
internal import Experiments

// The plots of the Spectrum screen on what unseen images are sensitive to: frequencies, and noise.
extension Workspace {
  /// Unseen images that one of these plots is judged on: enough to tell shares within a few per cent.
  private var judges: Range<Int>? {
    let judges = subject.validation.prefix(subject.isSmall ? 50 : subject.mostLarge)
    return judges.isEmpty ? nil : judges
  }

  /// Waves of norm ξ of the header.
  var fourier: Question<FourierHeatMap>? {
    judges.flatMap {
      ask(FourierHeatMap(radius: parameters.radius, seed: parameters.seed), Selection($0))
    }
  }

  var bandMargins: Question<BandMargins>? { judges.flatMap { ask(BandMargins(), Selection($0)) } }

  var certificate: Question<NoiseCertificate>? {
    judges.flatMap {
      let certificate = NoiseCertificate(sigma: Self.noise, draws: Self.noiseDraws, seed: parameters.seed)
      return ask(certificate, Selection($0.prefix(20)))
    }
  }

  /// σ of the certificates, and draws for each.
  static let noise = 0.1
  static let noiseDraws = 500
}

extension SpectrumScreen {
  func drawFrequencies(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let inside = canvas.frame(
      "labels that a plane wave changes", note: "b: \(Plot.bands.title)", isActive: true, in: area)
    let request = workspace.fourier?.request
    guard let outcome = workspace.work.findings.known(workspace.fourier) else {
      return canvas.waiting(
        for: [request].compactMap { $0 },
        offering: "find the share of unseen images' labels that a plane wave of norm ξ changes, for every "
          + "spatial frequency.", in: inside, workspace)
    }
    let job = workspace.work.job(of: request)
    let (body, gauge) = inside.split(top: inside.rows - (job == nil ? 1 : 2))
    canvas.draw(FrequencyMap(outcome.rates, rows: outcome.rows, columns: outcome.columns), in: body)
    let known = outcome.bands.filter { $0.rate.isFinite }
    let most = known.max { $0.rate < $1.rate }.map {
      "most at \($0.radius) cycles: \(Number.percent($0.rate)) of \(outcome.count) images"
    }
    canvas.put(
      most ?? "", row: gauge.row, column: gauge.column, canvas.theme.muted, width: gauge.columns)
    if let job {
      canvas.draw(
        JobGauge(job: job),
        in: Rectangle(row: gauge.row + 1, column: gauge.column, rows: 1, columns: gauge.columns))
    }
  }

  func drawBands(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let inside = canvas.frame(
      "distance within frequency bands", note: "b: \(Plot.noise.title)", isActive: true, in: area)
    let request = workspace.bandMargins?.request
    guard let outcome = workspace.work.findings.known(workspace.bandMargins), !outcome.bands.isEmpty else {
      return canvas.waiting(
        for: [request].compactMap { $0 },
        offering: "find the smallest norm that changes a label within each band of the cosine transform.",
        in: inside,
        workspace)
    }
    let job = workspace.work.job(of: request)
    let (plot, gauge) = inside.split(top: inside.rows - (job == nil ? 0 : 1))
    canvas.draw(bandsPlot(outcome, isNarrow: plot.columns < 60), in: plot)
    if let job { canvas.draw(JobGauge(job: job), in: gauge) }
  }

  func bandsPlot(_ outcome: BandMargins.Outcome, isNarrow: Bool) -> LinePlot {
    let met = outcome.bands.filter { $0.median != nil }
    func series(_ name: String, _ value: (BandMargins.Band) -> Double?) -> LinePlot.Series {
      LinePlot.Series(name, x: met.map { Double($0.rows) }, y: met.map { value($0) ?? .nan })
    }
    return LinePlot(
      [series("median", \.median), series("1st quartile", \.lower), series("3rd quartile", \.upper)],
      references: outcome.median.map { [LinePlot.Reference("over all directions", y: $0)] } ?? [],
      horizontal: Axis(0...Double(max(1, outcome.bands.last?.rows ?? 1))), verticalScale: .logarithmic,
      horizontalTitle: isNarrow
        ? "lowest cosine of the band"
        : "lowest cosine of the band, half periods per image; \(outcome.count) unseen",
      verticalTitle: "norm, px", cursor: outcome.bands[min(place, outcome.bands.count - 1)].position)
  }

  func drawNoise(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let inside = canvas.frame(
      "certified radius and distance", note: "b: \(Plot.eigenvalues.title)", isActive: true, in: area)
    guard let outcome = workspace.work.findings.known(workspace.certificate), !outcome.each.isEmpty else {
      return canvas.waiting(
        for: [workspace.certificate?.request].compactMap { $0 },
        offering:
          "find how far Gaussian noise is certain to keep each label, and the distance at which one attack "
          + "changes it.", in: inside, workspace)
    }
    let (plot, foot) = inside.split(top: inside.rows - 1)
    canvas.draw(noisePlot(outcome), in: plot)
    let ratio = outcome.ratio.map { ", median R/‖r‖ \(Number.fixed($0, 2))" } ?? ""
    canvas.put(
      "\(outcome.abstained) of \(outcome.count) abstain at σ = \(Number.short(outcome.sigma))\(ratio)",
      row: foot.row, column: foot.column, canvas.theme.muted, width: foot.columns)
  }

  func noisePlot(_ outcome: NoiseCertificate.Outcome) -> LinePlot {
    let images = outcome.each.sorted { ($0.norm ?? .infinity) < ($1.norm ?? .infinity) }
    func series(_ name: String, _ value: (NoiseCertificate.Each) -> Double?) -> LinePlot.Series {
      let places = images.indices.filter { value(images[$0]) != nil }
      return LinePlot.Series(
        name, x: places.map { Double($0 + 1) }, y: places.map { value(images[$0]) ?? .nan })
    }
    return LinePlot(
      [series("‖r‖", \.norm), series("certified R", \.radius), series("σ that keeps 70 %", \.persists)],
      horizontal: Axis(1...Double(max(2, images.count))), verticalScale: .logarithmic,
      horizontalTitle: "images, nearest to the boundary first", verticalTitle: "px",
      cursor: Double(min(place, images.count - 1) + 1))
  }

  /// The glossary of these plots.
  static let sensitivity = [
    Definition(
      "Fourier map",
      "The share of labels that change when a plane wave of one spatial frequency and norm ξ is added, its "
        + "sign drawn for each image and colour; low frequencies in the middle. (Yin et al., NeurIPS 2019.)"),
    Definition(
      "bands",
      "Each band: the images whose cosine transform is zero outside a block of 8×8 cosines on its diagonal. "
        + "The plot shows the smallest norm within it that changes the label, by DeepFool confined to the "
        + "band: small where the network listens. (Ortiz-Jiménez et al., NeurIPS 2020.)"),
    Definition(
      "certified R",
      "Within R, the label most frequent under Gaussian noise of width 0.1 cannot change, with probability "
        + "0.999. R is 0.1 times the normal quantile of a lower bound on that label's share. R holds for the "
        + "network under noise, ‖r‖ for the network itself. (Cohen et al., ICML 2019.)"),
    Definition(
      "σ that keeps 70 %",
      "The largest Gaussian noise, in px per pixel, under which 70 % of draws keep the label of the image: the "
        + "size of its region. (Persistence, arXiv 2404.08069.)"),
  ]
}

extension BandMargins.Band {
  fileprivate var position: Double { Double(rows) }
}

// MARK: - In words

extension FourierHeatMap: Study {
  static var screen: ScreenName { .spectrum }

  func title(_ selection: Selection) -> String { "Fourier map" }

  func numbers(_ selection: Selection) -> String {
    "Waves of norm \(Number.short(radius)) px, \(selection.images.count) images, seed \(seed)."
  }

  func show(_ selection: Selection, in workspace: inout Workspace) -> Sequel {
    workspace.take(radius: radius, seed: seed)
    return .go(to: .spectrum)
  }
}

extension BandMargins: Study {
  static var screen: ScreenName { .spectrum }

  func title(_ selection: Selection) -> String { "distance within \(count) bands" }
}

extension NoiseCertificate: Study {
  static var screen: ScreenName { .spectrum }

  func title(_ selection: Selection) -> String { "labels under noise" }
}
