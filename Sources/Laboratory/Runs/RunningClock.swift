package import Jobs
internal import Synchronization

/// Times the reports of one run.
package final class RunningClock: Sendable {
  private let start = ContinuousClock.now
  private let plan: JobPlan
  private let estimate: Mutex<RemainingTime>

  package init(_ plan: JobPlan = JobPlan()) {
    self.plan = plan
    estimate = Mutex(RemainingTime(plan))
  }

  package func timed(_ progress: Progress) -> Progress {
    var progress = progress
    progress.elapsed = (ContinuousClock.now - start) / .seconds(1)
    progress.remaining = estimate.withLock {
      $0.estimate(progress, elapsed: progress.elapsed, pace: plan.pace > 0 ? plan.pace : nil)
    }
    return progress
  }
}
