internal import Dispatch
internal import Foundation
internal import Synchronization
internal import Tensors

/// Queued work with progress and cancellation: one job computes at a time, the most urgent one, on all cores.
///
/// A job that becomes the most urgent begins or goes on at once; the one that computed until then pauses between two of
/// its steps and goes on where it was. Which is more urgent says an arrangement, which may change at any time: jobs of
/// one group take turns of a quarter of a second, others run one after the other. `deliver` is called from the threads
/// of the jobs and from those that submit, arrange and cancel; it has to return soon and must not call the queue.
public final class JobQueue<Output: Sendable>: Sendable {
  /// What a job does, on a thread of its own: its outcome, or an error that makes it fail.
  ///
  /// One that throws ``Interrupted`` is cancelled, and one that was asked to stop, however it ends.
  public typealias Work = @Sendable (JobContext<Output>) throws -> Output

  private struct Job: Sendable {
    let channel: JobChannel<Output>
    let interruption: Interruption
    let turn: Turn
    let work: Work
    var hasBegun = false
    /// The number of its last turn; 0 before the first.
    var lastTurn = 0

    var id: JobID { channel.id }
  }

  private struct State: Sendable {
    /// Those that are not over, in the order of their submission.
    var jobs: [Job] = []
    var order = JobOrder()
    /// Whose turn it is.
    var holder: JobID?
    var turns = 0
    var submitted = 0
    var isShutDown = false
  }

  /// Jobs of a group that are under way at the same time: each keeps what it works with.
  private static var companions: Int { 4 }

  private let state = Mutex(State())
  private let threads = DispatchGroup()
  private let paces = Paces()
  private let deliver: @Sendable (JobUpdate<Output>) -> Void
  private let clock: @Sendable () -> Double
  private let prepareThread: @Sendable () -> Void

  /// - Parameters:
  ///   - prepareThread: runs first on each thread of a job.
  ///   - deliver: takes the news of all jobs.
  public convenience init(
    prepareThread: @escaping @Sendable () -> Void = {},
    deliver: @escaping @Sendable (JobUpdate<Output>) -> Void
  ) {
    self.init(
      clock: { ProcessInfo.processInfo.systemUptime }, prepareThread: prepareThread, deliver: deliver)
  }

  init(
    clock: @escaping @Sendable () -> Double, prepareThread: @escaping @Sendable () -> Void = {},
    deliver: @escaping @Sendable (JobUpdate<Output>) -> Void
  ) {
    self.deliver = deliver
    self.clock = clock
    self.prepareThread = prepareThread
  }

  /// Puts work behind what is as urgent; an arrangement may name it at once.
  @discardableResult
  public func submit(
    title: String, priority: JobPriority = .batch, plan: JobPlan = JobPlan(), work: @escaping Work
  ) -> JobID {
    let (job, accepted) = state.withLock { state in
      state.submitted += 1
      let channel = JobChannel(
        id: JobID(state.submitted), title: title, priority: priority, plan: plan, paces: paces, clock: clock,
        deliver: deliver)
      let turn = Turn()
      let interruption = Interruption { [weak self] in self?.pause(channel, turn) }
      let job = Job(channel: channel, interruption: interruption, turn: turn, work: work)
      channel.wait()
      if !state.isShutDown {
        state.jobs.append(job)
        settle(&state)
      }
      return (job, !state.isShutDown)
    }
    if !accepted { job.channel.close(.cancelled) }
    return job.id
  }

  /// Says which jobs are urgent, the most urgent group first; jobs that it does not name come after them.
  public func arrange(_ groups: [[JobID]]) {
    state.withLock { state in
      state.order = JobOrder(groups)
      settle(&state)
    }
  }

  /// Takes the job out of the queue, or asks it to stop; nothing happens where it has ended.
  public func cancel(_ id: JobID) { cancel { $0.id == id } }

  /// Takes out all jobs that wait and asks those under way to stop; later ones are taken as before.
  public func cancelAll() { cancel { _ in true } }

