internal import Glibc
internal import Synchronization

/// How the pieces of some work share the threads that it has.
///
/// Work within a piece is divided again, on what is the piece's share of the threads: more once other pieces are done.
final class WorkDivision: Sendable {
  /// Shared with all divisions around and within this one.
  let free: FreeThreads
  private let outer: WorkDivision?
  /// Threads that take part in this division and are not yet done.
  private let sharers: Atomic<Int>

  init(within outer: WorkDivision?, _ free: FreeThreads, sharers: Int) {
    self.outer = outer
    self.free = free
    self.sharers = Atomic(sharers)
  }

  /// Threads that one that takes part may use now, itself among them.
  var spare: Int { 1 + max(0, min(share - 1, free.count)) }

  private var share: Int {
    let all = outer?.share ?? Threads.count
    let sharers = max(1, sharers.load(ordering: .relaxed))
    return (all + sharers - 1) / sharers
  }

  /// `body`, after which the calling thread is free for others.
  func takePart(_ body: () -> Void) {
    let before = pthread_getspecific(Self.key)
    pthread_setspecific(Self.key, Unmanaged.passUnretained(self).toOpaque())
    body()
    pthread_setspecific(Self.key, before)
    sharers.subtract(1, ordering: .relaxed)
    free.giveBack(1)
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// The one in which the calling thread takes part.
  static var current: WorkDivision? {
    pthread_getspecific(key).map { Unmanaged.fromOpaque($0).takeUnretainedValue() }
  }
}

/// The threads of a computation that are not at work.
///
/// One that waits for others counts as free, so that there can be fewer than none for a moment.
final class FreeThreads: Sendable {
  private let left: Atomic<Int>

  init(_ count: Int) { left = Atomic(count) }

  var count: Int { left.load(ordering: .relaxed) }

  /// Takes up to `count`; how many.
  func take(_ count: Int) -> Int {
    var before = left.load(ordering: .relaxed)
    while true {
      let taken = max(0, min(count, before))
      if taken == 0 { return 0 }
      let outcome = left.weakCompareExchange(expected: before, desired: before - taken, ordering: .relaxed)
      if outcome.exchanged { return taken }
      before = outcome.original
    }
  }

  func giveBack(_ count: Int) { left.add(count, ordering: .relaxed) }

  /// Whoever waited goes on.
  func occupy() { left.subtract(1, ordering: .relaxed) }
}
