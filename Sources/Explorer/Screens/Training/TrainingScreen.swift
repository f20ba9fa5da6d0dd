internal import Drawing
internal import Experiments

/// Screen 0: the checkpoints of a training: one plane as the boundary in it moves, and what is measured of each, the
/// newest first, one after the other in the background.
struct TrainingScreen: Screen {
  static let name = ScreenName.training

  /// Path of the checkpoint that is looked at; nil is the newest.
  var looked: String?
  /// What was found, by path.
  var frames: [String: TrainingFrame] = [:]
  /// Files that were written anew since the open model was read.
  private var rewritten: Set<String> = []
  /// Whether checkpoints are measured while another screen is in front too: once somebody was here, or a watched folder
  /// got one.
  var isFollowing = false
  /// The one that is being measured.
  private var current: String?
  /// Digest of the images that all is measured on.
  private var images: String?

  /// Those of the open model's kind, the first of the training first.
  func checkpoints(_ workspace: Workspace) -> [ModelEntry] {
    let all = workspace.trainingCheckpoints
    return all.count > 1 ? all : []
  }

  /// The place of the one that is looked at.
  func place(_ workspace: Workspace) -> Int {
    let all = checkpoints(workspace)
    return all.firstIndex { $0.path == looked } ?? max(0, all.count - 1)
  }

  func isOpen(_ entry: ModelEntry, _ workspace: Workspace) -> Bool {
    entry.path == workspace.subject.model?.entry.path
  }

  /// What is asked of a checkpoint; nil while it is not open.
  func questions(_ path: String, _ workspace: Workspace) -> TrainingQuestions? {
    if path == workspace.subject.model?.entry.path || workspace.others.twins.contains(path) {
      return rewritten.contains(path) ? nil : TrainingQuestions(of: nil, workspace)
    }
    return workspace.others[path]?.value.map { TrainingQuestions(of: $0, workspace) }
  }

  func needs(_ workspace: Workspace) -> [String] {
    current.map { $0 == workspace.subject.model?.entry.path ? [] : [$0] } ?? []
  }

  func wants(_ workspace: Workspace) -> [[Request]] {
    guard let current, let questions = questions(current, workspace) else { return [] }
    return (frames[current]?.missing(questions) ?? questions.all).map { [$0] }
  }

  /// What goes on while another screen is in front.
  func continued(_ workspace: Workspace) -> [[Request]] { isFollowing ? wants(workspace) : [] }

  mutating func settle(_ workspace: inout Workspace, isInFront: Bool) -> [Command] {
    let all = checkpoints(workspace)
    if isInFront, !all.isEmpty { isFollowing = true }
    guard isFollowing, workspace.subject.isReady else { return [] }
    if images != workspace.subject.images?.digest {
      (images, frames, current) = (workspace.subject.images?.digest, [:], nil)
    }
    for _ in 0...all.count {
      if let current { collect(current, workspace) }
      current = next(all, workspace)
      guard let path = current else { return [] }
      if let commands = work(on: path, &workspace) { return commands }
    }
    return []
  }

  /// Opens a checkpoint or asks for what is missing of it; nil where that is all there, or cannot be had.
  private func work(on path: String, _ workspace: inout Workspace) -> [Command]? {
    guard questions(path, workspace) != nil else {
      guard path != workspace.subject.model?.entry.path else { return nil }
      workspace.others.quiet.insert(path)
      let commands = workspace.open(other: path)
      return commands.isEmpty && workspace.others[path]?.isAsked != true ? nil : commands
    }
    let missing = Array(wants(workspace).joined())
    let commands = missing.flatMap { workspace.work.run($0, isAsked: false) }
    return commands.isEmpty && !missing.contains(where: workspace.work.isPending) ? nil : commands
  }

  /// Takes what was found of a checkpoint, or why nothing can be.
  private mutating func collect(_ path: String, _ workspace: Workspace) {
    if let questions = questions(path, workspace) {
      let digest = workspace.others[path]?.value?.model.digest ?? workspace.subject.model?.digest ?? ""
      var frame = frames[path] ?? TrainingFrame(model: digest)
      if frame.model != digest { frame = TrainingFrame(model: digest) }
      frame.take(questions, workspace.work.findings)
      frames[path] = frame
    } else if path == workspace.subject.model?.entry.path {
      frames[path] = TrainingFrame(
        model: "", obstacle: "The file changed after it was opened; Enter reopens it.")
    } else if let failure = workspace.others[path]?.failure {
      frames[path] = TrainingFrame(model: "", obstacle: failure)
    }
  }

