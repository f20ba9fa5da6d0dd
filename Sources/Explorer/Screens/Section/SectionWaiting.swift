internal import Drawing
internal import Experiments
internal import Glibc
internal import Jobs

extension SectionScreen {
  static func sine(_ angle: Double) -> Double { sin(angle) }
  static func cosine(_ angle: Double) -> Double { cos(angle) }

  /// What a panel says while there is nothing to show: what is being waited for, or why nothing will come.
  func drawWaiting(_ side: Side, on canvas: inout Canvas, _ workspace: Workspace) {
    let middle = max(0, canvas.size.rows / 3)
    let text = Rectangle(
      row: middle, column: 2, rows: canvas.size.rows - middle, columns: canvas.size.columns - 4)
    let (sentence, look) = waiting(side, workspace, canvas.theme)
    canvas.paragraph(sentence, in: text, look)
    let running =
      learning(side, workspace).flatMap { workspace.work.job(of: $0) }
      ?? workspace.work.job(of: question(side, workspace)?.request)
    guard let running else { return }
    let lines = Text.wrapped(sentence, to: text.columns, canvas.appearance.glyphs).count
    let gauge = Rectangle(row: text.row + lines + 1, column: text.column, rows: 1, columns: text.columns)
    let fraction = running.progress.flatMap { $0.total > 0 ? $0.fraction : nil }
    canvas.draw(
      Gauge(fraction, label: running.progress?.phase ?? "queued", secondsLeft: running.remaining), in: gauge)
    learned(side, on: &canvas, in: text.split(top: lines + 3).rest, workspace)
  }

  private func waiting(_ side: Side, _ workspace: Workspace, _ theme: Theme) -> (String, Look) {
    if !workspace.isRadiusSettled { return ("Measuring the random-noise norm, which sets ξ …", theme.muted) }
    if !workspace.isAnchored(workspace.subject.image) {
      return ("Looking for the nearest boundary …", theme.muted)
    }
    let name = direction(side).name
    if case .file(let path) = direction(side), workspace.arrays[path]?.value == nil {
      let failure = workspace.arrays[path]?.failure
      return (failure ?? "Reading \(path) …", failure == nil ? theme.muted : theme.bad)
    }
    let job =
      learning(side, workspace).flatMap { workspace.work.job(of: $0) }
      ?? workspace.work.job(of: question(side, workspace)?.request)
    if let place = job.flatMap(workspace.work.queueing) { return (place, theme.muted) }
    if let learning = learning(side, workspace) {
      if let reason = workspace.work.findings.failures[learning] { return ("\(name): \(reason)", theme.bad) }
      if workspace.work.findings[learning] == nil {
        return ("Learning \(direction(side).explanation).", theme.text)
      }
    }
    if let reason = workspace.work.findings[failure: question(side, workspace)?.request] {
      return ("\(name): \(reason)", theme.bad)
    }
    return ("Computing the section …", theme.muted)
  }

  /// What is known so far of a direction that is being learnt.
  private func learned(_ side: Side, on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let known = workspace.work.findings.known(learning(side, workspace))
    if let passes = known?.of(UniversalFooling.self)?.passes {
      for (i, pass) in passes.enumerated() where i < area.rows {
        let unseen = pass.validation.map { ", unseen \(Number.percent($0))" } ?? ""
        canvas.put(
          "pass \(i + 1): fools \(Number.percent(pass.training))\(unseen)",
          row: area.row + i,
          column: area.column, canvas.theme.muted, width: area.columns)
      }
    } else if let shared = known?.of(SharedCurvature.self) {
      let values = shared.eigenvalues.prefix(4).map { Number.short($0) }.joined(separator: "  ")
      canvas.put(
        "largest so far: \(values)", row: area.row, column: area.column, canvas.theme.muted,
        width: area.columns)
    }
  }
}
