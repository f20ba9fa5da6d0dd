internal import Geometry
internal import Jobs
internal import LinearAlgebra
internal import Tensors

/// The distance to the boundary within subspaces: DeepFool held to the first m directions of a basis.
///
/// Judged on the validation images where there are any. Within S_c the boundary is near for most images; within a
/// random subspace of the same dimension it is far or not there.
public struct WithinSubspace: Experiment {
  public static let name = "within"
  public static let version = 2

  public var subspaces: NestedSubspaces

  public var others: [OtherModel] { subspaces.basis.others }

  public init(basis: Directions, dimensions: [Int]) {
    subspaces = NestedSubspaces(basis, dimensions: dimensions)
  }

  public struct Outcome: StoredOutcome {
    /// The subspace.
    public var name: String
    public var count: Int
    public var curve: [Point]
  }

  public struct Point: Codable, Sendable, Equatable {
    public var dimension: Int
    /// Share of the images whose boundary was met.
    public var reached: Double
    /// ‖r‖ within the subspace in pixel units, over those that were reached; nil where none was.
    @OrNull public var mean: Double?
    @OrNull public var median: Double?
  }

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    let (name, subspace) = try context.subspace(of: subspaces, on: subject)
    let dimensions = subspaces.dimensions
    let images = (subject.validation ?? subject.images).images
    var outcome = Outcome(name: name, count: images.count, curve: [])
    for (i, m) in dimensions.enumerated() {
      var search = SubspaceMargin(network, at: images, within: subspace.prefix(m))
      while let done = try search.advance() {
        try context.report(
          Progress(
            completed: i * images.count + done, total: dimensions.count * images.count, phase: "images"),
          partial: outcome)
      }
      let norms = Statistics(search.norms.compactMap { $0 })
      let isEmpty = norms.sorted.isEmpty
      outcome.curve.append(
        Point(
          dimension: m, reached: Double(norms.sorted.count) / Double(images.count),
          mean: isEmpty ? nil : norms.mean, median: isEmpty ? nil : norms.median))
    }
    return outcome
  }
}
