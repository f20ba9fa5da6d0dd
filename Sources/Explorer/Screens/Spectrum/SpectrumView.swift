internal import Drawing
internal import Experiments
internal import Networks
internal import Tensors

extension SpectrumScreen {
  func draw(on canvas: inout Canvas, _ workspace: Workspace) {
    guard workspace.subject.isReady else {
      let inside = canvas.frame("spectrum", in: canvas.bounds)
      return canvas.paragraph(
        "The spectrum needs a model and images. Press 1 to open them.", in: inside, canvas.theme.muted)
    }
    let (top, rest) = canvas.bounds.split(top: 2)
    canvas.paragraph(parameters(workspace), in: top.inset(left: 1), canvas.theme.muted)
    guard canvas.bounds.isComfortable else { return drawPlot(on: &canvas, in: rest, workspace) }
    let side = max(32, min(76, rest.rows * 2 - 12, rest.columns * 9 / 20))
    let (left, right) = rest.split(left: rest.columns - side)
    let tableRows = min(right.rows / 2, 4 + max(4, right.rows / 4))
    let (picture, numbers) = right.split(top: right.rows - tableRows)
    drawPlot(on: &canvas, in: left, workspace)
    drawEigenvector(on: &canvas, in: picture, workspace)
    drawNumbers(on: &canvas, in: numbers, workspace)
  }

  /// What the plot in front is computed with, in words.
  private func parameters(_ workspace: Workspace) -> String {
    let known = workspace.work.findings
    let seed = "seed \(workspace.parameters.seed)"
    switch plot {
    case .eigenvalues, .shape, .scan: return sharedParameters(workspace)
    case .density:
      guard let asked = workspace.pointSpectrum?.experiment else { return "" }
      let probes = "\(asked.probes) probes × \(asked.steps) Lanczos steps"
      return
        "\(words(asked.product)) · image \(workspace.subject.image) · \(probes) · divided by ‖∇F‖ · \(seed)"
    case .frequencies:
      let count = workspace.fourier?.request.selection.judged.count ?? 0
      return "ξ = \(Number.short(workspace.parameters.radius)) px · \(count) unseen images · \(seed)"
    case .bands:
      let count = workspace.bandMargins?.request.selection.judged.count ?? 0
      let block = known.known(workspace.bandMargins).map { " of \($0.block)×\($0.block) cosines" } ?? ""
      return "bands\(block) · DeepFool within each · \(count) unseen images"
    case .noise:
      guard let question = workspace.certificate else { return "" }
      let count = question.request.selection.judged.count
      let noise = "σ = \(Number.short(Workspace.noise)) · \(Workspace.noiseDraws) draws"
      return "\(noise) · \(count) unseen images · \(seed)"
    }
  }

  private func words(_ product: HessianProduct) -> String {
    switch product {
    case .secant(let h): "secant, h = \(Number.short(Double(h))) px"
    case .softened(let beta): "softened, β = \(Number.short(Double(beta)))"
    case .exact: "exact Hessian"
    }
  }

  /// Recipe, product, n, h, m, seed of S_c.
  private func sharedParameters(_ workspace: Workspace) -> String {
    let curvature = workspace.parameters.sharedCurvature
    let recipe =
      switch curvature.recipe {
      case .region: "recipe region (nearest boundary, region margin)"
      case .paper: "recipe paper (nearest boundary, pair margin)"
      case .authors(let target): "recipe authors (target \(workspace.subject.className(target)), pair margin)"
      }
    let isClimbed = curvature.climb > 0 && curvature.product.isSecant
    let climb = isClimbed ? " + climbs" : ""
    let ascent =
      curvature.ascent > 0 ? ", \(curvature.ascent)-step ascents from \(curvature.starts)" : ""
    return
      "\(recipe) · \(words(curvature.product)) · n = \(workspace.curvatureImages.count) · m = \(curvature.eigenvectors), "
      + "\(curvature.iterations) Lanczos steps\(climb)\(ascent) · divided by ‖∇F‖, unit 1/px · seed \(curvature.seed)"
  }

  private func drawPlot(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    switch plot {
    case .eigenvalues: break
    case .shape: return drawShape(on: &canvas, in: area, workspace)
    case .density: return drawDensity(on: &canvas, in: area, workspace)
    case .scan: return drawScan(on: &canvas, in: area, workspace)
    case .frequencies: return drawFrequencies(on: &canvas, in: area, workspace)
    case .bands: return drawBands(on: &canvas, in: area, workspace)
    case .noise: return drawNoise(on: &canvas, in: area, workspace)
    }
    let outcome = outcome(workspace)
    let inside = canvas.frame("eigenvalues", note: status(outcome, workspace), isActive: true, in: area)
    guard !workspace.isExactEmpty else { return explainZeros(on: &canvas, in: inside) }
    guard let outcome, !outcome.eigenvalues.isEmpty else {
      return canvas.with(inside) { drawWaiting(on: &$0, workspace) }
    }
    let (pictures, gauge) = inside.split(
      top: inside.rows - (workspace.work.job(of: request(workspace)) == nil ? 0 : 1))
    let strip = EigenvectorStrip(outcome, selected: selected, in: pictures)
    let (plot, row) = pictures.split(top: pictures.rows - (strip == nil ? 0 : EigenvectorStrip.rows))
    canvas.draw(spectrum(outcome, workspace), in: plot)
    if let strip { canvas.with(row) { strip.draw(on: &$0) } }
    if let job = workspace.work.job(of: request(workspace)) { canvas.draw(JobGauge(job: job), in: gauge) }
  }

