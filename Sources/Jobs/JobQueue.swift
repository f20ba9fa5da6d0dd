internal import Dispatch
internal import Foundation
internal import Synchronization
internal import Tensors

/// Queued work with progress and cancellation: one job computes at a time, the most urgent one, on all cores.
///
/// A job that becomes the most urgent begins or goes on at once; the one that computed until then pauses between two of
/// its steps and goes on where it was. Of more than eight that have begun, those that have worked least are set aside:
/// they let go of what they hold, wait, and begin again, from whatever they kept in a file. Which is more urgent says an arrangement, which may change at any time: jobs of
/// one group take turns of a quarter of a second, others run one after the other. `deliver` is called from the threads
/// of the jobs and from those that submit, arrange and cancel; it has to return soon and must not call the queue.
public final class JobQueue<Output: Sendable>: Sendable {
  /// What a job does, on a thread of its own: its outcome, or an error that makes it fail.
  ///
  /// One that throws ``Interrupted`` is cancelled, and one that was asked to stop, however it ends.
  public typealias Work = @Sendable (JobContext<Output>) throws -> Output

  private struct State: Sendable {
    var roster = JobRoster<Output>()
    var submitted = 0
    var isShutDown = false
  }

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
    let (channel, accepted) = state.withLock { state in
      state.submitted += 1
      let channel = JobChannel(
        id: JobID(state.submitted), title: title, priority: priority, plan: plan, paces: paces, clock: clock,
        deliver: deliver)
      channel.wait()
      if !state.isShutDown {
        let (interruption, turn) = switches(of: channel)
        state.roster[channel.id] = JobRoster.Entry(
          channel: channel, work: work, interruption: interruption, turn: turn)
        settle(&state.roster)
      }
      return (channel, !state.isShutDown)
    }
    if !accepted { channel.close(.cancelled) }
    return channel.id
  }

  /// What one run of a job is stopped and paused by.
  private func switches(of channel: JobChannel<Output>) -> (Interruption, Turn) {
    let turn = Turn()
    return (Interruption { [weak self] in self?.pause(channel, turn) }, turn)
  }

  /// Says which jobs are urgent, the most urgent group first; jobs that it does not name come after them.
  public func arrange(_ groups: [[JobID]]) {
    state.withLock { state in
      state.roster.order = JobOrder(groups)
      settle(&state.roster)
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
  private func cancel(where isMeant: (JobRoster<Output>.Entry) -> Bool) {
    let removed = state.withLock { state in
      let meant = state.roster.jobs.filter(isMeant)
      for job in meant where job.hasBegun {
        state.roster[job.id]?.isSetAside = false
        stop(job)
      }
      let removed = meant.filter { !$0.hasBegun }
      for job in removed { state.roster[job.id] = nil }
      settle(&state.roster)
      return removed
    }
    for job in removed { job.channel.close(.cancelled) }
  }

  private func stop(_ job: JobRoster<Output>.Entry) {
    job.interruption.interrupt()
    job.turn.rouse()
  }

  /// Gives the turn to whom it belongs, and sets jobs aside where too many have begun.
  private func settle(_ roster: inout JobRoster<Output>, isOver: Bool = false) {
    let former = roster.holder
    guard let next = roster.passTurn(isOver: isOver), let job = roster[next] else { return }
    if let former { roster[former]?.turn.take() }
    job.turn.give(until: clock() + Turn.length)
    guard !job.hasBegun else { return }
    roster[next]?.hasBegun = true
    start(job)
    for id in roster.excess() {
      roster[id]?.isSetAside = true
      if let job = roster[id] { stop(job) }
    }
  }

  /// Where a job may have to wait: between its steps.
  private func pause(_ channel: JobChannel<Output>, _ turn: Turn) {
    guard turn.isOwnThread else { return }
    if turn.holds {
      guard turn.isOver(at: clock()) else { return }
      state.withLock { state in
        if state.roster.holder == channel.id { settle(&state.roster, isOver: true) }
      }
      if turn.holds { return }
    }
    let (interruption, isBehind) = state.withLock { state in
      (state.roster[channel.id]?.interruption, state.roster.isBehind(channel.id))
    }
    guard let interruption else { return }
    channel.pause(isLong: isBehind)
    turn.wait(unless: interruption)
    channel.resume()
  }

  /// The engine's recursion is shallow; 8 MB is what the main thread has.
  private func start(_ job: JobRoster<Output>.Entry) {
    let thread = Thread { [self] in
      prepareThread()
      job.turn.begin()
      end(job, run(job))
      threads.leave()
    }
    threads.enter()
    thread.stackSize = 8 << 20
    thread.name = "job \(job.id)"
    thread.start()
  }

  private func run(_ job: JobRoster<Output>.Entry) -> JobState<Output> {
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

  /// The turn passes on once everybody knows of the outcome; what was set aside waits again.
  private func end(_ job: JobRoster<Output>.Entry, _ outcome: JobState<Output>) {
    let isOver = state.withLock { state in
      let isSetAside = state.roster[job.id]?.isSetAside ?? false
      state.roster[job.id] = nil
      guard isSetAside else { return true }
      let (interruption, turn) = switches(of: job.channel)
      state.roster.putBack(
        JobRoster.Entry(channel: job.channel, work: job.work, interruption: interruption, turn: turn))
      job.channel.waitAgain()
      return false
    }
    if isOver { job.channel.close(outcome) }
    state.withLock { settle(&$0.roster) }
  }
}
