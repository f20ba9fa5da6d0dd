internal import Drawing
internal import Experiments

// Two models in one plane, and the part of the plane that is looked at.
extension SectionScreen {
  /// The model on the right; nil while one model is shown along two directions.
  func compared(_ workspace: Workspace) -> ComparedModel? {
    comparedWith.flatMap { workspace.others[$0]?.value }
  }

  /// The path of the model that C would show next; nil for none.
  func nextCompared(_ workspace: Workspace) -> String? {
    guard let comparedWith else { return workspace.others.compared.first }
    let at = workspace.others.compared.firstIndex(of: comparedWith) ?? 0
    return workspace.others.compared.dropFirst(at + 1).first
  }

  mutating func compareNext(_ workspace: Workspace) -> Sequel {
    if workspace.others.compared.isEmpty { return .ask(Prompt(.compared)) }
    comparedWith = nextCompared(workspace)
    return []
  }

  /// Shows a model that was just opened for comparison.
  mutating func compares(with path: String) { comparedWith = path }

  /// Forgets a model that is no longer compared, asks for files that are to be read, and tells the engine where the
  /// person looks, once that has changed.
  mutating func settle(_ workspace: inout Workspace, isInFront: Bool) -> [Command] {
    if let path = comparedWith, !workspace.others.compared.contains(path) { comparedWith = nil }
    takeWay(workspace)
    var commands: [Command] = []
    for case .file(let path) in [left, right] where workspace.arrays[path] == nil && workspace.subject.isReady
    {
      workspace.arrays[path] = .asked
      commands.append(.openArray(path: path))
    }
    let cursor = cursor(workspace)
    guard isInFront, workspace.subject.isReady, cursor != attention else { return commands }
    attention = cursor
    return commands + [.look(s: Double(cursor.s), t: Double(cursor.t))]
  }

  /// The universal direction that the open model has time for, in place of the other one, once a pass of it is measured;
  /// what a person chooses later stays.
  private mutating func takeWay(_ workspace: Workspace) {
    guard let isShort = workspace.takesShortWay, wayIsOpen || workspace.isDear else { return }
    wayIsOpen = false
    guard isShort != takesShortWay else { return }
    takesShortWay = isShort
    let (old, new): (DirectionChoice, DirectionChoice) =
      isShort ? (.universal, .ascent) : (.ascent, .universal)
    if left == old { left = new }
    if right == old { right = new }
  }

  /// What stands over a panel.
  func title(_ side: Side, _ workspace: Workspace) -> String {
    guard let compared = compared(workspace) else { return "r × \(direction(side).name)" }
    let own = workspace.subject.model?.entry.name ?? ""
    return side == .left ? "\(own): r × \(left.name)" : "\(compared.name), same plane"
  }

  /// What a row of the numbers is about.
  func subject(_ side: Side, _ workspace: Workspace) -> String {
    guard let compared = compared(workspace) else { return direction(side).name }
    return side == .left ? workspace.subject.model?.entry.name ?? "" : compared.name
  }
}

extension SectionScreen {
  /// The middle of the picture in the plane.
  func middle(_ workspace: Workspace) -> PlanePoint {
    let spacing = Float(spacing(workspace))
    return PlanePoint(
      s: Float(shift.columns) * spacing, t: Float(workspace.planeNorm) + Float(shift.rows) * spacing)
  }

  /// Pixel units from one point of the grid to the next.
  func spacing(_ workspace: Workspace) -> Double {
    2 * extent(workspace) / Double(resolution(workspace) - 1)
  }

  /// Twice as near or as far; the middle stays, so that points in common stay too.
  mutating func zoom(by steps: Int) {
    let to = min(8, max(-3, zoom + steps))
    for _ in 0..<abs(to - zoom) {
      if to > zoom {
        shift = SectionMap.Shift(columns: 2 * shift.columns, rows: 2 * shift.rows)
      } else {
        shift = SectionMap.Shift(columns: shift.columns / 2, rows: shift.rows / 2)
      }
    }
    zoom = to
  }

  /// Moves the picture by eighths of it; points in common are known at once.
  mutating func pan(rows: Int, columns: Int, _ workspace: Workspace) {
    let (count, reach) = (resolution(workspace), 8 * resolution(workspace))
    let step = max(1, count / 8)
    shift.columns = min(reach, max(-reach, shift.columns + columns * step))
    shift.rows = min(reach, max(-reach, shift.rows - rows * step))
  }

  /// Moves the cursor by cells of the panel; the picture follows over its edge.
  mutating func move(rows: Int, columns: Int, step: PlanePoint, _ workspace: Workspace) {
    var cursor = cursor(workspace)
    cursor.s += Float(columns) * step.s
    cursor.t -= Float(rows) * step.t
    let (middle, reach) = (middle(workspace), Float(extent(workspace)))
    if abs(cursor.s - middle.s) > reach { pan(rows: 0, columns: columns > 0 ? 1 : -1, workspace) }
    if abs(cursor.t - middle.t) > reach { pan(rows: rows > 0 ? 1 : -1, columns: 0, workspace) }
    let now = self.middle(workspace)
    cursor.s = min(now.s + reach, max(now.s - reach, cursor.s))
    cursor.t = min(now.t + reach, max(now.t - reach, cursor.t))
    chosenCursor = cursor
  }
}
