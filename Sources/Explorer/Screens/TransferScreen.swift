internal import Drawing
internal import Experiments

/// Screen 6: whether directions of one network fool another: principal angles, rates, agreement.
struct TransferScreen: Screen {
  static let name = ScreenName.transfer

  /// Which listed model the keys mean.
  var selected = 0
  /// Which principal angle the plot's line reads, from 0.
  var angle = 0
  /// Paths of the models beside the open one; nil until somebody chose.
  var chosen: [String]?
  /// Whether the work begins once the models are open.
  var isStarting = false

  /// Models that could be compared: those that can be used and are not open.
  func candidates(_ workspace: Workspace) -> [ModelEntry] {
    workspace.catalogue.models.filter { $0.problem == nil && $0.path != workspace.subject.model?.entry.path }
  }

  /// Those that are compared; the first candidate that takes the same data where nobody chose.
  func others(_ workspace: Workspace) -> [ModelEntry] {
    let candidates = candidates(workspace)
    if let chosen { return candidates.filter { chosen.contains($0.path) } }
    let own = workspace.subject.model?.entry.dataSet ?? ""
    return Array((candidates.first { $0.dataSet == own } ?? candidates.first).map { [$0] } ?? [])
  }

  /// Those of them that are open; the others are opened once the work is asked for.
  private func opened(_ workspace: Workspace) -> [ComparedModel] {
    others(workspace).compactMap { workspace.others[$0.path]?.value }
  }

  /// Whether every model that is compared is open.
  private func areOpen(_ workspace: Workspace) -> Bool {
    let others = others(workspace)
    return !others.isEmpty && opened(workspace).count == others.count
  }

  func angles(_ other: ModelEntry, _ workspace: Workspace) -> Question<PrincipalAngles>? {
    workspace.others[other.path]?.value.flatMap { workspace.angles(to: $0) }
  }

  func transfer(_ workspace: Workspace) -> Question<Transfer>? {
    areOpen(workspace) ? workspace.transfer(to: opened(workspace)) : nil
  }

  func requests(_ workspace: Workspace) -> [Request] {
    guard areOpen(workspace) else { return [] }
    return (others(workspace).map { angles($0, workspace)?.request } + [transfer(workspace)?.request])
      .compactMap { $0 }
  }

  func needs(_ workspace: Workspace) -> [String] { others(workspace).map(\.path) }

  /// Starts the work that was asked for as soon as the models are open.
  mutating func settle(_ workspace: inout Workspace, isInFront: Bool) -> [Command] {
    guard isStarting else { return [] }
    let others = others(workspace)
    if others.contains(where: { workspace.others[$0.path]?.failure != nil }) { isStarting = false }
    guard isStarting, areOpen(workspace) else { return [] }
    isStarting = false
    return requests(workspace).flatMap { workspace.work.run($0, isAsked: true) }
  }

  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] {
    others(workspace).compactMap { other in
      angles(other, workspace).map { (name: "angles-\(other.name)", request: $0.request) }
    } + (transfer(workspace).map { [(name: "transfer", request: $0.request)] } ?? [])
  }

  func bindings(_ workspace: Workspace) -> [Binding] {
    guard workspace.subject.isReady, !workspace.subject.validation.isEmpty else { return [] }
    return work(workspace) + [
      Binding(
        [.up, .character("k")], shown: "↑↓", label: "model", .move(rows: -1, columns: 0), "Previous model"),
      Binding([.down, .character("j")], .move(rows: 1, columns: 0), "Next model"),
      Binding(
        [.left, .character("h")], shown: "←→", label: "angle", .move(rows: 0, columns: -1),
        "Move the plot cursor left"),
      Binding([.right, .character("l")], .move(rows: 0, columns: 1), "Move the plot cursor right"),
      Binding(
        [.tab, .character("c")], shown: "Tab", label: "choose", .focus(1),
        "Compare this model or leave it out"),
      Binding(
        [.character("}")], shown: "{ }", label: "ξ", .radius(1), "Larger ξ, the norm of the perturbations"),
      Binding(
        [.character("]")], shown: "[ ]", label: "h", .step(1), "Larger h, the scale of the secant behind S_c"),
      Binding([.character("e")], shown: "e", label: "export", .export, "Export angles and matrices"),
    ]
  }

  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> Sequel {
    let candidates = candidates(workspace)
    switch action {
    case .start: return start(&workspace)
    case .cancel: return Sequel(requests(workspace).flatMap { workspace.work.cancel($0) })
    case .move(let rows, let columns):
      selected = min(max(0, candidates.count - 1), max(0, selected + rows))
      angle = min(workspace.tellingCurvature.eigenvectors - 1, max(0, angle + columns))
    case .focus: if candidates.indices.contains(selected) { toggle(candidates[selected].path, workspace) }
    default: break
    }
    return []
  }

  /// Until the models are open there are no requests, and yet something to start.
  private func work(_ workspace: Workspace) -> [Binding] {
    let title = "Find S_c of each model and compare them"
    guard !others(workspace).isEmpty, !areOpen(workspace) else {
      return Binding.work(requests(workspace), workspace, title)
    }
    return isStarting
      ? [] : [Binding([.enter, .character("s")], shown: "Enter", label: "start", .start, title)]
  }

  /// Opens the models that are not open; their failures are forgotten, since a person asks.
  private mutating func start(_ workspace: inout Workspace) -> Sequel {
    isStarting = true
    var commands: [Command] = []
    for path in needs(workspace) {
      if workspace.others[path]?.failure != nil { workspace.others[path] = nil }
      commands += workspace.open(other: path)
    }
    return Sequel(commands)
  }

  private mutating func toggle(_ path: String, _ workspace: Workspace) {
    var paths = others(workspace).map(\.path)
    if let at = paths.firstIndex(of: path) { paths.remove(at: at) } else { paths.append(path) }
    // A matrix of five networks is as much as a screen tells.
    chosen = Array(paths.suffix(4))
  }
}

