internal import Glibc

/// Estimates the seconds still to go from the reports of one job and from its plan.
///
/// The present stretch goes by its own rate, the mean of its last five seconds with weights that fade exponentially, as
/// soon as it has run for a while, so that the estimate neither jumps with single slow units nor clings to the rate of
/// the first ones. Before
/// that, and for the stretches to come, it goes by the plan's passes and the seconds that a pass has taken so far.
public struct RemainingTime: Sendable {
  /// Seconds over which the rate is averaged: long beside one frame, short beside a change of load.
  static let window = 5.0
  /// Seconds of a stretch after which its own rate is worth more than its plan.
  static let trial = 1.0

  private let plan: [JobPlan.Stretch]
  private var place: Int?
  private var phase = ""
  private var begun = 0.0
  private var completed = 0
  private var time = 0.0
  /// Units of the stretch and the seconds that they took, the older the lighter.
  private var recent = (units: 0.0, seconds: 0.0)
  /// Passes of the plan in the stretches that are over, and the seconds that those took.
  private var passed = (passes: 0.0, seconds: 0.0)

  public init(_ plan: JobPlan = JobPlan()) { self.plan = plan.stretches }

  /// Seconds of a pass, measured; nil before there is enough to go by.
  public private(set) var pace: Double?

  /// The seconds still to go when `progress` was reached `elapsed` seconds after the beginning.
  ///
  /// `pace` is what a pass takes as others have measured it.
  public mutating func estimate(_ progress: Progress, elapsed: Double, pace known: Double? = nil) -> Double? {
    if progress.phase != phase || progress.completed < completed {
      begin(progress, elapsed)
    } else {
      measure(progress, elapsed)
    }
    let planned = place.map { plan[$0].passes }
    follow(progress, elapsed, planned)
    let pace = self.pace ?? known
    let later = place.map { plan[($0 + 1)...].reduce(0) { $0 + $1.passes } } ?? 0
    guard let own = left(progress, elapsed, planned, pace) else { return nil }
    guard later > 0 else { return own }
    return pace.map { own + later * $0 }
  }

  private mutating func begin(_ progress: Progress, _ elapsed: Double) {
    if let place, !phase.isEmpty {
      passed = (passed.passes + plan[place].passes, passed.seconds + elapsed - begun)
    }
    let next = place.map { $0 + 1 } ?? 0
    if let found = plan[min(next, plan.count)...].firstIndex(where: { $0.phase == progress.phase }) {
      place = found
    } else if let place, plan[place].phase != progress.phase {
      self.place = nil
    }
    (phase, completed, time, begun) = (progress.phase, progress.completed, elapsed, elapsed)
    recent = (0, 0)
    // The first report of a job's first stretch comes once something is done.
    if passed.seconds == 0, place != nil {
      begun = 0
      if progress.completed > 0 { recent = (Double(progress.completed), elapsed) }
    }
  }

  private mutating func measure(_ progress: Progress, _ elapsed: Double) {
    let passed = elapsed - time
    guard progress.completed > completed, passed > 0 else { return }
    let fading = exp(-passed / Self.window)
    recent.units = fading * recent.units + Double(progress.completed - completed)
    recent.seconds = fading * recent.seconds + passed
    (completed, time) = (progress.completed, elapsed)
  }

  private mutating func follow(_ progress: Progress, _ elapsed: Double, _ planned: Double?) {
    let passes = passed.passes + (planned ?? 0) * progress.fraction
    let seconds = passed.seconds + (planned == nil ? 0 : elapsed - begun)
    if passes > 0, seconds > 0.2 { pace = seconds / passes }
  }

  /// Seconds of the present stretch.
  private func left(_ progress: Progress, _ elapsed: Double, _ planned: Double?, _ pace: Double?) -> Double? {
    let byPlan = planned.flatMap { planned in pace.map { max(0, 1 - progress.fraction) * planned * $0 } }
    let rate = recent.seconds > 0 ? recent.units / recent.seconds : 0
    guard rate > 0, progress.total > 0 else { return byPlan }
    let byRate = max(
      0, Double(progress.total - progress.completed) / rate - max(0, elapsed - time))
    guard let byPlan else { return byRate }
    let weight = min(1, (elapsed - begun) / Self.trial)
    return weight * byRate + (1 - weight) * byPlan
  }
}
