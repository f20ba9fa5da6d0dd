internal import Drawing
internal import Experiments

// The further plots of the Spectrum screen.
extension SpectrumScreen {
  /// What stands where the eigenvalues do.
  enum Plot: Int, CaseIterable, Sendable {
    case eigenvalues
    /// K_S against m for S_c, S_f and a random subspace.
    case shape
    /// The density of all principal curvatures at z of the image.
    case density
    /// S_c's first direction against h, or against the authors' target class.
    case scan
    /// The labels that plane waves change, for every spatial frequency.
    case frequencies
    /// The distance to the boundary within bands of the cosine transform.
    case bands
    /// What Gaussian noise is certain to keep.
    case noise

    var title: String {
      switch self {
      case .eigenvalues: "eigenvalues"
      case .shape: "K_S against m"
      case .density: "density at z"
      case .scan: "scan"
      case .frequencies: "Fourier map"
      case .bands: "bands"
      case .noise: "noise"
      }
    }
  }

  mutating func look(at request: Request) {
    plot =
      switch request.experiment {
      case is SubspaceShape: .shape
      case is PointSpectrum: .density
      case is CurvatureScan: .scan
      case is FourierHeatMap: .frequencies
      case is BandMargins: .bands
      case is NoiseCertificate: .noise
      default: .eigenvalues
      }
    place = 0
  }

  /// Keys of what the plot in front depends on.
  func settings(_ workspace: Workspace) -> [Binding] {
    let product = Binding(
      [.character("d")], shown: "d", label: "Hessian", .product(1),
      "Next Hessian product: secant, softened, exact")
    let radius = Binding(
      [.character("}")], shown: "{ }", label: "ξ", .radius(1), "Larger ξ, the norm of a wave")
    switch plot {
    case .bands, .noise: return []
    case .frequencies: return [radius]
    case .density: return [product]
    case .eigenvalues, .shape, .scan: break
    }
    return [
      product,
      Binding(
        [.character("t")], shown: "t", label: "recipe", .recipe(1),
        "Next recipe: region, paper, authors with a target class"),
      Binding(
        [.character("u")], shown: "u", label: workspace.ascentLabel, .ascent,
        "Turn gradient ascent for S_c on or off"),
      Binding(
        [.character("+"), .character("=")], shown: "+/-", label: "points", .points(1),
        "More boundary points n"),
      Binding([.character("-"), .character("_")], .points(-1), "Fewer boundary points n"),
      Binding([.character("]")], shown: "[ ]", label: "h", .step(1), "Larger h, the scale of the secant"),
    ]
  }

  /// What the plot in front needs.
  func requests(_ workspace: Workspace) -> [Request] {
    switch plot {
    case .eigenvalues: [request(workspace)].compactMap { $0 }
    case .shape: SubspaceChoice.allCases.compactMap { workspace.shape($0)?.request }
    case .density: [workspace.pointSpectrum?.request].compactMap { $0 }
    case .scan: [workspace.curvatureScan?.request].compactMap { $0 }
    case .frequencies: [workspace.fourier?.request].compactMap { $0 }
    case .bands: [workspace.bandMargins?.request].compactMap { $0 }
    case .noise: [workspace.certificate?.request].compactMap { $0 }
    }
  }

  /// How many places the line that reads the plot can take.
  func places(_ workspace: Workspace) -> Int {
    switch plot {
    case .eigenvalues: 0
    case .shape: Workspace.dimensions.count
    case .density: density(workspace)?.points.count ?? 0
    case .scan: scan(workspace)?.entries.count ?? 0
    case .frequencies: 0
    case .bands: workspace.work.findings.known(workspace.bandMargins)?.bands.count ?? 0
    case .noise: workspace.work.findings.known(workspace.certificate)?.each.count ?? 0
    }
  }

  /// The density as a curve, from the largest value on: the share of directions that bend at least so much, one of
  /// them at the least, since no Ritz value exceeds the largest eigenvalue.
  private func density(_ workspace: Workspace) -> (
    points: [(share: Double, value: Double)], outcome: PointSpectrum.Outcome
  )? {
    guard let outcome = workspace.work.findings.known(workspace.pointSpectrum), !outcome.nodes.isEmpty
    else { return nil }
    var share = 0.0
    let points = outcome.nodes.map { node in
      share += node.weight
      return (share: max(share, 1 / Double(max(1, outcome.dimension))), value: node.value)
    }
    return (points, outcome)
  }

