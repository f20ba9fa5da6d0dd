internal import Dispatch
internal import Foundation
internal import Synchronization
internal import Tensors

/// Queued work with progress and cancellation, on threads of its own: one for interactive jobs and one for batch jobs.
///
/// Jobs of a lane run one after the other, in the order in which they were submitted. `deliver` is called from the
/// threads of the queue and from those that submit and cancel; it has to return soon and must not call the queue.
public final class JobQueue<Output: Sendable>: Sendable {
  public typealias Work = @Sendable (JobContext<Output>) throws -> Output

  private struct Job: Sendable {
    let channel: JobChannel<Output>
    let interruption = Interruption()
    let work: Work
  }

  private struct Lane {
    var waiting: [Job] = []
    var running: Job?
  }

  private struct State {
    var lanes: [Lane]
    var submitted = 0
    var isShutDown = false
  }

  private let state: Mutex<State>
  private let arrivals: [DispatchSemaphore]
  private let ended = DispatchSemaphore(value: 0)
  private let deliver: @Sendable (JobUpdate<Output>) -> Void
  private let clock: @Sendable () -> Double
  private let prepareThread: @Sendable () -> Void

  /// - Parameters:
  ///   - lanes: 2: interactive and batch jobs beside each other; 1: one job at a time, in order.
  ///   - prepareThread: runs first on each of the queue's threads.
  ///   - deliver: takes the news of all jobs.
  public convenience init(
    lanes: Int = 2, prepareThread: @escaping @Sendable () -> Void = {},
    deliver: @escaping @Sendable (JobUpdate<Output>) -> Void
  ) {
    self.init(
      lanes: lanes, clock: { ProcessInfo.processInfo.systemUptime }, prepareThread: prepareThread,
      deliver: deliver)
  }

  init(
    lanes: Int, clock: @escaping @Sendable () -> Double, prepareThread: @escaping @Sendable () -> Void = {},
    deliver: @escaping @Sendable (JobUpdate<Output>) -> Void
  ) {
    precondition(lanes == 1 || lanes == 2, "a queue has one or two lanes, not \(lanes)")
    state = Mutex(State(lanes: (0..<lanes).map { _ in Lane() }))
    arrivals = (0..<lanes).map { _ in DispatchSemaphore(value: 0) }
    self.deliver = deliver
    self.clock = clock
    self.prepareThread = prepareThread
    for lane in 0..<lanes { startThread(of: lane) }
  }

  /// Puts work at the end of its lane.
  @discardableResult
  public func submit(title: String, priority: JobPriority = .batch, work: @escaping Work) -> JobID {
    let lane = priority == .interactive ? 0 : arrivals.count - 1
    let (job, accepted) = state.withLock { state in
      state.submitted += 1
      let channel = JobChannel(
        id: JobID(state.submitted), title: title, priority: priority, clock: clock, deliver: deliver)
      let job = Job(channel: channel, work: work)
      channel.wait()
      if !state.isShutDown { state.lanes[lane].waiting.append(job) }
      return (job, !state.isShutDown)
    }
    if accepted { arrivals[lane].signal() } else { job.channel.close(.cancelled) }
    return job.channel.id
  }

  /// Takes the job out of the queue, or asks it to stop; nothing happens where it has ended.
  public func cancel(_ id: JobID) { cancel { $0.channel.id == id } }

  public func cancelAll() { cancel { _ in true } }

  /// Cancels everything and ends the threads; later jobs are cancelled at once.
  ///
  /// Returns once the threads have ended, or after `patience` seconds: nobody who quits waits for a stubborn job.
  public func shutdown(patience: Double = 1) {
    let isFirst = state.withLock { state in
      defer { state.isShutDown = true }
      return !state.isShutDown
    }
    guard isFirst else { return }
    cancelAll()
    for arrival in arrivals { arrival.signal() }
    let deadline = DispatchTime.now() + patience
    for _ in arrivals { _ = ended.wait(timeout: deadline) }
  }
}

// MARK: - Lanes

extension JobQueue {
  private func cancel(where isMeant: (Job) -> Bool) {
    let removed = state.withLock { state in
      var removed: [Job] = []
      for lane in state.lanes.indices {
        if let job = state.lanes[lane].running, isMeant(job) { job.interruption.interrupt() }
        removed += state.lanes[lane].waiting.filter(isMeant)
        state.lanes[lane].waiting.removeAll(where: isMeant)
      }
      return removed
    }
    for job in removed { job.channel.close(.cancelled) }
  }

  /// The engine's recursion is shallow; 8 MB is what the main thread has.
  private func startThread(of lane: Int) {
    let thread = Thread { [self] in
      prepareThread()
      serve(lane)
      ended.signal()
    }
    thread.stackSize = 8 << 20
    thread.name = lane == 0 && arrivals.count > 1 ? "interactive jobs" : "jobs"
    thread.start()
  }

  private func serve(_ lane: Int) {
    while true {
      arrivals[lane].wait()
      let (job, isShutDown) = state.withLock { state in
        guard !state.lanes[lane].waiting.isEmpty else { return (Job?.none, state.isShutDown) }
        let job = state.lanes[lane].waiting.removeFirst()
        state.lanes[lane].running = job
        return (job, false)
      }
      if let job {
        let outcome = run(job)
        state.withLock { $0.lanes[lane].running = nil }
        job.channel.close(outcome)
      } else if isShutDown {
        return
      }
    }
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
