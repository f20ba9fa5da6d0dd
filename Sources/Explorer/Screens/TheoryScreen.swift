internal import Drawing
internal import Experiments

/// Screen 7: what the theorems promise for this network, beside the norm at which fooling is really reached.
struct TheoryScreen: Screen {
  static let name = ScreenName.theory

  /// Which of the dimensions the plot's line marks.
  var place = 0

  func outcome(_ workspace: Workspace) -> Theorems.Outcome? {
    workspace.work.findings.known(workspace.theorems)
  }

  func requests(_ workspace: Workspace) -> [Request] { [workspace.theorems?.request].compactMap { $0 } }

  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] {
    workspace.theorems.map { [(name: "theorems", request: $0.request)] } ?? []
  }

  func bindings(_ workspace: Workspace) -> [Binding] {
    guard workspace.subject.isReady, !workspace.subject.validation.isEmpty else { return [] }
    return Binding.work(requests(workspace), workspace, "Measure ξ, κ, β and the norm reached")
      + [
        Binding(
          [.left, .character("h")], shown: "←→", label: "dimension m", .move(rows: 0, columns: -1),
          "Smaller m"),
        Binding([.right, .character("l")], .move(rows: 0, columns: 1), "Larger m"),
        Binding([.character("]")], shown: "[ ]", label: "h", .step(1), "Larger h, the scale of the secant"),
        Binding([.character("e")], shown: "e", label: "export", .export, "Export bounds and measurements"),
      ]
  }

  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> Sequel {
    switch action {
    case .start: return Sequel(requests(workspace).flatMap { workspace.work.run($0, isAsked: true) })
    case .cancel: return Sequel(requests(workspace).flatMap { workspace.work.cancel($0) })
    case .move(_, let columns): place = min(Workspace.dimensions.count - 1, max(0, place + columns))
    default: break
    }
    return []
  }
}

extension TheoryScreen {
  func draw(on canvas: inout Canvas, _ workspace: Workspace) {
    guard workspace.subject.isReady, !workspace.subject.validation.isEmpty else {
      let inside = canvas.frame("theory", in: canvas.bounds)
      return canvas.paragraph(
        "The theorems need a model, images to learn from and others to judge on. Press 1.", in: inside,
        canvas.theme.muted)
    }
    guard let outcome = outcome(workspace) else {
      let inside = canvas.frame("theory", in: canvas.bounds)
      return canvas.waiting(
        for: requests(workspace),
        offering:
          "measure ξ(m) and κ(m) on unseen images, derive the bounds of Theorems 1 and 2, and find the norm at "
          + "which fooling is really reached.", in: inside, workspace)
    }
    let remarks = [remark(outcome), shortRemark(outcome)]
    let room = canvas.size.columns - 2
    let fitting = remarks.first { Text.columns($0, canvas.appearance.glyphs) <= room }
    let (head, below) = canvas.bounds.split(top: fitting == nil ? 2 : 1)
    canvas.paragraph(
      fitting ?? remarks[0], in: head.inset(left: 1).split(left: room).left, canvas.theme.muted)
    let caution = caution(outcome).first { Text.columns($0, canvas.appearance.glyphs) <= room }
    let (line, rest) = below.split(top: caution == nil ? 0 : 1)
    canvas.put(caution ?? "", row: line.row, column: 1, canvas.theme.warning)
    let rows = Workspace.dimensions.count + 3
    let isWide = rest.columns >= 160
    let isTall = !isWide && rest.rows >= 2 * rows + 14
    let (plot, tables) = rest.split(top: max(0, rest.rows - (isTall ? 2 * rows : rows)))
    drawPlot(outcome, on: &canvas, in: plot)
    let (first, second) =
      isTall ? tables.split(top: rows) : tables.split(left: tables.columns * 11 / 25)
    drawFlat(outcome, on: &canvas, in: first)
    drawCurved(outcome, on: &canvas, in: second)
  }

  private func remark(_ outcome: Theorems.Outcome) -> String {
    let reached =
      outcome.reached.radius.map {
        "reached at ‖v‖ = \(Number.short($0)) px (\(outcome.reached.subspace ?? "?"), m = "
          + "\(outcome.reached.dimension ?? 0))"
      } ?? "not reached by any draw"
    return
      "\(outcome.count) unseen images · δ = \(Number.short(outcome.delta)) · R = \(Number.short(outcome.norm)) px, "
      + "\(Number.percent(1 - outcome.excluded)) of ‖r‖ below · fooling \(Number.percent(outcome.reached.share)): "
      + reached
  }

