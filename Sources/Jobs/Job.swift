/// Names one submitted job; later jobs have larger numbers.
public struct JobID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Counted from 1 in the order of submission to a queue.
  public let number: Int

  public init(_ number: Int) { self.number = number }

  public static func < (a: JobID, b: JobID) -> Bool { a.number < b.number }
  public var description: String { "\(number)" }
}

/// How soon the turn of a job comes that no arrangement names.
public enum JobPriority: String, Hashable, Sendable, CaseIterable {
  /// What a person waits for: short.
  case interactive
  /// Everything that takes long.
  case batch
}

/// Where a job stands.
public enum JobState<Output: Sendable>: Sendable {
  case waiting
  case running(Progress)
  case finished(Output)
  /// One sentence that says why.
  case failed(String)
  case cancelled

  /// Whether nothing more will be heard of the job.
  public var isFinal: Bool {
    switch self {
    case .waiting, .running: false
    case .finished, .failed, .cancelled: true
    }
  }
}

extension JobState: Equatable where Output: Equatable {}

/// One piece of news of a job.
public struct JobUpdate<Output: Sendable>: Sendable {
  public let id: JobID
  public let title: String
  /// How urgent it is where no arrangement names it.
  public let priority: JobPriority
  public let state: JobState<Output>
  /// What the job has found so far, where it says so while it runs.
  public let partial: Output?
  /// Seconds that the job has run, pauses aside.
  public let elapsed: Double
  /// Whether it stands still until more urgent jobs are done.
  public let isPaused: Bool
  /// Seconds that a pass of its plan takes, as far as this was measured.
  public let pace: Double?

  public init(
    id: JobID, title: String, priority: JobPriority, state: JobState<Output>, partial: Output? = nil,
    elapsed: Double = 0, isPaused: Bool = false, pace: Double? = nil
  ) {
    self.isPaused = isPaused
    self.pace = pace
    self.id = id
    self.title = title
    self.priority = priority
    self.state = state
    self.partial = partial
    self.elapsed = elapsed
  }
}
