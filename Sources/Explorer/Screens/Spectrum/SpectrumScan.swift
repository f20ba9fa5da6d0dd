internal import Drawing
internal import Experiments

// The plot of the Spectrum screen that tells which h, or which target class, to take.
extension SpectrumScreen {
  /// What is known of the scan, once it has an entry.
  func scan(_ workspace: Workspace) -> CurvatureScan.Outcome? {
    guard let outcome = workspace.work.findings.known(workspace.curvatureScan), !outcome.entries.isEmpty
    else { return nil }
    return outcome
  }

  func drawScan(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let request = workspace.curvatureScan?.request
    let isOverTargets = workspace.parameters.curvature.recipe.target != nil
    let inside = canvas.frame(
      isOverTargets ? "S_c 1 for each target class" : "S_c 1 against h", note: "b: \(Plot.frequencies.title)",
      isActive: true, in: area)
    guard let outcome = scan(workspace) else {
      return canvas.waiting(
        for: [request].compactMap { $0 },
        offering: isOverTargets
          ? "find S_c for every target class of the authors' recipe, and how many labels its first direction "
            + "changes."
          : "find S_c for h from a tenth of ξ to 2 ξ, how far the boundary bends along its first direction, "
            + "and how many labels that changes.", in: inside, workspace)
    }
    let job = workspace.work.job(of: request)
    let (body, gauge) = inside.split(top: inside.rows - (job == nil ? 0 : 1))
    let (plots, rows) = body.split(top: max(0, body.rows - outcome.entries.count - 2))
    if !isOverTargets, plots.rows >= 8 { drawCurves(of: outcome, on: &canvas, in: plots) }
    drawRows(of: outcome, on: &canvas, in: isOverTargets || plots.rows < 8 ? body : rows, workspace)
    if let job { canvas.draw(JobGauge(job: job), in: gauge) }
  }

  /// Fooling rates against h, and where there is room vᵀA(v) below.
  private func drawCurves(of outcome: CurvatureScan.Outcome, on canvas: inout Canvas, in area: Rectangle) {
    let plots = curves(of: outcome)
    guard plots.count == 2 else { return }
    let (above, below) = area.split(top: area.rows >= 20 ? area.rows / 2 : area.rows)
    canvas.draw(plots[0], in: above)
    if below.rows > 0 { canvas.draw(plots[1], in: below) }
  }

  /// Labels that ±v changes against h, and how far the boundary bends; none before there are two h.
  func curves(of outcome: CurvatureScan.Outcome) -> [LinePlot] {
    let known = outcome.entries.filter { $0.training != nil }
    guard known.count > 1, let last = outcome.entries.last?.step, let first = outcome.entries[0].step else {
      return []
    }
    let steps = known.compactMap(\.step)
    let line = outcome.entries[min(place, outcome.entries.count - 1)].step
    let horizontal = Axis(first...max(last, first * 1.01), scale: .logarithmic)
    return [
      LinePlot(
        [
          LinePlot.Series("learnt from", x: steps, y: known.map { 100 * ($0.training ?? 0) }),
          LinePlot.Series("unseen", x: steps, y: known.map { 100 * ($0.judged ?? 0) }),
        ], horizontal: horizontal, horizontalTitle: "h, px", verticalTitle: "labels that ±v changes, %",
        cursor: line),
      LinePlot(
        [
          LinePlot.Series("vᵀA(v)", x: steps, y: known.map { $0.rayleigh ?? .nan }, style: .curvature),
          LinePlot.Series(
            "Ritz θ", x: steps, y: known.map { $0.eigenvalue ?? .nan },
            style: SpectrumPlot.estimate.with(.dotted)),
        ], references: [LinePlot.Reference("flat", y: 0)], horizontal: horizontal, horizontalTitle: "h, px",
        verticalTitle: "curvature, 1/px", cursor: line),
    ]
  }

  private func drawRows(
    of outcome: CurvatureScan.Outcome, on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace
  ) {
    let isOverTargets = outcome.entries[0].recipe.target != nil
    let isNarrow = area.columns < 56
    let first = Table.Column(
      isOverTargets ? "target" : "h, px", alignment: isOverTargets ? .leading : .trailing)
    let heads =
      isNarrow
      ? ["vᵀA(v)", "learnt %", "unseen +v", "−v"]
      : ["n", "Ritz θ", "vᵀA(v)", "learnt ±v %", "unseen +v", "−v"]
    canvas.draw(
      Table(
        [Table.Column(""), first] + heads.map { Table.Column($0, alignment: .trailing) },
        rows: outcome.entries.enumerated().map { i, entry in
          [
            i == outcome.chosen ? "▸" : "",
            entry.recipe.target.map(workspace.subject.className) ?? entry.step.map { Number.short($0) }
              ?? "–",
          ] + (isNarrow ? [] : ["\(entry.points)", entry.eigenvalue.map { Number.short($0) } ?? "–"])
            + entry.rates
        }, selection: min(place, outcome.entries.count - 1)), in: area)
  }
}

extension CurvatureScan.Entry {
  /// Mean of +v and −v on the unseen images.
  fileprivate var judged: Double? { validation.map { ($0.rate + $0.opposite) / 2 } }

  /// vᵀA(v), and the labels changed in per cent.
  fileprivate var rates: [String] {
    [rayleigh.map { Number.short($0) } ?? "–"]
      + [training, validation?.rate, validation?.opposite].map { share in
        share.map { Number.fixed(100 * $0, 1) } ?? "–"
      }
  }
}
