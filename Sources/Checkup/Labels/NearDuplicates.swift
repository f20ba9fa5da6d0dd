public import Experiments
public import Jobs

/// Images of a set that are nearly the same (``Duplicates``).
///
/// Cost: no pass through a network.
public struct NearDuplicates: Experiment {
  public static let name = "duplicates"
  public static let version = 1

  public init() {}

  /// The pairs that were found.
  public typealias Outcome = Duplicates

  public func run(on subject: Subject, _ context: ExperimentContext<Duplicates>) throws -> Duplicates {
    try context.report(Progress(completed: 0, total: 1, phase: "images"))
    return Duplicates(subject.images.images)
  }
}
