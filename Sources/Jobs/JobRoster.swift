internal import Tensors

/// The jobs that are not over, and whose turn it is.
struct JobRoster<Output: Sendable>: Sendable {
  struct Entry: Sendable {
    let channel: JobChannel<Output>
    let work: @Sendable (JobContext<Output>) throws -> Output
    /// The switch and the turns of its present run: one that was set aside begins again with others.
    var interruption: Interruption
    var turn: Turn
    var hasBegun = false
    /// Whether its run is asked to end, for it to begin again later.
    var isSetAside = false
    /// The number of its last turn; 0 before the first.
    var lastTurn = 0

    var id: JobID { channel.id }
  }

  /// Jobs of a group that are under way at the same time.
  private static var companions: Int { 4 }

  /// Jobs that are under way or stand still in the middle: each keeps a thread, and the memory that it works with.
  static var mostBegun: Int { 8 }

  /// In the order of their submission.
  private(set) var jobs: [Entry] = []
  var order = JobOrder()
  /// Whose turn it is.
  private(set) var holder: JobID?
  private var turns = 0

  subscript(id: JobID) -> Entry? {
    get { jobs.first { $0.id == id } }
    set {
      let at = jobs.firstIndex { $0.id == id }
      switch (at, newValue) {
      case (let at?, let entry?): jobs[at] = entry
      case (let at?, nil): jobs.remove(at: at)
      case (nil, let entry?): jobs.append(entry)
      case (nil, nil): break
      }
      if newValue == nil, holder == id { holder = nil }
    }
  }

  /// A job that was set aside stands where it stood, by its number.
  mutating func putBack(_ entry: Entry) {
    jobs.insert(entry, at: jobs.firstIndex { $0.id > entry.id } ?? jobs.endIndex)
  }

  func key(_ id: JobID) -> JobOrder.Key? { self[id].map { order.key(id, $0.channel.priority) } }

  /// Whether a more urgent job has the turn.
  func isBehind(_ id: JobID) -> Bool {
    guard let holder, let first = key(holder), let own = key(id) else { return false }
    return first < own
  }

  /// Chooses a job of the most urgent group: the one that holds the turn, or, once its turn is over, the one whose last
  /// turn is longest ago.
  /// - Returns: Who has the turn now; nil where that is who had it before, or nobody.
  mutating func passTurn(isOver: Bool) -> JobID? {
    let keys = jobs.map { order.key($0.id, $0.channel.priority) }
    guard let first = keys.min() else { return nil }
    let group = jobs.indices.filter { keys[$0] == first }
    if !isOver, group.contains(where: { jobs[$0].id == holder }) { return nil }
    let begun = group.filter { jobs[$0].hasBegun }
    let next = (begun.count < Self.companions ? group : begun).min {
      (jobs[$0].lastTurn, $0) < (jobs[$1].lastTurn, $1)
    }!
    turns += 1
    jobs[next].lastTurn = turns
    holder = jobs[next].id
    return holder
  }

  /// Of more than ``mostBegun`` those to set aside: what has worked least loses least, and nothing of the most urgent
  /// group.
  func excess() -> [JobID] {
    let begun = jobs.filter { $0.hasBegun && !$0.interruption.isInterrupted }
    guard begun.count > Self.mostBegun, let first = holder.flatMap(key) else { return [] }
    return begun.filter { key($0.id) != first }
      .sorted { ($0.channel.elapsed, $1.id) < ($1.channel.elapsed, $0.id) }
      .prefix(begun.count - Self.mostBegun).map(\.id)
  }
}
