internal import Drawing
internal import Experiments
internal import Jobs
internal import Networks

/// Screen 8: what is being computed, what was, and what came to nothing.
struct JobsScreen: Screen {
  static let name = ScreenName.jobs

  /// The job that is selected; nil is the first of the list.
  var selected: JobID?

  /// Running first, then waiting, then what is over, the latest first.
  func listed(_ workspace: Workspace) -> [JobRecord] {
    func rank(_ job: JobRecord) -> Int {
      switch job.stage {
      case .running: 0
      case .waiting: 1
      case .finished, .failed, .cancelled: 2
      }
    }
    return workspace.work.jobs.sorted { a, b in
      rank(a) != rank(b) ? rank(a) < rank(b) : rank(a) == 2 ? a.id > b.id : a.id < b.id
    }
  }

  func place(_ workspace: Workspace) -> Int {
    listed(workspace).firstIndex { $0.id == selected } ?? 0
  }

  func job(_ workspace: Workspace) -> JobRecord? {
    let listed = listed(workspace)
    let place = place(workspace)
    return listed.indices.contains(place) ? listed[place] : nil
  }

  func bindings(_ workspace: Workspace) -> [Binding] {
    guard let job = job(workspace) else { return [] }
    var all = Binding.rows("choose", "Choose a job") + Binding.pages("Jobs")
    if job.request != nil {
      all.append(
        Binding(
          [.enter], shown: "Enter", label: "show", .enter,
          "Go to the screen of this job, with its settings"))
    }
    if !job.isOver {
      all.append(Binding([.character("x")], shown: "x", label: "cancel", .cancel, "Cancel this job"))
    }
    if workspace.work.jobs.contains(where: { !$0.isOver }) {
      all.append(Binding([.character("X")], shown: "X", label: "cancel all", .cancelAll, "Cancel all jobs"))
    }
    return all
  }

  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> Sequel {
    switch action {
    case .move(let rows, _): select(place(workspace) + rows, workspace)
    case .page(let pages): select(place(workspace) + 10 * pages, workspace)
    case .first: select(0, workspace)
    case .last: select(.max, workspace)
    case .cancel: return Sequel(job(workspace).flatMap { $0.isOver ? nil : [.cancel($0.id)] } ?? [])
    case .enter: if let request = job(workspace)?.request { return workspace.show(request) }
    default: break
    }
    return []
  }

  private mutating func select(_ place: Int, _ workspace: Workspace) {
    let listed = listed(workspace)
    guard !listed.isEmpty else { return }
    selected = listed[min(listed.count - 1, max(0, place))].id
  }

  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> Sequel {
    let inside = tableArea(area)
    switch mouse.action {
    case .wheelUp: select(place(workspace) - 1, workspace)
    case .wheelDown: select(place(workspace) + 1, workspace)
    case .press where inside.contains(row: mouse.row, column: mouse.column):
      guard let row = table(workspace).row(at: mouse.row - inside.row, lines: inside.rows) else { return [] }
      if row == place(workspace) { return perform(.enter, &workspace) }
      select(row, workspace)
    case .press, .drag, .release: break
    }
    return []
  }
}