  /// What to know before believing the bounds, the longest first.
  private func caution(_ outcome: Theorems.Outcome) -> [String] {
    guard !outcome.theorem1.isEmpty else { return [] }
    let excess = outcome.excess.map { excess in
      "\(Number.short(excess.least, digits: 2)) to \(Number.short(excess.most, digits: 2)) times the norms reached"
        + (excess.least > 10 ? ": vacuous here" : "")
    }
    let cosine = Number.fixed(outcome.cosine, 2)
    let low = Number.fixed(outcome.lowCosine, 2)
    return [
      "Bounds are \(excess ?? "not known"). Theorem 2 assumes r along ∇G: here cos(r, ∇G) has median \(cosine), 10 % are below \(low).",
      "Bounds are \(excess ?? "not known"). Theorem 2 assumes r along ∇G: cos \(cosine).",
      "Theorem 2 assumes r along ∇G: median cos \(cosine)",
    ]
  }

  private func shortRemark(_ outcome: Theorems.Outcome) -> String {
    let reached =
      outcome.reached.radius.map {
        "fooled at ‖v‖ = \(Number.short($0)) px (\(outcome.reached.subspace ?? "?"), m = "
          + "\(outcome.reached.dimension ?? 0))"
      } ?? "not fooled by any draw"
    return
      "\(Number.percent(outcome.reached.share)) of \(outcome.count) \(reached) · R = "
      + "\(Number.short(outcome.norm)) px · δ = \(Number.short(outcome.delta))"
  }

  private func drawPlot(_ outcome: Theorems.Outcome, on canvas: inout Canvas, in area: Rectangle) {
    guard area.rows >= 6 else { return }
    let inside = canvas.frame("promised and reached norm, px", isActive: true, in: area)
    canvas.draw(plot(outcome), in: inside)
  }

  func figure(_ workspace: Workspace) -> FigureScene? {
    workspace.work.findings.known(workspace.theorems).map { .one(plot($0).withoutCursor) }
  }

  private func plot(_ outcome: Theorems.Outcome) -> LinePlot {
    func series(_ name: String, _ points: [(Int, Double?)], _ style: CurveStyle) -> LinePlot.Series? {
      let known = points.compactMap { m, value in value.map { (Double(m), $0) } }
      guard !known.isEmpty else { return nil }
      return LinePlot.Series(name, x: known.map(\.0), y: known.map(\.1), style: style)
    }
    // What is said of a subspace has its colour: the norms reached its own line, the theorems others.
    let all = [
      series("S_f reached", outcome.theorem1.map { ($0.dimension, $0.reached) }, .normals.with(.solid)),
      series("S_c reached", outcome.theorem2.map { ($0.dimension, $0.reached) }, .curvature),
      series(
        "Th. 1 printed", outcome.theorem1.map { ($0.dimension, $0.printed) }, .normals.with(.dashed, .box)),
      series(
        "Th. 1 sharp", outcome.theorem1.map { ($0.dimension, $0.sharp) }, .normals.with(.dotted, .lozenge)),
      series(
        "Th. 2 printed", outcome.theorem2.map { ($0.dimension, $0.printed) },
        .curvature.with(.dashed, .circle)),
      series(
        "Th. 2 sharp", outcome.theorem2.map { ($0.dimension, $0.sharp) }, .curvature.with(.dotted, .delta)),
      series(
        "Th. 2 along v", outcome.theorem2.map { ($0.dimension, $0.tangentBound) },
        .curvature.with(.dashDotted, .diamond)),
    ].compactMap { $0 }
    let values = all.flatMap(\.y).filter { $0 > 0 }
    return LinePlot(
      all, horizontal: Axis(1...Double(Workspace.dimensions.last ?? 20), scale: .logarithmic),
      vertical: Axis((values.min() ?? 1) / 1.3...(values.max() ?? 10) * 1.3, scale: .logarithmic),
      horizontalTitle: "dimension m of the subspace", verticalTitle: "‖v‖, px",
      cursor: Double(Workspace.dimensions[place]))
  }

  private func length(_ value: Double?) -> String { value.map { Number.short($0) } ?? "–" }

  private func drawFlat(_ outcome: Theorems.Outcome, on canvas: inout Canvas, in area: Rectangle) {
    let inside = canvas.frame("Theorem 1: flat boundaries, S_f", note: "norms in px", in: area)
    let titles = ["m", "ξ(m)", "printed", "sharp", "promised", "reached"]
    canvas.draw(
      Table(
        titles.map { Table.Column($0, alignment: .trailing) },
        rows: outcome.theorem1.map {
          [
            "\($0.dimension)", Number.fixed($0.xi, 3), length($0.printed), length($0.sharp),
            Number.percent($0.promised), length($0.reached),
          ]
        }, selection: outcome.theorem1.firstIndex { $0.dimension == Workspace.dimensions[place] }), in: inside
    )
  }

