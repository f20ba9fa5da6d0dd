internal import Checkup
internal import Drawing
internal import Experiments
internal import Jobs

/// Screen 9: a page on the model with a verdict, which fills in and sharpens while it is read.
///
/// It begins when it is looked at, goes on behind other screens, and stops where it is cancelled.
struct ReportScreen: Screen {
  static let name = ScreenName.report

  /// Whether somebody has looked at it since the model and the images were opened.
  private(set) var isBegun = false
  private(set) var isStopped = false
  /// The line of the page that stands first.
  var scroll = 0
  /// What is known so far; nil before anything is.
  private(set) var outcome: Examination.Outcome?
  /// How far each request was when ``outcome`` was put together.
  private var seen: [Request: Int] = [:]

  /// Stands for a request that came to nothing.
  fileprivate static let failed = -2

  /// What can be asked for now: changes wait for the pixel to be covered, vectors for ξ.
  func wants(_ workspace: Workspace) -> [[Request]] {
    guard !isStopped, let report = workspace.report else { return [] }
    var waiting: Set<Request> = []
    if !workspace.isOver(report.activity?.request) {
      waiting.formUnion([report.alterations?.request].compactMap { $0 })
    }
    if !workspace.isRadiusSettled {
      waiting.formUnion(
        [ReportPage.Topic.vectors, .sections, .curvature].flatMap { report.requests($0) })
    }
    return report.requests.filter { !waiting.contains($0) }.map { [$0] }
  }

  /// What goes on while another screen is in front.
  func continued(_ workspace: Workspace) -> [[Request]] { isBegun ? wants(workspace) : [] }

  func awaits(_ workspace: Workspace) -> [Request] { isStopped ? [] : workspace.report?.requests ?? [] }

  mutating func subjectChanged() {
    (isBegun, isStopped, scroll, outcome, seen) = (false, false, 0, nil, [:])
  }

  mutating func settle(_ workspace: inout Workspace, isInFront: Bool) -> [Command] {
    isBegun = isBegun || isInFront && !isStopped
    guard isBegun || isInFront, let report = workspace.report else {
      workspace.verdict = nil
      return []
    }
    let now = Dictionary(uniqueKeysWithValues: Set(report.requests).map { ($0, workspace.progress(of: $0)) })
    guard now != seen else { return [] }
    seen = now
    outcome = workspace.examined(report)
    let isWhole = now.values.allSatisfy { $0 == .max || $0 == Self.failed }
    workspace.verdict = isWhole ? outcome?.findings.verdict.first?.sentence : nil
    scroll = min(scroll, furthest(workspace))
    return []
  }

  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] {
    guard let report = workspace.report else { return [] }
    return report.requests.enumerated().map { (name: "report-\($0 + 1)", request: $1) }
  }

  func pictures(_ workspace: Workspace) -> Range<Int> {
    guard outcome?.findings.masking != nil, let report = workspace.report else { return 0..<0 }
    return report.plan.judged(for: .distances) ?? 0..<0
  }

  func bindings(_ workspace: Workspace) -> [Binding] {
    guard let report = workspace.report else { return [] }
    return work(report, workspace) + [
      Binding(
        [.up, .character("k")], shown: "↑↓", label: "read", .move(rows: -1, columns: 0), "Report: a line up"),
      Binding([.down, .character("j")], .move(rows: 1, columns: 0), "Report: a line down"),
      Binding([.pageUp], .page(-1), "Report: a page up"),
      Binding([.pageDown, .character(" ")], shown: "PgDn", label: "page", .page(1), "Report: a page down"),
      Binding([.home], .first, "Report: first line"), Binding([.end], .last, "Report: last line"),
      Binding([.character("}")], shown: "{ }", label: "ξ", .radius(1), "Larger ξ, the norm of one vector"),
      Binding([.character("e")], shown: "e", label: "export", .export, "Export the page and its numbers"),
    ]
  }

  /// To go on where it was stopped or where a part failed, and to stop it.
  private func work(_ report: ReportQuestions, _ workspace: Workspace) -> [Binding] {
    var all: [Binding] = []
    let open = report.requests.filter { workspace.work.findings[$0] == nil }
    if isStopped || open.contains(where: { workspace.work.findings.failures[$0] != nil }) {
      let price = workspace.price(of: open).map { ", " + $0 } ?? ""
      all.append(
        Binding(
          [.enter, .character("s")], shown: "Enter", label: "go on" + price, .start,
          "Resume the report" + price))
    }
    if !isStopped, open.contains(where: workspace.work.isPending) {
      all.append(
        Binding([.character("x")], shown: "x", label: "cancel", .cancel, "Cancel the rest of the report"))
    }
    return all
  }

  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> Sequel {
    switch action {
    case .start:
      isStopped = false
      let failed = (workspace.report?.requests ?? []).filter { workspace.work.findings.failures[$0] != nil }
      return Sequel(failed.flatMap { workspace.work.run($0, isAsked: true) })
    case .cancel:
      isStopped = true
      return Sequel((workspace.report?.requests ?? []).flatMap { workspace.work.cancel($0) })
    case .move(let rows, _): scroll(by: rows, workspace)
    case .page(let pages): scroll(by: pages * max(1, workspace.layout.body.rows - 4), workspace)
    case .first: scroll = 0
    case .last: scroll(by: 10_000, workspace)
    default: break
    }
    return []
  }

  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> Sequel {
    switch mouse.action {
    case .wheelUp: scroll(by: -3, workspace)
    case .wheelDown: scroll(by: 3, workspace)
    case .press, .drag, .release: break
    }
    return []
  }

  private mutating func scroll(by rows: Int, _ workspace: Workspace) {
    scroll = max(0, min(furthest(workspace), scroll + rows))
  }

  private func furthest(_ workspace: Workspace) -> Int {
    let inside = Frame.interior(of: Rectangle(workspace.layout.body.size))
    return max(0, page(workspace, columns: inside.columns).rows - inside.rows)
  }
}

extension Rectangle {
  fileprivate init(_ size: Size) { self.init(row: 0, column: 0, rows: size.rows, columns: size.columns) }
}

extension Workspace {
  /// Whether nothing more comes of a request.
  fileprivate func isOver(_ request: Request?) -> Bool {
    guard let request else { return true }
    return work.findings[request] != nil || work.findings.failures[request] != nil
  }

  /// How much of a request is known, so that a change is seen.
  fileprivate func progress(of request: Request) -> Int {
    if work.findings[request] != nil { return .max }
    if work.findings.failures[request] != nil { return ReportScreen.failed }
    return work.findings.isPartial(request) ? work.job(of: request)?.progress?.completed ?? 0 : -1
  }
}
