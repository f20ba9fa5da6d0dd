public import Tensors

/// What a running job is handed: the switch that asks it to stop, and the way to say how far it is.
public struct JobContext<Output: Sendable>: Sendable {
  /// Set once the job is cancelled; a check of it on the job's thread waits while other jobs have turns.
  public let interruption: Interruption
  let channel: JobChannel<Output>

  /// Says how far the job is, and what it has found so far.
  ///
  /// At most 20 reports a second go out, whatever a job says; the latest one withheld follows when its time has come.
  /// - Throws: ``Interrupted`` once somebody has cancelled the job.
  public func report(_ progress: Progress, partial: Output? = nil) throws {
    // First told, then paused: what has come is seen meanwhile.
    if !interruption.isInterrupted { channel.report(progress, partial) }
    try interruption.check()
  }
}
