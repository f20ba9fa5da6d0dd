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
  private let news = Mutex(News())

  private struct News {
    var started: Double?
    var sent = -Double.infinity
    var withheld: (progress: Progress, partial: Output?)?
    var isFlushScheduled = false
    var isClosed = false
    var estimate = RemainingTime()
  }

  init(
    id: JobID, title: String, priority: JobPriority, clock: @escaping @Sendable () -> Double,
    deliver: @escaping @Sendable (JobUpdate<Output>) -> Void
  ) {
    self.id = id
    self.title = title
    self.priority = priority
    self.clock = clock
    self.deliver = deliver
  }

  func wait() { news.withLock { send(.waiting, in: $0) } }

  func start() {
    news.withLock { news in
      news.started = clock()
      send(.running(Progress(completed: 0, total: 0, phase: "")), in: news)
    }
  }

  /// The receiver is called within the lock, so that the news of a job arrive in order from whatever thread.
  func report(_ progress: Progress, _ partial: Output?) {
    news.withLock { news in
      guard !news.isClosed else { return }
      let now = clock()
      var progress = progress
      progress.elapsed = now - (news.started ?? now)
      progress.remaining = news.estimate.estimate(progress, elapsed: progress.elapsed)
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
    send(.running(progress), partial, in: news)
  }

  private func send(_ state: JobState<Output>, _ partial: Output? = nil, in news: borrowing News) {
    let elapsed = news.started.map { clock() - $0 } ?? 0
    deliver(
      JobUpdate(id: id, title: title, priority: priority, state: state, partial: partial, elapsed: elapsed))
  }
}
