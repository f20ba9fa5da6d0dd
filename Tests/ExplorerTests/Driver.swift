import Drawing
import Experiments
import Explorer
import Jobs

/// Plays the session: answers the explorer's commands as the program would, from the ``World``; it can leave one
/// unanswered, answer it late, or refuse it.
struct Driver {
  var explorer: Explorer
  var size: Size
  /// Every command so far.
  private(set) var commands: [Command] = []
  private(set) var isOver = false
  /// Whether jobs come to their end at once; else they stay half way.
  var finishes = true
  /// What earlier sessions have found.
  var earlier: (Request) -> Finding? = { _ in nil }
  /// Jobs that are half way.
  private(set) var open: [JobID: Request] = [:]
  /// What becomes of a command that is to be answered.
  var attention: (Command) -> Attention = { _ in .now }
  /// Commands that are still to be answered.
  private(set) var unanswered: [Command] = []

  enum Attention {
    case now, late
    case refused(String)
  }
  private var nextID = 1

  init(
    _ size: Size = Size(rows: 40, columns: 120),
    _ appearance: Appearance = Appearance(colors: .direct, glyphs: .blocks), keys: KeyMap = KeyMap()
  ) {
    explorer = Explorer(appearance: appearance, keys: keys)
    self.size = size
    send(.input(.resized(size)))
  }

  /// With the library listed, and its first model and set open.
  static func ready(
    _ size: Size = Size(rows: 40, columns: 120),
    _ appearance: Appearance = Appearance(colors: .direct, glyphs: .blocks), finishes: Bool = true
  ) -> Driver {
    var driver = Driver(size, appearance)
    driver.open(finishes: finishes)
    return driver
  }

  mutating func open(finishes: Bool = true) {
    send(.library(models: World.library, sets: World.sets))
    send(.modelOpened(World.model))
    self.finishes = finishes
    send(.imagesOpened(World.images))
  }

  var canvas: Canvas { explorer.view(size) }
  var text: String { canvas.text }

  mutating func send(_ message: Message) {
    if case .input(.resized(let size)) = message { self.size = size }
    var waiting = explorer.update(message)
    commands += waiting
    while !waiting.isEmpty {
      let command = waiting.removeFirst()
      let more = answer(command)
      commands += more
      waiting += more
    }
  }

  mutating func begin(tour text: String) {
    send(.begun)
    if let script = try? Script(text, name: "test.tour") { send(.tour(script, at: 0)) }
  }

  /// Opens the last of these checkpoints.
  mutating func begin(training run: [ModelEntry]) {
    send(.library(models: World.library + run, sets: World.sets))
    var model = World.model
    if let last = run.last { (model.entry, model.digest) = (last, "d-\(last.name)") }
    send(.modelOpened(model))
    send(.imagesOpened(World.images))
  }

  mutating func press(_ keys: Key...) { for key in keys { send(.input(.key(key))) } }
  mutating func type(_ text: String) { for c in text { send(.input(.key(.character(c)))) } }

  /// Brings every job to its end.
  mutating func finish() {
    finishes = true
    for (id, request) in open.sorted(by: { $0.key < $1.key }) { end(id, request) }
  }

  private mutating func end(_ id: JobID, _ request: Request) {
    open[id] = nil
    send(.job(update(id, request, .finished(World.finding(request)))))
  }

  private func update(
    _ id: JobID, _ request: Request, _ state: JobState<Finding>, _ partial: Finding? = nil
  ) -> JobUpdate<Finding> {
    JobUpdate(
      id: id, title: request.title, priority: request.priority, state: state, partial: partial, elapsed: 4)
  }

  /// Answers what was left unanswered.
  mutating func answerLate() {
    let late = unanswered
    unanswered = []
    for command in late {
      var waiting = give(command)
      commands += waiting
      while !waiting.isEmpty {
        let more = answer(waiting.removeFirst())
        commands += more
        waiting += more
      }
    }
  }

  private mutating func answer(_ command: Command) -> [Command] {
    switch attention(command) {
    case .now: return give(command)
    case .late:
      unanswered.append(command)
      return []
    case .refused(let sentence): return refuse(command, sentence)
    }
  }

  private mutating func refuse(_ command: Command, _ sentence: String) -> [Command] {
    switch command {
    case .thumbnails(let range): return explorer.update(.thumbnails([:], of: range))
    case .run(let request): return explorer.update(.notSubmitted(request, sentence))
    case .openModel(let path): return explorer.update(.notOpened(.model(path), sentence))
    case .openImages(let spec): return explorer.update(.notOpened(.images(spec), sentence))
    case .openOther(let path): return explorer.update(.notOpened(.other(path), sentence))
    case .openArray(let path): return explorer.update(.notOpened(.array(path), sentence))
    default: return explorer.update(.refused(sentence))
    }
  }

  private mutating func give(_ command: Command) -> [Command] {
    switch command {
    case .thumbnails(let range):
      return explorer.update(
        .thumbnails(
          Dictionary(uniqueKeysWithValues: range.map { ($0, World.thumbnail($0)) }), of: range))
    case .run(let request): return run(request)
    case .recall(let requests):
      return requests.flatMap { request in
        earlier(request).map { explorer.update(.recalled(request, $0)) } ?? []
      }
    case .cancel(let id):
      guard let request = open.removeValue(forKey: id) else { return [] }
      return explorer.update(.job(update(id, request, .cancelled)))
    case .cancelAll: return open.keys.sorted().flatMap { answer(.cancel($0)) }
    case .quit: isOver = true
    case .openOther(let path):
      guard let model = World.compared(path) else { return refuse(command, "no such file: \(path)") }
      let other = ComparedModel(model: model, images: "i-compared", spec: World.images.spec)
      return explorer.update(.otherOpened(path: path, other))
    case .openArray(let path):
      return explorer.update(.arrayOpened(path: path, World.vector(path)))
    case .openModel, .openImages, .look, .copy, .openTour, .keepPlace, .install, .cancelInstallation, .export,
      .setMouse, .suspend, .redraw, .hold, .arrange,
      .read, .keepReading, .complete:
      break
    }
    return []
  }

  private mutating func run(_ request: Request) -> [Command] {
    let id = JobID(nextID)
    nextID += 1
    var more = explorer.update(.submitted(id, request))
    let isQuick = request.priority == .interactive && request.section == nil
    if finishes || isQuick {
      more += explorer.update(.job(update(id, request, .finished(World.finding(request)))))
    } else {
      open[id] = request
      let state = JobState<Finding>.running(World.progress(request))
      more += explorer.update(.job(update(id, request, state, World.partial(request))))
    }
    return more
  }
}

extension Request {
  var section: SectionMap? { experiment as? SectionMap }
}
