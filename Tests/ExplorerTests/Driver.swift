import Drawing
import Experiments
import Explorer
import Jobs

/// Plays the session: answers the explorer's commands as the program would, from the ``World``.
struct Driver {
  var explorer: Explorer
  var size: Size
  /// Every command so far.
  private(set) var commands: [Command] = []
  private(set) var isOver = false
  /// Whether jobs come to their end at once; else they stay half way.
  var finishes = true
  /// Jobs that are half way.
  private(set) var open: [JobID: Request] = [:]
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

  mutating func press(_ keys: Key...) { for key in keys { send(.input(.key(key))) } }
  mutating func type(_ text: String) { for c in text { send(.input(.key(.character(c)))) } }

  /// Brings every job to its end.
  mutating func finish() {
    finishes = true
    for (id, request) in open.sorted(by: { $0.key < $1.key }) { end(id, request) }
  }

  private mutating func end(_ id: JobID, _ request: Request) {
    open[id] = nil
    send(.job(update(id, request, .finished(World.finding(request.analysis)))))
  }

  private func update(
    _ id: JobID, _ request: Request, _ state: JobState<Finding>, _ partial: Finding? = nil
  ) -> JobUpdate<Finding> {
    JobUpdate(
      id: id, title: request.title, priority: request.priority, state: state, partial: partial, elapsed: 4)
  }

  private mutating func answer(_ command: Command) -> [Command] {
    switch command {
    case .thumbnails(let range):
      return explorer.update(
        .thumbnails(Dictionary(uniqueKeysWithValues: range.map { ($0, World.thumbnail($0)) })))
    case .run(let request): return run(request)
    case .cancel(let id):
      guard let request = open.removeValue(forKey: id) else { return [] }
      return explorer.update(.job(update(id, request, .cancelled)))
    case .cancelAll: return open.keys.sorted().flatMap { answer(.cancel($0)) }
    case .quit: isOver = true
    case .openCompared(let path):
      guard let model = World.compared(path) else {
        return explorer.update(.refused("no such file: \(path)"))
      }
      return explorer.update(.comparedOpened(model, images: "i-compared", spec: World.images.spec))
    case .openModel, .openImages, .look, .copy, .openTour, .keepPlace, .install, .cancelInstallation, .export,
      .setMouse, .suspend, .redraw:
      break
    }
    return []
  }

  private mutating func run(_ request: Request) -> [Command] {
    let id = JobID(nextID)
    nextID += 1
    var more = explorer.update(.submitted(id, request))
    let isQuick = request.priority == .interactive && request.isSection == false
    if finishes || isQuick {
      more += explorer.update(.job(update(id, request, .finished(World.finding(request.analysis)))))
    } else {
      open[id] = request
      let state = JobState<Finding>.running(World.progress(request.analysis))
      more += explorer.update(.job(update(id, request, state, World.partial(request.analysis))))
    }
    return more
  }
}

extension Request {
  var isSection: Bool { if case .section = analysis { true } else { false } }
}
