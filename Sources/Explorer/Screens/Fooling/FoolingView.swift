internal import Drawing
internal import Experiments
internal import Jobs

extension FoolingScreen {
  func draw(on canvas: inout Canvas, _ workspace: Workspace) {
    guard workspace.subject.isReady else {
      let inside = canvas.frame("fooling", in: canvas.bounds)
      return canvas.paragraph(
        "Fooling rates need a model and images. Press 1 to open them.", in: inside, canvas.theme.muted)
    }
    guard !workspace.subject.validation.isEmpty else {
      let inside = canvas.frame("fooling", in: canvas.bounds)
      return canvas.paragraph(
        "Fooling rates need images to learn from and others to judge on; this set has \(workspace.subject.count). "
          + "Open a larger set with 1, then i.", in: inside, canvas.theme.warning)
    }
    let (top, rest) = canvas.bounds.split(top: 2)
    canvas.paragraph(
      remark(workspace, isShort: canvas.size.columns < 100), in: top.inset(left: 1), canvas.theme.muted)
    // Beside a tour's words there is room for the curves alone; the legend has their values.
    let isLow = rest.rows < 18
    let (plot, numbers) = rest.split(
      top: rest.rows - (!isLow ? 8 : workspace.narration == nil ? rest.rows / 2 : 0))
    drawPlot(on: &canvas, in: plot, workspace)
    guard !numbers.isEmpty else { return }
    guard canvas.size.columns >= 100 else {
      return drawVectors(on: &canvas, in: numbers, workspace, withDraws: true)
    }
    let (left, right) = numbers.split(left: numbers.columns * 3 / 5)
    drawVectors(on: &canvas, in: left, workspace, withDraws: false)
    drawDraws(on: &canvas, in: right, workspace)
  }

  private func remark(_ workspace: Workspace, isShort: Bool) -> String {
    let xi = Number.short(workspace.parameters.radius)
    return
      "ξ = \(xi) px\(workspace.radiusRemark). Learnt from \(workspace.subject.training.count) images (S_c from "
      + "\(workspace.curvatureImages.count)\(workspace.tellingCurvature.ascent > 0 ? ", with ascent" : "")), judged on \(workspace.subject.validation.count) others\(isShort ? "." : "; unclipped unless stated.")"
  }

  private func drawPlot(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let all = requests(workspace) + compared(workspace).map(\.question.request)
    let job = all.lazy.compactMap { workspace.work.job(of: $0) }.first { $0.progress != nil }
    let (series, uap) = curves(workspace)
    let title =
      area.columns >= 100 ? "fooling rate of draws from the first m directions" : "fooling rate of draws"
    let inside = canvas.frame(
      title, note: uap.map { "-- UAP \(Number.fixed($0.y, 1)) %" } ?? "", isActive: true, in: area)
    let (plot, gauge) = inside.split(top: inside.rows - (job == nil || inside.rows < 12 ? 0 : 1))
    if series.isEmpty, uap == nil {
      canvas.with(plot) { drawWaiting(on: &$0, workspace) }
    } else {
      canvas.draw(linePlot(series, uap, workspace), in: plot)
    }
    if let job, !gauge.isEmpty { canvas.draw(JobGauge(job: job), in: gauge) }
  }

  /// The curves as far as they are found, and the rate of the published algorithm.
  private func curves(_ workspace: Workspace) -> (series: [LinePlot.Series], uap: LinePlot.Reference?) {
    let series =
      SubspaceChoice.allCases.compactMap { subspace in
        workspace.work.findings.known(curve(subspace, workspace)).map { outcome in
          LinePlot.Series(
            subspace.name, x: outcome.curve.map { Double($0.dimension) },
            y: outcome.curve.map { 100 * $0.mean },
            deviation: outcome.curve.map { 100 * $0.deviation }, style: subspace.style)
        }
      }.filter { !$0.x.isEmpty } + comparedSeries(workspace)
    let uap = workspace.work.findings.known(vector(.uap, workspace))?.validation.map {
      LinePlot.Reference("UAP", y: 100 * $0.rate, style: .universal)
    }
    return (series, uap)
  }

