internal import Drawing
internal import Experiments
internal import Jobs

extension JobsScreen {
  func tableArea(_ area: Rectangle) -> Rectangle {
    Frame.interior(of: area.split(top: area.rows - 5).top)
  }

  func table(_ workspace: Workspace) -> Table {
    let listed = listed(workspace)
    let theme = Theme(workspace.viewport.appearance)
    var looks: [Int: Look] = [:]
    for (i, job) in listed.enumerated() {
      switch job.stage {
      case .failed: looks[i] = theme.bad
      case .cancelled: looks[i] = theme.muted
      case .running: looks[i] = job.isPaused ? theme.muted : theme.good
      case .waiting, .finished: break
      }
    }
    let isWide = workspace.viewport.size.columns >= 110
    var columns = [
      Table.Column("state"), Table.Column("job", isFlexible: true, cut: .middle),
      Table.Column("left", alignment: .trailing),
      Table.Column("elapsed", alignment: .trailing),
      Table.Column(isWide ? "progress, or settings" : "progress"),
    ]
    var rows = listed.map { row($0, withNumbers: isWide) }
    if workspace.viewport.size.columns < 76 {
      columns.removeLast(2)
      rows = rows.map { $0.dropLast(2) }
    }
    return Table(
      columns, rows: rows, selection: listed.isEmpty ? nil : place(workspace), looks: looks)
  }

  private static func state(_ job: JobRecord) -> String {
    switch job.stage {
    case .waiting: "queued"
    case .running: job.isPaused ? "paused" : "running"
    case .finished: "done"
    case .failed: "failed"
    case .cancelled: "cancelled"
    }
  }

  /// How many jobs are in each state, without the states of none.
  private func counts(_ workspace: Workspace) -> String {
    let states = workspace.work.jobs.map { Self.state($0) }
    return ["running", "paused", "queued", "done", "failed", "cancelled"].compactMap { state -> String? in
      let count = states.count(where: { $0 == state })
      return count > 0 ? "\(count) \(state)" : nil
    }.joined(separator: ", ")
  }

  private func row(_ job: JobRecord, withNumbers: Bool) -> [String] {
    let progress = job.progress.map { p in
      p.total > 0 ? "\(p.completed)/\(p.total) \(p.phase)" : p.phase
    }
    return [
      Self.state(job), job.title, job.remaining.map { Number.duration($0) } ?? "",
      job.stage == .waiting ? "" : Number.duration(job.duration),
      progress ?? (withNumbers ? job.request?.numbers : nil) ?? "",
    ]
  }

  func draw(on canvas: inout Canvas, _ workspace: Workspace) {
    let (top, bottom) = canvas.bounds.split(top: canvas.size.rows - 5)
    canvas.frame("jobs", note: counts(workspace), isActive: true, in: top)
    let inside = tableArea(canvas.bounds)
    if workspace.work.jobs.isEmpty {
      canvas.paragraph(
        "No jobs yet. Sections start by themselves; Enter on 3 and 4 starts longer work.",
        in: inside, canvas.theme.muted)
    } else {
      canvas.draw(table(workspace), in: inside)
    }
    let below = canvas.frame("selected", in: bottom)
    let link = Text.wrapped(workspace.viewport.linkDetails, to: below.columns, canvas.appearance.glyphs).count
    drawProblems(on: &canvas, in: inside, workspace)
    let (words, foot) = below.split(
      top: below.rows - (workspace.viewport.linkDetails.isEmpty ? 0 : min(2, link)))
    canvas.paragraph(workspace.viewport.linkDetails, in: foot, canvas.theme.muted)
    guard let job = job(workspace) else { return }
    canvas.paragraph(describe(job, workspace), in: words)
  }

  /// The latest of what did not go as asked, below the jobs.
  private func drawProblems(on canvas: inout Canvas, in area: Rectangle, _ workspace: Workspace) {
    let free = area.rows - listed(workspace).count - 3
    guard !workspace.problems.isEmpty, free > 1 else { return }
    let glyphs = canvas.appearance.glyphs
    var lines = workspace.problems.flatMap { problem in
      Text.wrapped(problem, to: area.columns - 2, glyphs).enumerated().map { ($0 == 0 ? "! " : "  ") + $1 }
    }
    lines = Array(lines.suffix(min(free, 8)))
    let start = area.row + area.rows - lines.count
    canvas.put("problems", row: start - 1, column: area.column, canvas.theme.muted)
    for (i, line) in lines.enumerated() {
      canvas.put(line, row: start + i, column: area.column, canvas.theme.bad, width: area.columns)
    }
  }

  private func describe(_ job: JobRecord, _ workspace: Workspace) -> String {
    if case .failed(let reason) = job.stage { return "\(job.title) failed: \(reason)" }
    guard let request = job.request else { return job.title }
    let place = workspace.work.queueing(job).map { $0 + " " } ?? ""
    let isPresent =
      request.model == workspace.subject.model?.digest && request.images == workspace.subject.images?.digest
    let subject =
      isPresent
      ? "For the open model and images. " : "For a model or images not open now. "
    return place + subject + request.numbers
  }

  func definitions(_ workspace: Workspace) -> [Definition] {
    [
      Definition(
        "queued",
        "Behind more urgent jobs: one job computes at a time, on all cores; the current screen's needs come "
          + "first."
      ),
      Definition(
        "paused", "Halted between two steps until more urgent jobs are done; it resumes by itself."),
      Definition(
        "left",
        "Computing time left in the whole job: its present phase from the rate of the last seconds, later ones "
          + "from the cost of a forward pass. The top line adds up all that the current screen waits for."
      ),
      Definition(
        "done", "Kept, also for the next start of the program: the same numbers are not computed twice."),
      Definition(
        "cancelled", "Stopped by you; a long run keeps what it found and resumes from there."),
      Definition(
        "link",
        "Frames and bytes sent to the terminal, and how long the terminal took to accept the last frame. A "
          + "frame may fill half of the time until the next one; one of over half a second costs a level of "
          + "colours, unless you chose them. The last line says when the link holds anything back."),
    ]
  }
}
