internal import CKernels
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Threads that stand by for parts of an operation.
///
/// Waking a sleeping thread takes some fifty microseconds, as long as a convolution of one small image: a member that
/// has done its part therefore looks out for the next one for a while before it sleeps. Members are made when all others
/// are at work, each lasts as long as the process, and one that sleeps costs nothing.
final class Team: Sendable {
  static let shared = Team()

  private let members = Mutex<[Member]>([])

  /// Runs `body` on the calling thread and on claimed members, and returns when all have done so.
  func run(_ members: [Member], _ body: () -> Void) {
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in
        let assignment = Assignment(count: members.count, pointer)
        for member in members { member.begin(assignment) }
        body()
        if !members.isEmpty { assignment.wait() }
      }
    }
  }

  /// Members for one ``run(_:_:)``: fewer where `limit` of them are made and the rest are at work.
  func claim(_ count: Int, limit: Int) -> [Member] {
    if count == 0 { return [] }
    return members.withLock { members in
      var found: [Member] = []
      for member in members where found.count < count && member.claim() { found.append(member) }
      while found.count < count, members.count < limit, let member = Member.started() {
        members.append(member)
        found.append(member)
      }
      return found
    }
  }
}

/// What some members do together.
private final class Assignment: Sendable {
  private nonisolated(unsafe) let body: UnsafePointer<() -> Void>
  private let left: Atomic<Int>
  private let done = DispatchSemaphore(value: 0)

  /// What `body` points to has to last until ``wait()`` returns.
  init(count: Int, _ body: UnsafePointer<() -> Void>) {
    left = Atomic(count)
    self.body = body
  }

  /// Not inlined, so that nothing of the body is held when one has finished.
  @inline(never)
  func doPart() { body.pointee() }

  func finishPart() {
    if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { done.signal() }
  }

  func wait() {
    if !isSoon({ left.load(ordering: .acquiring) == 0 }) { done.wait() }
  }
}

/// One thread of the team.
final class Member: Sendable {
  /// Who may change it: itself from `.idle` to `.asleep`, whoever claims it to `.claimed…` and `.ready`, itself to `.idle`.
  private enum State: UInt8, AtomicRepresentable { case idle, asleep, claimed, claimedAsleep, ready }

  private let state: Atomic<State>
  private let wake = DispatchSemaphore(value: 0)
  /// Belongs to whoever claimed the member until it is ready, then to the member.
  private nonisolated(unsafe) var assignment: Assignment?

  private init() { state = Atomic(.claimed) }

  /// A new one, claimed already; nil where the system has no more threads.
  static func started() -> Member? {
    let member = Member()
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(member)
    let failure = pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<Member>.fromOpaque(argument!).takeRetainedValue().work()
      }, argument.toOpaque())
    guard failure == 0 else {
      argument.release()
      return nil
    }
    pthread_detach(thread)
    return member
  }

  func claim() -> Bool {
    change(.idle, to: .claimed) || change(.asleep, to: .claimedAsleep)
  }

  fileprivate func begin(_ assignment: Assignment) {
    self.assignment = assignment
    if state.exchange(.ready, ordering: .acquiringAndReleasing) == .claimedAsleep { wake.signal() }
  }

  private func change(_ old: State, to new: State) -> Bool {
    state.compareExchange(expected: old, desired: new, ordering: .acquiringAndReleasing).exchanged
  }

  private func work() -> Never {
    leaveSignalsToOthers()
    while true {
      while !isSoon({ state.load(ordering: .acquiring) == .ready }) {
        if change(.idle, to: .asleep) { wake.wait() }
      }
      let current = assignment!
      assignment = nil
      current.doPart()
      // First free, then done: whoever waits may claim it at once.
      state.store(.idle, ordering: .releasing)
      current.finishPart()
    }
  }

  /// Blocks what somebody sends; what the thread itself runs into still reaches its handlers.
  private func leaveSignalsToOthers() {
    var signals = sigset_t()
    sigfillset(&signals)
    for own in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&signals, own) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}

/// Whether something becomes true within a tenth of a millisecond, which is looked out for without sleep.
private func isSoon(_ isSo: () -> Bool) -> Bool {
  let end = nanoseconds() + 100_000
  repeat {
    for _ in 0..<32 {
      if isSo() { return true }
      pause_briefly()
    }
  } while nanoseconds() < end
  return false
}

private func nanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