extension TransferScreen {
  func draw(on canvas: inout Canvas, _ workspace: Workspace) {
    guard workspace.subject.isReady, !workspace.subject.validation.isEmpty else {
      let inside = canvas.frame("transfer", in: canvas.bounds)
      return canvas.paragraph(
        "Transfer needs a model, a set of images, and other models of the same images. Press 1.",
        in: inside, canvas.theme.muted)
    }
    let (left, right) = canvas.bounds.split(left: min(40, max(26, canvas.size.columns / 4)))
    drawModels(on: &canvas, in: left, workspace)
    // The matrices take what their rows fill, the curves the rest.
    let matrix = 3 + 3 * (others(workspace).count + 1)
    let (top, bottom) = right.split(top: max(right.rows / 2, right.rows - matrix))
    drawAngles(on: &canvas, in: top, workspace)
    drawMatrices(on: &canvas, in: bottom, workspace)
  }

  private func drawModels(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let inside = canvas.frame("compared with", note: "Tab chooses", isActive: true, in: area)
    let candidates = candidates(workspace)
    guard !candidates.isEmpty else {
      return canvas.paragraph(
        "No other model is listed. --models FOLDER lists more; the first one is compared by default.",
        in: inside, canvas.theme.muted)
    }
    let chosen = Set(others(workspace).map(\.path))
    // Names tell more than data sets where there is room for one of them.
    let longest = candidates.map { Text.columns($0.name) + Text.columns($0.dataSet) }.max() ?? 0
    let isNarrow = longest + 6 > inside.columns
    let columns =
      [Table.Column(""), Table.Column("model", isFlexible: true, cut: .middle)]
      + (isNarrow ? [] : [Table.Column("data set")])
    canvas.draw(
      Table(
        columns,
        rows: candidates.map {
          [chosen.contains($0.path) ? "●" : " ", $0.name] + (isNarrow ? [] : [$0.dataSet])
        }, selection: min(selected, candidates.count - 1)), in: inside)
  }

  private func drawAngles(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let own = workspace.subject.model?.entry.name ?? ""
    let inside = canvas.frame(
      area.columns < 70
        ? "S_c of \(own) and of others" : "principal angles between S_c of \(own) and of others",
      in: area)
    guard let plot = angles(workspace) else {
      return canvas.waiting(
        for: requests(workspace),
        offering: "find S_c of each model on the same images, and the angles between them.",
        in: inside, workspace)
    }
    canvas.draw(plot, in: inside)
  }

  /// The cosines of principal angles to the others, as far as they are found.
  private func angles(_ workspace: Workspace) -> LinePlot? {
    var series: [LinePlot.Series] = []
    var random: LinePlot.Series?
    for other in others(workspace) {
      guard let outcome = workspace.work.findings.known(angles(other, workspace)) else { continue }
      let x = outcome.cosines.indices.map { Double($0 + 1) }
      series.append(LinePlot.Series(other.name, x: x, y: outcome.cosines))
      random = LinePlot.Series(
        "random", x: outcome.random.indices.map { Double($0 + 1) }, y: outcome.random,
        showsMarkers: false, style: .random)
    }
    guard !series.isEmpty else { return nil }
    return LinePlot(
      series + [random].compactMap { $0 }, vertical: Axis(0...1), horizontalTitle: "principal angle",
      verticalTitle: "cosine: 1 is a shared direction", cursor: Double(angle + 1))
  }

