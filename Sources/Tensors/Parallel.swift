internal import Glibc
internal import Synchronization

/// A switch by which whoever started a computation asks it to stop, or has it wait; safe to throw from any thread.
public final class Interruption: Sendable {
  private let flag = Atomic<Bool>(false)
  private let pause: (@Sendable () -> Void)?

  /// `pausing` is called at every check, by the thread that checks, and may keep it waiting: to be quick where it
  /// does not is its concern.
  public init(pausing: (@Sendable () -> Void)? = nil) { pause = pausing }

  /// Asks to stop, for good; whoever computes finds out at the next check.
  public func interrupt() { flag.store(true, ordering: .relaxed) }
  /// Whether somebody has asked to stop; unlike ``check()`` it never waits.
  public var isInterrupted: Bool { flag.load(ordering: .relaxed) }

  /// Throws ``Interrupted`` once somebody has interrupted.
  public func check() throws(Interrupted) {
    pause?()
    if isInterrupted { throw Interrupted() }
  }
}

/// What a computation throws that was asked to stop before its end.
public struct Interrupted: Error {
  public init() {}
}

/// How many threads the engine uses; the result of a computation does not depend on it.
public struct Threads: Sendable {
  private static let configured = Atomic<Int>(0)

  /// The number set with ``use(_:)``, else that of the processor's cores.
  public static var count: Int {
    let n = configured.load(ordering: .relaxed)
    return n > 0 ? n : coreCount
  }

  /// Sets ``count`` for the whole process; 0 or less for one thread a core.
  public static func use(_ count: Int) { configured.store(count, ordering: .relaxed) }

  /// A closure of its own type: one that a generic container hands in and out is wrapped once more each time.
  private struct Preparation: Sendable { var body: (@Sendable () -> Void)? }

  private static let preparation = Mutex(Preparation())

  /// From now on `body` runs on each thread before it computes, as often as it is given work: to be quick the second
  /// time is the body's concern.
  public static func prepare(each body: @escaping @Sendable () -> Void) {
    preparation.withLock { $0.body = body }
  }

  static func prepareThis() { preparation.withLock { $0.body }?() }

  /// How many threads the calling one may put to work now, itself among them: all, and within a piece of work what is
  /// its share of those that are free.
  public static var spare: Int { WorkDivision.current?.spare ?? count }

  /// ⌈count/s⌉ for the s threads that are spare: how many of `count` pieces one of them takes, at least one.
  ///
  /// ``spare`` changes at any moment: two readings of it in one expression may differ.
  package static func share(of count: Int) -> Int {
    let spare = spare
    return max(1, (count + spare - 1) / spare)
  }
}

/// How much memory the engine may take for the values of one pass through a network; no result depends on it.
///
/// Images, results and weights come on top. A bound that not even one image a thread fits in is passed.
public struct Memory: Sendable {
  private static let configured = Atomic<Int>(0)

  /// Bytes; one GiB unless ``use(_:)`` said otherwise.
  public static var bound: Int {
    let bytes = configured.load(ordering: .relaxed)
    return bytes > 0 ? bytes : 1 << 30
  }

  /// Sets ``bound`` for the whole process; 0 or less for one GiB.
  public static func use(_ bytes: Int) { configured.store(bytes, ordering: .relaxed) }
}

/// body(0) … body(count − 1) on several threads, their results in order.
///
/// Pieces are handed out in order to whichever thread is free; each may divide the threads that are left over. The
/// first error, by index, is thrown; an interruption is noticed between pieces.
public func parallel<Result: Sendable>(
  over count: Int, interruption: Interruption? = nil, _ body: @Sendable (Int) throws -> Result
) throws -> [Result] {
  let threads = min(count, Threads.spare)
  if threads <= 1 {
    return try (0..<count).map { i in
      try interruption?.check()
      return try body(i)
    }
  }
  let results = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: count))
  let next = Atomic<Int>(0)
  let failed = Atomic<Bool>(false)
  spread(over: threads) {
    while !failed.load(ordering: .relaxed) {
      let i = next.add(1, ordering: .relaxed).oldValue
      guard i < count else { return }
      let result = Swift.Result {
        try interruption?.check()
        return try body(i)
      }
      if case .failure = result { failed.store(true, ordering: .relaxed) }
      results.withLock { $0[i] = result }
    }
  }
  let finished = results.withLock { $0 }
  for case .failure(let error)? in finished { throw error }
  return try finished.map { try $0!.get() }
}

/// body(0) … body(count − 1), the parts of one operation, on the threads that are left over.
///
/// `work` counts the multiply-adds of all parts: a thread is not worth waking for fewer than some hundred thousand.
public func together(over count: Int, work: Int, _ body: (Int) -> Void) {
  let threads = min(count, work >> 18, Threads.spare)
  if threads <= 1 {
    for i in 0..<count { body(i) }
    return
  }
  let next = Atomic<Int>(0)
  spread(over: threads) {
    while true {
      let i = next.add(1, ordering: .relaxed).oldValue
      guard i < count else { return }
      body(i)
    }
  }
}

/// The engine's only use of several threads: `body` on as many as are free, up to `threads`.
///
/// What `body` captures is not checked: the parts of an operation write to memory of their own through pointers.
private func spread(over threads: Int, _ body: () -> Void) {
  let free = WorkDivision.current?.free ?? FreeThreads(Threads.count - 1)
  let taken = free.take(threads - 1)
  let members = Team.shared.claim(taken, limit: 2 * (Threads.count - 1))
  free.giveBack(taken - members.count)
  let division = WorkDivision(within: WorkDivision.current, free, sharers: members.count + 1)
  Team.shared.run(members) {
    Threads.prepareThis()
    division.takePart(body)
  }
  free.occupy()
}
