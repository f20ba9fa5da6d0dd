/// How far a computation has come.
public struct Progress: Sendable, Hashable {
  /// Units done, never more than units altogether; total is 0 where nobody can know.
  public var completed: Int
  /// Units altogether of the present phase; 0 where nobody can know.
  public var total: Int
  /// What is being counted, as people would say it: `images`, `Lanczos steps`.
  public var phase: String
  /// Seconds since the job began to run: filled in by the queue.
  public var elapsed = 0.0
  /// Seconds still to go, smoothed, filled in by the queue; nil until it can be told.
  public var remaining: Double?

  public init(completed: Int, total: Int, phase: String) {
    self.completed = total > 0 ? min(completed, total) : completed
    self.total = total
    self.phase = phase
  }

  /// The share done, in [0, 1]; 0 where the total is unknown.
  public var fraction: Double { total > 0 ? min(1, max(0, Double(completed) / Double(total))) : 0 }
}