  func drawShape(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let inside = canvas.frame(
      area.columns < 70 ? "curvature along S (K_S)" : "curvature along S_c, S_f and random (K_S)",
      note: "b: \(Plot.density.title)", isActive: true, in: area)
    guard let curves = shapes(workspace) else {
      return canvas.waiting(
        for: requests(workspace),
        offering:
          "measure how much the boundary of unseen images bends along draws of S_c, S_f and a random subspace, "
          + "against its dimension.", in: inside, workspace)
    }
    let job = requests(workspace).lazy.compactMap { workspace.work.job(of: $0) }.first { $0.progress != nil }
    let (plot, gauge) = inside.split(top: inside.rows - (job == nil ? 0 : 1))
    canvas.draw(curves(plot.columns < 70), in: plot)
    if let job { canvas.draw(JobGauge(job: job), in: gauge) }
  }

  /// K_S of the subspaces that are known; short titles where there is little room.
  func shapes(_ workspace: Workspace) -> ((_ isNarrow: Bool) -> LinePlot)? {
    let curves = SubspaceChoice.allCases.compactMap { subspace -> (SubspaceChoice, SubspaceShape.Outcome)? in
      workspace.work.findings.known(workspace.shape(subspace)).flatMap {
        $0.curve.isEmpty ? nil : (subspace, $0)
      }
    }
    guard let count = curves.first?.1.count else { return nil }
    let series = curves.map { subspace, outcome in
      LinePlot.Series(
        subspace.name, x: outcome.curve.map { Double($0.dimension) }, y: outcome.curve.map(\.meanNormalised),
        deviation: outcome.curve.map(\.deviationNormalised), style: subspace.style)
    }
    return { isNarrow in
      LinePlot(
        series, references: [LinePlot.Reference("flat", y: 0)],
        horizontal: Axis(1...Double(Workspace.dimensions.last ?? 20), scale: .logarithmic),
        horizontalTitle: isNarrow
          ? "dimension m; ± std over \(count) points"
          : "dimension m; band: ± std over \(count) unseen boundary points",
        verticalTitle: "K_S / ‖∇F‖, 1/px",
        cursor: Double(Workspace.dimensions[min(place, Workspace.dimensions.count - 1)]))
    }
  }

  func drawDensity(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let inside = canvas.frame(
      "all principal curvatures at z of image \(workspace.subject.image)", note: "b: \(Plot.scan.title)",
      isActive: true, in: area)
    guard let (points, outcome) = density(workspace), let last = points.indices.last else {
      return canvas.waiting(
        for: requests(workspace),
        offering:
          "find the density of the \(workspace.subject.pixels - 1) principal curvatures at the boundary point "
          + "of this image, by stochastic Lanczos quadrature.", in: inside, workspace)
    }
    let read = points[min(place, last)]
    let (plot, foot) = inside.split(top: inside.rows - 1)
    canvas.draw(densityPlot(points, at: read.share, isNarrow: plot.columns < 60), in: plot)
    let count = max(1, (read.share * Double(outcome.dimension)).rounded())
    let facts =
      [
        "\(Number.fixed(count, 0)) of \(outcome.dimension) \(count == 1 ? "bends" : "bend") by "
          + "\(Number.short(read.value)) 1/px or more"
      ]
      + (outcome.flatShare.map { ["\(Number.percent($0, 1)) below a tenth of the largest"] } ?? [])
      + [
        "mean \(Number.short(outcome.mean ?? .nan)) 1/px",
        outcome.product + (outcome.beta.map { ", β = \(Number.short($0))" } ?? ""),
        "\(outcome.products) products, seed \(outcome.seed)",
      ]
    // The least important ones give way.
    let text = (1...facts.count).reversed().lazy.map { facts.prefix($0).joined(separator: " · ") }
      .first { Text.columns($0, canvas.appearance.glyphs) <= foot.columns }
    canvas.put(text ?? facts[0], row: foot.row, column: foot.column, canvas.theme.muted, width: foot.columns)
  }

  private func densityPlot(
    _ points: [(share: Double, value: Double)], at share: Double?, isNarrow: Bool
  ) -> LinePlot {
    LinePlot(
      [
        LinePlot.Series(
          "", x: points.map(\.share), y: points.map(\.value), showsMarkers: false, isFilled: true)
      ],
      references: [LinePlot.Reference("flat", y: 0)], horizontalScale: .logarithmic,
      horizontalTitle: isNarrow
        ? "share of directions, most bent first" : "share of directions that bend at least this much",
      verticalTitle: "principal curvature, 1/px", cursor: share)
  }

  /// The density for a page.
  func densityPlot(_ workspace: Workspace) -> LinePlot? {
    density(workspace).map { densityPlot($0.points, at: nil, isNarrow: true) }
  }
}
