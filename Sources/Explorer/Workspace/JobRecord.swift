internal import Experiments
internal import Jobs

/// What the explorer knows of one job.
struct JobRecord: Sendable {
  enum Stage: Sendable, Equatable {
    case waiting
    case running(Progress)
    case finished
    case failed(String)
    case cancelled
  }

  let id: JobID
  var request: Request?
  var title: String
  var stage: Stage = .waiting
  var elapsed = 0.0
  /// Seconds by the clock since the job was heard of last.
  var silence = 0.0
  /// Whether it stands still until more urgent jobs are done.
  var isPaused = false
  /// Whether a person started it, and not a screen that needed it.
  var isAsked = false
  /// Whether it is being stopped because no screen needs it any more.
  var isSuperseded = false
  /// What it found before its request was known.
  var unclaimed: Finding?

  var isOver: Bool {
    switch stage {
    case .waiting, .running: false
    case .finished, .failed, .cancelled: true
    }
  }

  var progress: Progress? {
    if case .running(let progress) = stage { progress } else { nil }
  }

  /// Seconds still to go, counted down between reports; nil while nobody can tell.
  var remaining: Double? { progress?.remaining.map { max(0, $0 - (isPaused ? 0 : silence)) } }

  /// Seconds since it began.
  var duration: Double { isOver || isPaused ? elapsed : elapsed + silence }
}