  func figure(_ workspace: Workspace) -> FigureScene? {
    let (series, uap) = curves(workspace)
    guard !series.isEmpty || uap != nil else { return nil }
    return .one(linePlot(series, uap, workspace).withoutCursor)
  }

  private func comparedSeries(_ workspace: Workspace) -> [LinePlot.Series] {
    compared(workspace).compactMap { other, question in
      guard let outcome = workspace.work.findings.known(question), !outcome.curve.isEmpty else { return nil }
      return LinePlot.Series(
        "S_c of \(other.name)", x: outcome.curve.map { Double($0.dimension) },
        y: outcome.curve.map { 100 * $0.mean }, deviation: outcome.curve.map { 100 * $0.deviation })
    }
  }

  private func linePlot(
    _ series: [LinePlot.Series], _ uap: LinePlot.Reference?, _ workspace: Workspace
  ) -> LinePlot {
    LinePlot(
      series, references: uap.map { [$0] } ?? [],
      horizontal: Axis(1...Double(Workspace.dimensions.last ?? 20), scale: .logarithmic),
      vertical: Axis(0...100),
      horizontalTitle: "dimension m of the subspace", verticalTitle: "labels changed, %",
      cursor: Double(Workspace.dimensions[place]))
  }

  private func drawWaiting(on canvas: inout Canvas, _ workspace: Workspace) {
    let requests = requests(workspace)
    let text = Rectangle(
      row: max(0, canvas.size.rows / 3), column: 1, rows: canvas.size.rows, columns: canvas.size.columns - 2)
    if requests.contains(where: workspace.work.isPending) {
      canvas.paragraph("Computing; the curves grow as results arrive.", in: text, canvas.theme.muted)
    } else if let reason = requests.lazy.compactMap({ workspace.work.findings.failures[$0] }).first {
      canvas.paragraph(reason, in: text, canvas.theme.bad)
    } else {
      canvas.paragraph(
        "Not computed yet for these settings. "
          + workspace.invitation(
            to: requests,
            "judge directions of S_c, S_f and random ones, and the published universal perturbation, on the "
              + "same unseen images."), in: text,
        canvas.theme.muted)
    }
  }

  /// One perturbation for all images: rates with their interval, of −v, and clipped to real pixels.
  private func drawVectors(
    on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace, withDraws: Bool
  ) {
    let inside = canvas.frame("one vector for all images", in: area)
    var columns = [
      Table.Column("v", isFlexible: !withDraws), Table.Column("rate", alignment: .trailing),
      Table.Column("95 %", alignment: .trailing), Table.Column("of −v", alignment: .trailing),
      Table.Column("clipped", alignment: .trailing), Table.Column("ceiling", alignment: .trailing),
    ]
    let m = Workspace.dimensions[place]
    if withDraws { columns.append(Table.Column("draws, m = \(m)", alignment: .trailing)) }
    let methods: [UniversalFooling.Method] = [.uap, .even, .curvature, .normals, .random]
    let rows = methods.map { method in
      row(method, workspace) + (withDraws ? [draws(method, m, workspace)] : [])
    }
    canvas.draw(Table(columns, rows: rows, marks: Self.marks(methods.map(\.style))), in: inside)
  }

  private func row(_ method: UniversalFooling.Method, _ workspace: Workspace) -> [String] {
    let name = method.title
    let question = vector(method, workspace)
    let outcome = workspace.work.findings.known(question)
    guard let rates = outcome?.validation else {
      let training = outcome.map { "\(Number.percent($0.training.rate)) own" }
      return [name, training ?? workspace.work.state(question?.request), "", "", "", ""]
    }
    let interval =
      rates.interval.count == 2
      ? "\(Number.fixed(100 * rates.interval[0], 0))–\(Number.percent(rates.interval[1]))" : "–"
    return [
      name, Number.percent(rates.rate, 1), interval, Number.percent(rates.opposite, 1),
      Number.percent(rates.clipped, 1), Number.percent(rates.ceiling),
    ]
  }

