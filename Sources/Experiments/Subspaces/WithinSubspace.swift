internal import Geometry
internal import Jobs
internal import LinearAlgebra
public import Tensors

/// The distance to the boundary within subspaces: DeepFool held to the first m directions of a basis.
///
/// Judged on the validation images where there are any. Within S_c the boundary is near for most images; within a
/// random subspace of the same dimension it is far or not there.
public struct WithinSubspace: Experiment, JudgedImageByImage {
  public static let name = "within"
  public static let version = 3

  /// The basis, and the m whose first directions the search is held to.
  public var subspaces: NestedSubspaces

  public var others: [OtherModel] { subspaces.basis.others }

  /// The search within the first m directions of a basis, for each m.
  public init(basis: Directions, dimensions: [Int]) {
    subspaces = NestedSubspaces(basis, dimensions: dimensions)
  }

  /// The norms within each subspace so far.
  public struct Outcome: StoredOutcome {
    /// The subspace.
    public var name: String
    public var count: Int
    /// One point for each m, in the order asked for; grows as they are measured.
    public var curve: [Point]
    /// N×M: ‖r‖ of every image within each subspace; negative where no boundary was met.
    var norms = Tensor(zeros: [0])

    public var arrays: [String: Tensor] {
      get { ["norms": norms] }
      set { norms = newValue["norms"] ?? norms }
    }

    private enum CodingKeys: CodingKey { case name, count, curve }
  }

  /// How far the boundary is within the first `dimension` directions.
  public struct Point: Codable, Sendable, Equatable {
    public var dimension: Int
    /// Share of the images whose boundary was met.
    public var reached: Double
    /// ‖r‖ within the subspace in pixel units, over those that were reached; nil where none was.
    @OrNull public var mean: Double?
    /// Median ‖r‖ within the subspace in pixel units; nil where none was reached.
    @OrNull public var median: Double?
  }

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    let (name, subspace) = try context.subspace(of: subspaces, on: subject)
    let dimensions = subspaces.dimensions
    let images = (subject.validation ?? subject.images).images
    var outcome = Outcome(name: name, count: images.count, curve: [])
    var columns: [[Float]] = []
    for (i, m) in dimensions.enumerated() {
      var search = SubspaceMargin(network, at: images, within: subspace.prefix(m))
      while let done = try search.advance() {
        try context.report(
          Progress(
            completed: i * images.count + done, total: dimensions.count * images.count, phase: "images"),
          partial: outcome)
      }
      columns.append(search.norms.map { $0.map(Float.init) ?? -1 })
      outcome.curve.append(Self.point(m, columns[i]))
    }
    outcome.norms = Tensor(
      shape: [images.count, dimensions.count],
      elements: (0..<images.count).flatMap { n in columns.map { $0[n] } })
    return outcome
  }

  public func suits(_ outcome: Outcome, _ subject: Subject) -> Bool {
    outcome.norms.shape == [Self.extent(of: subject), subspaces.dimensions.count]
  }

  public func joined(_ parts: [Outcome], on subject: Subject) -> Outcome {
    let norms = Tensor(concatenating: parts.map(\.norms))
    let dimensions = subspaces.dimensions
    var outcome = Outcome(name: parts[0].name, count: norms.count, curve: [], norms: norms)
    for (i, m) in dimensions.enumerated() {
      outcome.curve.append(
        Self.point(m, (0..<norms.count).map { norms.elements[$0 * dimensions.count + i] }))
    }
    return outcome
  }

  private static func point(_ m: Int, _ norms: [Float]) -> Point {
    let met = Statistics(norms.filter { $0 >= 0 }.map(Double.init))
    let isEmpty = met.sorted.isEmpty
    return Point(
      dimension: m, reached: Double(met.sorted.count) / Double(max(1, norms.count)),
      mean: isEmpty ? nil : met.mean, median: isEmpty ? nil : met.median)
  }
}