  /// Cancels everything; later jobs are cancelled at once.
  ///
  /// Returns once the threads have ended, or after `patience` seconds: nobody who quits waits for a stubborn job.
  public func shutdown(patience: Double = 1) {
    let isFirst = state.withLock { state in
      defer { state.isShutDown = true }
      return !state.isShutDown
    }
    guard isFirst else { return }
    cancelAll()
    _ = threads.wait(timeout: .now() + patience)
  }
}

// MARK: - Turns

extension JobQueue {
  private func cancel(where isMeant: (Job) -> Bool) {
    let removed = state.withLock { state in
      let removed = state.jobs.filter { isMeant($0) && !$0.hasBegun }
      for job in state.jobs where isMeant(job) && job.hasBegun {
        job.interruption.interrupt()
        job.turn.rouse()
      }
      state.jobs.removeAll { isMeant($0) && !$0.hasBegun }
      settle(&state)
      return removed
    }
    for job in removed { job.channel.close(.cancelled) }
  }

  /// Gives the turn to a job of the most urgent group: the one that holds it, or, once its turn is over, the one whose
  /// last turn is longest ago.
  private func settle(_ state: inout State, isOver: Bool = false) {
    let keys = state.jobs.map { state.order.key($0.id, $0.channel.priority) }
    guard let first = keys.min() else {
      state.holder = nil
      return
    }
    let group = state.jobs.indices.filter { keys[$0] == first }
    if !isOver, group.contains(where: { state.jobs[$0].id == state.holder }) { return }
    let begun = group.filter { state.jobs[$0].hasBegun }
    let next = (begun.count < Self.companions ? group : begun).min {
      (state.jobs[$0].lastTurn, $0) < (state.jobs[$1].lastTurn, $1)
    }!
    if let holder = state.jobs.first(where: { $0.id == state.holder }) { holder.turn.take() }
    state.turns += 1
    state.jobs[next].lastTurn = state.turns
    state.holder = state.jobs[next].id
    state.jobs[next].turn.give(until: clock() + Turn.length)
    if !state.jobs[next].hasBegun {
      state.jobs[next].hasBegun = true
      start(state.jobs[next])
    }
  }

  /// Where a job may have to wait: between its steps.
  private func pause(_ channel: JobChannel<Output>, _ turn: Turn) {
    guard turn.isOwnThread else { return }
    if turn.holds {
      guard turn.isOver(at: clock()) else { return }
      state.withLock { state in
        if state.holder == channel.id { settle(&state, isOver: true) }
      }
      if turn.holds { return }
    }
    let (interruption, isBehind) = state.withLock { state in
      let holder = state.jobs.first { $0.id == state.holder }
      let own = state.order.key(channel.id, channel.priority)
      return (
        state.jobs.first { $0.id == channel.id }?.interruption,
        holder.map { state.order.key($0.id, $0.channel.priority) < own } ?? false
      )
    }
    guard let interruption else { return }
    channel.pause(isLong: isBehind)
    turn.wait(unless: interruption)
    channel.resume()
  }

  /// The engine's recursion is shallow; 8 MB is what the main thread has.
  private func start(_ job: Job) {
    let thread = Thread { [self] in
      prepareThread()
      job.turn.begin()
      let outcome = run(job)
      state.withLock { state in
        state.jobs.removeAll { $0.id == job.id }
        if state.holder == job.id { state.holder = nil }
      }
      job.channel.close(outcome)
      state.withLock { settle(&$0) }
      threads.leave()
    }
    threads.enter()
    thread.stackSize = 8 << 20
    thread.name = "job \(job.id)"
    thread.start()
  }

  private func run(_ job: Job) -> JobState<Output> {
    job.channel.start()
    do {
      let output = try job.work(JobContext(interruption: job.interruption, channel: job.channel))
      return job.interruption.isInterrupted ? .cancelled : .finished(output)
    } catch is Interrupted {
      return .cancelled
    } catch {
      return job.interruption.isInterrupted ? .cancelled : .failed(String(describing: error))
    }
  }
}