  /// The fooling rates of the draws from a subspace's first m directions, once they are known.
  private func point(_ subspace: SubspaceChoice, _ m: Int, _ workspace: Workspace) -> SubspaceFooling.Point? {
    workspace.work.findings.known(curve(subspace, workspace))?.curve.first { $0.dimension == m }
  }

  private func draws(_ method: UniversalFooling.Method, _ m: Int, _ workspace: Workspace) -> String {
    let subspace: SubspaceChoice
    switch method {
    case .uap, .gradient, .logistic, .even, .singular: return ""
    case .curvature: subspace = .shared
    case .normals: subspace = .normals
    case .random: subspace = .random
    }
    guard let point = point(subspace, m, workspace) else { return "–" }
    return "\(Number.fixed(100 * point.mean, 1)) ± \(Number.percent(point.deviation, 1))"
  }

  /// The random draws at the dimension that the plot's line marks.
  private func drawDraws(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let m = Workspace.dimensions[place]
    // A line has two directions alone.
    let inside = canvas.frame(m == 1 ? "v and −v, m = 1" : "20 random draws, m = \(m)", in: area)
    let rows = SubspaceChoice.allCases.map { subspace -> [String] in
      guard let point = point(subspace, m, workspace) else {
        return [subspace.name, workspace.work.state(curve(subspace, workspace)?.request), "", ""]
      }
      return [
        subspace.name, Number.percent(point.mean, 1), Number.percent(point.deviation, 1),
        Number.percent(point.ceiling),
      ]
    }
    canvas.draw(
      Table(
        [
          Table.Column("subspace", isFlexible: true), Table.Column("mean", alignment: .trailing),
          Table.Column("std", alignment: .trailing), Table.Column("ceiling", alignment: .trailing),
        ], rows: rows, marks: Self.marks(SubspaceChoice.allCases.map(\.style))), in: inside)
  }

  private static func marks(_ styles: [CurveStyle?]) -> [Int: CurveStyle] {
    Dictionary(uniqueKeysWithValues: styles.enumerated().compactMap { i, style in style.map { (i, $0) } })
  }

  func definitions(_ workspace: Workspace) -> [Definition] {
    [
      Definition(
        "rate",
        "Fooling rate: share of unseen images with k(x + v) ≠ k(x), against the estimated label, not the truth."
      ),
      Definition(
        "curves",
        "Mean over 20 vectors v = Ug/‖Ug‖·ξ, g normal, U the first m directions of the subspace; the band is one "
          + "standard deviation over the draws. (Figure 7b of the ICLR 2018 paper.)"),
      Definition(
        "S_c of …",
        "The same curve for a compared model: its own S_c, its own labels, the same images. It follows by "
          + "itself once the open model's is known."),
      Definition(
        "m",
        "How many of a subspace's first directions are mixed; the line marks the m of the tables."),
      Definition(
        "mean, std",
        "Mean and standard deviation of the rates of the 20 draws. A line has only two unit vectors: at m = 1 "
          + "both are tried. The best draw is not reported: the images that judge would have chosen it."),
      Definition(
        "ceiling",
        "The most a rate could be: 1 − the share of the class that most fooled images get. A vector that turns "
          + "all images into one class changes no label of those already in it. For draws, the mean."),
      Definition("95 %", "Wilson's interval for the rate: chance alone moves the rate within it."),
      Definition(
        "of −v",
        "The rate of the opposite vector: near that of v where the boundary bends rather than only leans."),
      Definition("clipped", "The rate with x + v clipped to [0, 1], as a real picture would be."),
      Definition("own", "The rate on the images v is learnt from, while it is learnt."),
      Definition(
        "random", "A direction uniform on the sphere, of the same norm: what any vector of this size does."),
      Definition("UAP line", "The rate of the published universal perturbation, for comparison."),
      Glossary.shared, Glossary.ascent, Glossary.normals, Glossary.universal, Glossary.label,
    ]
  }
}
