internal import Glibc

/// Estimates the seconds still to go from the reports of one job.
///
/// The rate is an exponential mean over the job's time with a window of five seconds, so that the estimate neither
/// jumps with single slow units nor clings to the rate of the first ones. A new phase starts anew.
public struct RemainingTime: Sendable {
  /// Seconds over which the rate is averaged: long beside one frame, short beside a change of load.
  static let window = 5.0

  private var phase = ""
  private var completed = 0
  private var time = 0.0
  private var rate: Double?

  public init() {}

  /// The seconds still to go when `progress` was reached `elapsed` seconds after the beginning.
  public mutating func estimate(_ progress: Progress, elapsed: Double) -> Double? {
    if progress.phase != phase || progress.completed < completed {
      self = RemainingTime()
      (phase, completed, time) = (progress.phase, progress.completed, elapsed)
      return nil
    }
    let passed = elapsed - time
    if progress.completed > completed, passed > 0 {
      let current = Double(progress.completed - completed) / passed
      let weight = 1 - exp(-passed / Self.window)
      rate = rate.map { $0 + weight * (current - $0) } ?? current
      (completed, time) = (progress.completed, elapsed)
    }
    guard let rate, rate > 0, progress.total > 0 else { return nil }
    return max(0, Double(progress.total - progress.completed) / rate - max(0, elapsed - time))
  }
}
