internal import Synchronization

/// How long a pass takes, by the subject of plans: what every job has measured, for those that come after it.
final class Paces: Sendable {
  private let known = Mutex<[String: Double]>([:])

  func note(_ seconds: Double, of subject: String) { known.withLock { $0[subject] = seconds } }

  /// What was measured last, else what the plan expects; nil where nobody knows.
  func pace(of plan: JobPlan) -> Double? {
    known.withLock { $0[plan.subject] } ?? (plan.pace > 0 ? plan.pace : nil)
  }
}
