internal import Dispatch
internal import Synchronization

/// Carries the news of one job to the queue's receiver, in order, and not too often.
final class JobChannel<Output: Sendable>: Sendable {
  /// Seconds between two reports of a running job: 20 a second, faster than anybody reads.
  static var interval: Double { 0.05 }

  let id: JobID
  let title: String
  let priority: JobPriority
  private let deliver: @Sendable (JobUpdate<Output>) -> Void
  private let clock: @Sendable () -> Double
  private let plan: JobPlan
  private let paces: Paces
  private let news: Mutex<News>

  private struct News {
    var started: Double?
    var sent = -Double.infinity
    var withheld: (progress: Progress, partial: Output?)?
    var isFlushScheduled = false
    var isClosed = false
    var estimate: RemainingTime
    /// The last progress that was told.
    var progress = Progress(completed: 0, total: 0, phase: "")
    /// When the present pause began, and how long the earlier ones were.
    var pause: Double?
    var paused = 0.0
    /// Whether the receiver knows of the pause.
    var isPausedForLong = false

    /// Seconds at work.
    func elapsed(at now: Double) -> Double {
      started.map { (pause ?? now) - $0 - paused } ?? 0
    }
  }

  init(
    id: JobID, title: String, priority: JobPriority, plan: JobPlan = JobPlan(), paces: Paces = Paces(),
    clock: @escaping @Sendable () -> Double,
    deliver: @escaping @Sendable (JobUpdate<Output>) -> Void
  ) {
    self.id = id
    self.title = title
    self.priority = priority
    self.clock = clock
    self.deliver = deliver
    self.plan = plan
    self.paces = paces
    news = Mutex(News(estimate: RemainingTime(plan)))
  }

  func wait() { news.withLock { send(.waiting, in: $0) } }

  /// The job was set aside: its next run counts its seconds and its progress anew.
  func waitAgain() {
    news.withLock { news in
      guard !news.isClosed else { return }
      flush(&news, at: clock())
      (news.started, news.pause, news.paused, news.isPausedForLong) = (nil, nil, 0, false)
      news.estimate = RemainingTime(plan)
      news.progress = Progress(completed: 0, total: 0, phase: "")
      send(.waiting, in: news)
    }
  }

  /// Seconds at work in the present run.
  var elapsed: Double { news.withLock { $0.elapsed(at: clock()) } }

  func start() {
    news.withLock { news in
      news.started = clock()
      news.progress.remaining = paces.pace(of: plan).flatMap { plan.passes > 0 ? plan.passes * $0 : nil }
      send(.running(news.progress), in: news)
    }
  }

  /// The job stands still; the receiver is told where that lasts longer than a turn of another.
  func pause(isLong: Bool) {
    news.withLock { news in
      guard news.pause == nil, news.started != nil, !news.isClosed else { return }
      news.pause = clock()
      news.isPausedForLong = isLong
      guard isLong else { return }
      if let (progress, _) = news.withheld { news.progress = progress }
      send(.running(news.progress), news.withheld?.partial, in: news)
      news.withheld = nil
    }
  }

  func resume() {
    news.withLock { news in
      guard let pause = news.pause else { return }
      news.paused += clock() - pause
      news.pause = nil
      guard news.isPausedForLong, !news.isClosed else { return }
      news.isPausedForLong = false
      send(.running(news.progress), in: news)
    }
  }

  /// The receiver is called within the lock, so that the news of a job arrive in order from whatever thread.
  func report(_ progress: Progress, _ partial: Output?) {
    news.withLock { news in
      guard !news.isClosed else { return }
      let now = clock()
      var progress = progress
      progress.elapsed = news.elapsed(at: now)
      progress.remaining = news.estimate.estimate(
        progress, elapsed: progress.elapsed, pace: paces.pace(of: plan))
      if let pace = news.estimate.pace, !plan.subject.isEmpty { paces.note(pace, of: plan.subject) }
      news.withheld = (progress, partial ?? news.withheld?.partial)
      if now - news.sent >= Self.interval {
        flush(&news, at: now)
      } else if !news.isFlushScheduled {
        news.isFlushScheduled = true
        schedule(after: news.sent + Self.interval - now)
      }
    }
  }

  /// The last news: whatever was withheld, then the final state.
  func close(_ state: JobState<Output>) {
    news.withLock { news in
      guard !news.isClosed else { return }
      flush(&news, at: clock())
      news.isClosed = true
      send(state, in: news)
    }
  }

  private func schedule(after delay: Double) {
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + delay) { [weak self] in
      self?.flushIfDue()
    }
  }

  private func flushIfDue() {
    news.withLock { news in
      let now = clock()
      if news.isClosed || news.withheld == nil {
        news.isFlushScheduled = false
      } else if now - news.sent >= Self.interval {
        news.isFlushScheduled = false
        flush(&news, at: now)
      } else {
        schedule(after: news.sent + Self.interval - now)
      }
    }
  }

  private func flush(_ news: inout News, at now: Double) {
    guard let (progress, partial) = news.withheld else { return }
    news.withheld = nil
    news.sent = now
    news.progress = progress
    send(.running(progress), partial, in: news)
  }

  private func send(_ state: JobState<Output>, _ partial: Output? = nil, in news: borrowing News) {
    deliver(
      JobUpdate(
        id: id, title: title, priority: priority, state: state, partial: partial,
        elapsed: news.elapsed(at: clock()), isPaused: news.isPausedForLong,
        pace: plan.passes > 0 ? paces.pace(of: plan) : nil))
  }
}
