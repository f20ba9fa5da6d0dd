/// What a job is going to do: stretches of work in their order, each in forward passes of one image.
///
/// It says how long a job will take before the job has said anything, and how long what comes after the present stretch
/// will. A stretch that turns out to be done already is passed over.
public struct JobPlan: Sendable, Hashable {
  /// Work that is counted by one phase of the job's progress.
  public struct Stretch: Sendable, Hashable {
    /// As ``Progress/phase`` names it.
    public var phase: String
    /// Forward passes of one image, or what takes as long.
    public var passes: Double

    public init(_ phase: String, passes: Double) {
      self.phase = phase
      self.passes = passes
    }
  }

  public var stretches: [Stretch]
  /// Whose passes they are, such as a model's digest: jobs of one subject learn from each other how long a pass takes.
  public var subject: String
  /// Seconds of a pass as long as nobody has measured any.
  public var pace: Double

  public init(_ stretches: [Stretch] = [], subject: String = "", pace: Double = 0) {
    self.stretches = stretches
    self.subject = subject
    self.pace = pace
  }

  /// Forward passes of one image in all stretches together.
  public var passes: Double { stretches.reduce(0) { $0 + $1.passes } }
}