  func figure(_ workspace: Workspace) -> FigureScene? {
    let rates = workspace.work.findings.known(transfer(workspace)).flatMap { outcome -> FigureScene? in
      guard !outcome.rates.isEmpty else { return nil }
      return .titled(
        "labels changed / ceiling, %: S_c 1 of the row on the column", note: "", .one(outcome.matrix))
    }
    let scenes = [angles(workspace).map { FigureScene.one($0.withoutCursor) }, rates].compactMap { $0 }
    return scenes.isEmpty ? nil : .rows(scenes.map { (1, $0) })
  }

  private func drawMatrices(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    guard let outcome = workspace.work.findings.known(transfer(workspace)), !outcome.rates.isEmpty else {
      let inside = canvas.frame("v of one network on another", in: area)
      return canvas.waiting(
        for: [transfer(workspace)?.request].compactMap { $0 },
        offering: "compute the matrix of fooling rates with the angles.",
        in: inside, workspace)
    }
    let (left, right) = area.split(left: area.columns * 3 / 5)
    let rates = canvas.frame(
      left.columns < 60 ? "row’s v fools column, %" : "S_c 1 of the row fools the column, % / ceiling",
      note: "\(outcome.count) unseen, ξ = \(Number.short(outcome.radii.first ?? .nan)) px",
      in: left)
    canvas.draw(outcome.matrix, in: rates)
    let agreement = canvas.frame(
      right.columns < 30 ? "labels agree, %" : "label maps agree, %", in: right)
    guard !outcome.agreement.isEmpty else {
      return canvas.paragraph("Not computed yet.", in: agreement, canvas.theme.muted)
    }
    canvas.draw(
      MatrixPlot(outcome.agreement, rowNames: outcome.models, columnNames: outcome.models, digits: nil),
      in: agreement)
  }

  func definitions(_ workspace: Workspace) -> [Definition] {
    [
      Definition(
        "cosines",
        "Singular values of U·Wᵀ, with U and W orthonormal bases of S_c of two networks: 1 for a direction in "
          + "both. For comparison, random subspaces of the same dimensions. (Figure 10 of the ICLR 2018 paper.)"
      ),
      Definition(
        "row’s v fools column",
        "Row: the network whose first shared direction is v, scaled to norm ξ. Column: the network that "
          + "judges, against its own clean labels, on unseen images. Behind the rate its ceiling: 1 − the share of the "
          + "class that most fooled images get."),
      Definition(
        "agree",
        "Share of the points, on planes through three images each, that two networks label alike. (Somepalli "
          + "et al., CVPR 2022.)"),
      Definition("A, B", "Columns, by the letters of the rows, where names do not fit."),
      Definition("●", "Compared models, four at most; Tab chooses."),
      Glossary.shared, Glossary.universal,
    ]
  }
}

// MARK: - What it asks for

extension Workspace {
  /// Principal angles between S_c of the open model and of another.
  func angles(to other: ComparedModel) -> Question<PrincipalAngles>? {
    let own = directions(.shared)
    return ask(PrincipalAngles(own, .other(other.parameter, own)), Selection(curvatureImages))
  }

  /// S_c 1 of each model on each model.
  func transfer(to others: [ComparedModel]) -> Question<Transfer>? {
    guard !subject.validation.isEmpty else { return nil }
    let (own, models) = (directions(.shared), others.map(\.parameter))
    let all = [own] + models.map { .other($0, own) }
    return ask(
      Transfer(models: models, perturbations: all.map { Direction($0) }, radius: parameters.radius),
      selection(own, judged: subject.validation))
  }
}

extension PrincipalAngles: Study {
  static var screen: ScreenName { .transfer }

  func title(_ selection: Selection) -> String { "principal angles" }
}

extension Transfer: Study {
  static var screen: ScreenName { .transfer }

  func title(_ selection: Selection) -> String { "transfer of S_c 1" }
}

extension Transfer.Outcome {
  /// Rates in per cent, each with what it could be at most.
  fileprivate var matrix: MatrixPlot {
    var matrix = MatrixPlot(rates, rowNames: models, columnNames: models, digits: nil)
    matrix.ceilings = ceilings
    return matrix
  }
}