  /// The one to be measured next: that which is looked at, then the newest that is not whole.
  private func next(_ all: [ModelEntry], _ workspace: Workspace) -> String? {
    let order = (all.first { $0.path == looked }.map { [$0] } ?? []) + all.reversed()
    let wanted = TrainingQuestions(of: nil, workspace)
    return order.first { entry in
      guard let frame = frames[entry.path] else { return true }
      return frame.obstacle == nil && !frame.missing(wanted).isEmpty
    }?.path
  }

  /// A file was written anew: it is another checkpoint.
  mutating func written(_ entry: ModelEntry, isWatched: Bool) {
    if isWatched { isFollowing = true }
    if frames.removeValue(forKey: entry.path) != nil { rewritten.insert(entry.path) }
  }

  func bindings(_ workspace: Workspace) -> [Binding] {
    guard !checkpoints(workspace).isEmpty else { return [] }
    let again = Binding(
      [.character("s")], shown: "s", label: "retry", .start, "Retry what failed or was cancelled")
    return (frames.values.contains { !$0.failures.isEmpty } ? [again] : []) + [
      Binding(
        [.left, .character("h"), .character(",")], shown: ", .", label: "checkpoint",
        .move(rows: 0, columns: -1),
        "Previous checkpoint"),
      Binding(
        [.right, .character("l"), .character(".")], .move(rows: 0, columns: 1), "Next checkpoint"
      ),
      Binding([.home], .first, "First checkpoint"),
      Binding([.end], .last, "Newest checkpoint; follow the training"),
      Binding(
        [.enter], shown: "Enter", label: "open", .enter,
        "Open this checkpoint on all screens; the plane is then its own"),
      Binding([.character("n")], shown: "n/p", label: "image", .image(1), "Next image"),
      Binding(
        [.character("}")], shown: "{ }", label: "ξ", .radius(1), "Larger ξ, the norm of the vector"),
      Binding([.character("e")], shown: "e", label: "export", .export, "Export plane, curves and film"),
    ]
  }

  mutating func perform(_ action: Action, _ workspace: inout Workspace) -> Sequel {
    let all = checkpoints(workspace)
    guard !all.isEmpty else { return [] }
    switch action {
    case .move(_, let columns): look(at: place(workspace) + columns, all)
    case .first: look(at: 0, all)
    case .last: looked = nil
    case .enter:
      let entry = all[place(workspace)]
      if isOpen(entry, workspace), !rewritten.contains(entry.path) {
        workspace.say("\(entry.name) is already open.")
        return []
      }
      return Sequel(workspace.open(model: entry.path))
    case .start: tryAgain(&workspace)
    default: break
    }
    return []
  }

  private mutating func tryAgain(_ workspace: inout Workspace) {
    for (path, frame) in frames {
      for failure in frame.failures.values { workspace.work.findings.reset(failure.asked) }
      frames[path]?.tried.subtract(frame.failures.keys)
      frames[path]?.failures = [:]
    }
  }

  /// The newest one is followed: a newer one takes its place.
  private mutating func look(at place: Int, _ all: [ModelEntry]) {
    let place = min(all.count - 1, max(0, place))
    looked = place == all.count - 1 ? nil : all[place].path
  }

  mutating func point(_ mouse: Mouse, in area: Rectangle, _ workspace: inout Workspace) -> Sequel {
    switch mouse.action {
    case .wheelUp: return perform(.move(rows: 0, columns: -1), &workspace)
    case .wheelDown: return perform(.move(rows: 0, columns: 1), &workspace)
    case .press, .drag:
      guard mouse.button == .left, mouse.row == area.row + area.rows - 1 else { break }
      let all = checkpoints(workspace)
      let place = TrainingSlider.place(
        at: mouse.column - area.column, of: all.count, columns: area.columns)
      if let place { look(at: place, all) }
    default: break
    }
    return []
  }

  mutating func subjectChanged() {
    (current, rewritten) = (nil, [])
    frames = frames.filter { $0.value.obstacle == nil }
  }

  func shown(_ workspace: Workspace) -> [(name: String, request: Request)] {
    let all = checkpoints(workspace)
    guard !all.isEmpty, let request = frames[all[place(workspace)].path]?.section?.question else { return [] }
    return [(name: "plane", request: request)]
  }
}

extension Workspace {
  /// Checkpoints that may be of one training: files of one folder with the open model's operators and nearly its size.
  var trainingCheckpoints: [ModelEntry] {
    guard let open = subject.model?.entry else { return [] }
    let alike = checkpoints.filter { entry in
      if entry.path == open.path { return true }
      guard entry.operators == open.operators || entry.operators.isEmpty || open.operators.isEmpty else {
        return false
      }
      guard let bytes = entry.bytes, let own = open.bytes else { return true }
      return abs(bytes - own) <= own / 20
    }
    // Two networks of one architecture are no training, unless their names count something.
    let names = Set(alike.map { $0.name.filter { !$0.isNumber } })
    return alike.count > 2 || names.count == 1 ? alike : []
  }
}