  private func drawCurved(_ outcome: Theorems.Outcome, on canvas: inout Canvas, in area: Rectangle) {
    let inside = canvas.frame(
      "Theorem 2: curved boundaries, S_c", note: outcome.product + ", norms in px, κ for ‖r‖ = 1", in: area)
    let titles = ["m", "κ", "along v", "β", "printed", "sharp", "reached"]
    canvas.draw(
      Table(
        titles.map { Table.Column($0, alignment: .trailing) } + [Table.Column("", isFlexible: true)],
        rows: outcome.theorem2.map {
          [
            "\($0.dimension)", Number.signed($0.kappa, 2), Number.signed($0.tangentKappa, 2),
            Number.fixed($0.beta, 2), length($0.printed), length($0.sharp), length($0.reached),
            $0.consistent ? $0.remark ?? "" : "model inconsistent",
          ]
        }, selection: outcome.theorem2.firstIndex { $0.dimension == Workspace.dimensions[place] }), in: inside
    )
  }

  func definitions(_ workspace: Workspace) -> [Definition] {
    [
      Definition(
        "ξ(m)",
        "Theorem 1's ξ, not the norm in the header: 1 − ‖P r̂‖ at the 5 % quantile over unseen images, with P "
          + "the projection onto the first m directions of S_f. Zero would mean that every normal lies in S_f."
      ),
      Definition("m", "Dimension of the subspace: v is drawn from its first m directions."),
      Definition("δ", "The share of images that v may fail to fool: both theorems promise 1 − δ."),
      Definition(
        "printed, sharp", "The bound as the paper prints it, and with the exact distribution on the sphere."),
      Definition(
        "Theorem 1",
        "If the boundary is flat and ‖P r̂‖ ≥ 1 − ξ, a random v in S_f of norm ρ = R·√(em)/(δ(1 − ξ)) fools a "
          + "share 1 − δ with +v or −v. sharp: the same with the exact distribution on the sphere. (ICLR 2018.)"
      ),
      Definition(
        "Theorem 2",
        "If the boundary bends towards x with κ along all but a share β of pairs, ρ = R·(√(2 ln(2/δ)/m)/κ + κ^(−1/2)) "
          + "suffices, valid for κ ≤ 1 in units of ‖r‖ = 1."),
      Definition(
        "κ",
        "Theorem 2's κ for ‖r‖ = 1: half the β-quantile of the smaller eigenvalue of the 2×2 second "
          + "derivative in the plane of r and v. Half the geometric curvature. Negative: no bound."),
      Definition(
        "r along ∇G",
        "Both theorems assume r(x) normal to the boundary at z. cos(r, ∇G(z)) says how nearly it is: 1 is "
          + "normal."
      ),
      Definition(
        "vacuous",
        "A bound says that a vector of this norm suffices, not that fooling needs it. Ten times or more above "
          + "the norm really reached, it explains nothing."),
      Definition("along v", "The same from the second derivative along v alone, without the one along r."),
      Definition("β", "Share of pairs (x, v) less curved than κ says."),
      Definition(
        "R", "Here: the norm below which 95 % of the ‖r(x)‖ lie; both theorems are stated for ‖r‖ = 1."),
      Definition("promised", "1 − δ, less the shares that quantiles leave out."),
      Definition(
        "reached",
        "The smallest norm at which the best draw really fools a share 1 − δ; – where none does."),
      Definition(
        "model inconsistent", "κ‖r‖ > 1: such a disc could not lie beyond z, so Theorem 2 says nothing."),
      Glossary.shared, Glossary.normals, Glossary.perturbation,
    ]
  }
}

// MARK: - What it asks for

extension Workspace {
  /// The bounds on unseen images, for S_f and S_c of those that are learnt from.
  var theorems: Question<Theorems>? {
    guard !subject.validation.isEmpty else { return nil }
    var theorems = Theorems(
      normals: directions(.normals), basis: directions(.shared), dimensions: Self.dimensions,
      product: tellingCurvature.product)
    theorems.seed = parameters.seed
    return ask(theorems, Selection(subject.training, validation: subject.validation))
  }
}

extension Theorems: Study {
  static var screen: ScreenName { .theory }

  func title(_ selection: Selection) -> String { "theorems 1 and 2" }
}
