internal import Drawing
internal import Experiments
internal import Jobs

/// The first line: program, model and image, the numbers that every screen shares, and the work that runs.
struct Header: Drawable {
  let workspace: Workspace

  func draw(on canvas: inout Canvas) {
    let theme = canvas.theme
    let (columns, set) = (canvas.size.columns, canvas.appearance.glyphs)
    canvas.fill(canvas.bounds)
    func length(_ runs: [(String, Look)]) -> Int { runs.reduce(0) { $0 + Text.columns($1.0, set) } }
    let gauge = Header.width(of: workspace, columns: columns)
    let numbers = self.numbers(theme, short: columns < 100)
    let right = columns - gauge - (gauge > 0 ? 2 : 1)
    // A long name gives way before the numbers do.
    let subject = self.subject(theme, room: max(24, right - length(numbers) - 24), set)
    let name = " Boundaryscope" + (columns >= 100 ? "   " : "  ")
    // The program's own name gives way first, then the numbers.
    let isNamed = length(subject) + name.count + length(numbers) + 2 <= right
    let end = canvas.put([(isNamed ? name : " ", theme.accent)] + subject, row: 0, column: 0, width: right)
    let start = right - length(numbers)
    if start > end + 1 { canvas.put(numbers, row: 0, column: start) }
    guard gauge > 0 else { return }
    let work = Rectangle(row: 0, column: columns - gauge, rows: 1, columns: gauge)
    canvas.fill(work)
    canvas.with(work) { drawWork(on: &$0) }
  }

  private func subject(
    _ theme: Theme, room: Int, _ set: Appearance.GlyphSet
  ) -> [(String, Look)] {
    guard let model = workspace.subject.model else {
      return [(workspace.openings.pending.isEmpty ? "no model yet" : "opening …", theme.muted)]
    }
    var runs: [(String, Look)] = [(Text.shortened(model.entry.name, to: room, set), theme.title)]
    guard workspace.subject.count > 0 else { return runs }
    runs += [(" ▸ ", theme.muted), ("\(workspace.subject.image)", theme.title)]
    if let label = workspace.label(of: workspace.subject.image) {
      runs.append((" \"\(workspace.subject.className(label.label))\"", .plain))
    }
    return runs
  }

  private func numbers(_ theme: Theme, short: Bool) -> [(String, Look)] {
    let p = workspace.parameters
    let gap = short ? " " : "  "
    let step = p.chosenStep == nil && !short ? "=ξ" : Number.short(p.step) + " px"
    var runs: [(String, Look)] = [
      ("ξ ", theme.muted), (Number.short(p.radius) + (short ? "" : " px"), .plain),
      (gap + "h ", theme.muted), (step, .plain),
    ]
    if !short { runs += [("  seed ", theme.muted), ("\(p.seed)", .plain)] }
    return runs
  }

  /// How many columns the gauge takes; none while nothing runs.
  private static func width(of workspace: Workspace, columns: Int) -> Int {
    workspace.work.shownJob == nil ? 0 : columns >= 160 ? 64 : columns >= 100 ? 46 : columns >= 60 ? 24 : 12
  }

  private func drawWork(on canvas: inout Canvas) {
    guard let job = workspace.work.shownJob else { return }
    let others = workspace.work.jobs.count(where: { !$0.isOver }) - 1
    var column = canvas.put("● ", row: 0, column: 0, canvas.theme.good)
    let (progress, awaited) = (job.progress, workspace.work.awaited)
    var label = job.title
    if let progress, progress.total > 0 { label += " \(progress.completed)/\(progress.total)" }
    if others > 0 { label += " +\(others)" }
    if canvas.size.columns < 40 { label = job.title }
    let room = canvas.size.columns - column - (canvas.size.columns < 20 ? 0 : 12)
    column = canvas.put(label, row: 0, column: column, width: min(room, canvas.size.columns * 3 / 5)) + 1
    let rest = Rectangle(row: 0, column: column, rows: 1, columns: canvas.size.columns - column - 1)
    let own = progress.flatMap { $0.total > 0 ? $0.fraction : nil }
    canvas.draw(Gauge(awaited.fraction ?? own, secondsLeft: awaited.left ?? job.remaining), in: rest)
  }
}