  private func spectrum(_ outcome: SharedCurvature.Outcome, _ workspace: Workspace) -> SpectrumPlot {
    var spectrum = SpectrumPlot(
      outcome.curvatures, selection: selected, title: "curvature, 1/px", indexTitle: "eigenvector")
    if !outcome.rayleigh.isEmpty {
      spectrum.others = [.init("Ritz θ", outcome.eigenvalues, style: SpectrumPlot.estimate)]
    }
    spectrum.others += compared(workspace).map { other, question in
      guard let outcome = workspace.work.findings.known(question) else {
        return SpectrumPlot.Other("\(other.name): \(workspace.work.state(question.request))", [])
      }
      return SpectrumPlot.Other(other.name, outcome.curvatures)
    }
    return spectrum
  }

  func figure(_ workspace: Workspace) -> FigureScene? {
    let found = workspace.work.findings
    switch plot {
    case .eigenvalues:
      guard !workspace.isExactEmpty, let outcome = outcome(workspace), !outcome.eigenvalues.isEmpty else {
        return nil
      }
      var spectrum = spectrum(outcome, workspace)
      spectrum.selection = nil
      return .one(spectrum)
    case .shape: return shapes(workspace).map { .one($0(true).withoutCursor) }
    case .density: return densityPlot(workspace).map { .one($0) }
    case .scan:
      let plots = scan(workspace).map(curves) ?? []
      return plots.isEmpty ? nil : .rows(plots.map { (1, .one($0.withoutCursor)) })
    case .frequencies:
      return found.known(workspace.fourier).map {
        .one(FrequencyMap($0.rates, rows: $0.rows, columns: $0.columns))
      }
    case .bands:
      return found.known(workspace.bandMargins).flatMap {
        $0.bands.isEmpty ? nil : .one(bandsPlot($0, isNarrow: true).withoutCursor)
      }
    case .noise:
      return found.known(workspace.certificate).flatMap {
        $0.each.isEmpty ? nil : .one(noisePlot($0).withoutCursor)
      }
    }
  }

  /// True residuals as far as they are evaluated, the iteration's own predictions beyond.
  private func residuals(_ outcome: SharedCurvature.Outcome) -> [Double] {
    let predicted = outcome.history.last?.estimates ?? []
    return outcome.eigenvalues.indices.map { i in
      i < outcome.residuals.count ? outcome.residuals[i] : i < predicted.count ? predicted[i] : .nan
    }
  }

  private func status(_ outcome: SharedCurvature.Outcome?, _ workspace: Workspace) -> String {
    guard let outcome else { return "" }
    if workspace.work.findings.isPartial(request(workspace)) {
      if outcome.rayleigh.isEmpty {
        return "Lanczos step \(outcome.iterations) of \(workspace.parameters.curvature.iterations)"
      }
      return "climbing, \(outcome.products) products"
    }
    return "\(outcome.products) products, \(outcome.points) points, done"
  }

  private func explainZeros(on canvas: inout Canvas, in area: Rectangle) {
    canvas.paragraph(
      "This network is piecewise linear: its exact Hessian is zero almost everywhere. Zeros would say nothing about "
        + "how its boundary bends from piece to piece, so they are not computed.\n\nPress d for secant products, "
        + "differences of gradients over a scale h, or for the softened copy of the network.", in: area,
      canvas.theme.warning)
  }

  private func drawWaiting(on canvas: inout Canvas, _ workspace: Workspace) {
    let request = request(workspace)
    let text = Rectangle(
      row: max(0, canvas.size.rows / 3), column: 1, rows: canvas.size.rows, columns: canvas.size.columns - 2)
    if let job = workspace.work.job(of: request) {
      canvas.paragraph("Finding boundary points, then the largest eigenvalues …", in: text)
      canvas.draw(
        JobGauge(job: job), in: Rectangle(row: text.row + 2, column: 1, rows: 1, columns: text.columns))
    } else if let reason = workspace.work.findings[failure: request] {
      canvas.paragraph(reason, in: text, canvas.theme.bad)
    } else {
      canvas.paragraph(
        "Not computed yet for these settings. "
          + workspace.invitation(
            to: [request].compactMap { $0 },
            "find the boundary points of \(workspace.curvatureImages.count) images and average the curvature "
              + "there."), in: text,
        canvas.theme.muted)
    }
  }

  private func drawNumbers(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let spread = outcome(workspace)?.spread.map { spread in
      "1 over \(spread.starts) starts: \(Number.short(spread.lowest))–\(Number.short(spread.highest))"
    }
    let inside = canvas.frame("numbers, 1/px", note: spread ?? "", in: area)
    guard !workspace.isExactEmpty, let outcome = outcome(workspace) else { return }
    let estimates = residuals(outcome)
    func entry(_ values: [Double], _ i: Int) -> String {
      values.indices.contains(i) ? Number.short(values[i]) : "–"
    }
    canvas.draw(
      Table(
        [
          Table.Column("i", alignment: .trailing), Table.Column("Ritz θ", alignment: .trailing),
          Table.Column("vᵀA(v)", alignment: .trailing),
          Table.Column("residual", alignment: .trailing),
        ],
        rows: outcome.eigenvalues.indices.map { i in
          [
            "\(i + 1)", entry(outcome.eigenvalues, i), entry(outcome.rayleigh, i),
            (i < outcome.residuals.count ? "" : "~") + entry(estimates, i),
          ]
        }, selection: outcome.eigenvalues.isEmpty ? nil : selected), in: inside)
  }
}

extension SharedCurvature.Outcome {
  /// vᵀA(v) as far as it is evaluated, the iteration's own eigenvalues beyond.
  fileprivate var curvatures: [Double] { rayleigh + eigenvalues.dropFirst(rayleigh.count) }
}
