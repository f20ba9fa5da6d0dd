internal import Geometry
public import Jobs
internal import LinearAlgebra
internal import Networks
internal import Tensors

/// What S_c of several networks share: overlaps beside those of a network with itself and of random subspaces.
///
/// Every network's S_c is found on the first n images, and once more on the next n: what two samples of one network share
/// is the ceiling of what two networks can. Overlap is the mean cos² of the principal angles, m/d in the mean of random
/// subspaces. Networks of convolutions bend along much the same pattern at any place: hence the agreement over cyclic
/// shifts, see ``ShiftedSubspaces``, and the overlap of power spectra, see ``PowerSpectrum``. Quotients say how far the
/// boundary of one network bends along the first direction of another. Cost: two runs for S_c a network, n Hessian
/// products for each pair, and m²·d multiply-adds for each pair and shift.
public struct SharedDirections: Experiment {
  public static let name = "shared"
  public static let version = 1
  public static let nested: [any Experiment.Type] = [SharedCurvature.self]

  /// The models besides the subject's.
  public var models: [OtherModel]
  /// How every model's S_c is found: its points are n, its eigenvectors m.
  public var curvature: SharedCurvature
  /// Whether agreement over shifts is asked for.
  public var isShifted = true

  public var others: [OtherModel] { models }

  public init(models: [OtherModel], curvature: SharedCurvature) {
    self.models = models
    self.curvature = curvature
  }

  /// How far each pair of models agrees, beside chance.
  public struct Outcome: StoredOutcome {
    /// Their names, the subject's first: in the order of i and j.
    public var models: [String]
    /// n of each sample, and m.
    public var points: Int
    public var dimension: Int
    /// overlap[i][j]: mean cos² of the principal angles of S_c of models i and j.
    ///
    /// On the diagonal of the two samples of one
    /// model, nil where there are no images for a second one. The other matrices have the same diagonal.
    public var overlap: [[Double?]]
    /// Cosine of the smallest principal angle.
    public var largest: [[Double?]]
    /// Both at their largest over cyclic shifts; empty where that was not asked for.
    public var shiftedOverlap: [[Double?]]
    /// The largest cosine over cyclic shifts; empty where that was not asked for.
    public var shiftedLargest: [[Double?]]
    /// Σ min of the shares of energy in rings of spatial frequency.
    public var spectrum: [[Double?]]
    /// Shares of energy of each model's S_c in rings, from 0 cycles an image on.
    public var rings: [[Double]]
    /// quotients[i][j]: vᵀA_j(v) of the first direction of model i at the boundary points of model j, in 1/pixel units; the
    /// diagonal is of a model's own.
    public var quotients: [[Double]]
    /// The overlaps of random subspaces: mean cos², the largest cosine of a pair, and both over shifts.
    public var chance: Chance
    /// Of the runs for S_c, and of the random subspaces.
    public var seed: UInt64
  }

  /// What random subspaces of m dimensions share.
  public struct Chance: Codable, Sendable, Equatable {
    /// Mean cos² of the principal angles, over five pairs.
    public var overlap: Double
    /// Cosine of the smallest principal angle, the mean over five pairs.
    public var largest: Double
    /// The largest mean cos² over cyclic shifts, of one pair; nil where that was not asked for.
    @OrNull public var shiftedOverlap: Double?
    /// The largest cosine over cyclic shifts, of one pair; nil where that was not asked for.
    @OrNull public var shiftedLargest: Double?
  }
}

extension SharedDirections {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let subjects = try [subject.learnt] + models.map { try subject.other($0) }
    for one in subjects { _ = try one.boundaryNetwork(interruptibleBy: context.interruption) }
    let bases = try subjects.map { try basis($0.first(curvature.points), context) }
    let seconds = try subjects.map { one in
      try one.second(curvature.points).map { try basis($0, context) }
    }
    let shape = subject.images.images.shape.entry
    let m = bases.map(\.count).min() ?? 0
    let spans = bases.map { $0.prefix(m) }
    let agreements = try spans.indices.map { i in
      try spans.indices.map { j in
        try context.report(
          Progress(completed: i * spans.count + j, total: spans.count * spans.count, phase: "pairs"))
        return try agreement(spans[i], i == j ? seconds[i]?.prefix(m) : spans[j], shape, context)
      }
    }
    let rings = spans.map { PowerSpectrum.rings(of: $0.images(shape)) }
    let others = seconds.map { $0.map { PowerSpectrum.rings(of: $0.prefix(m).images(shape)) } }
    return Outcome(
      models: subjects.map(\.classifier.name), points: min(curvature.points, subject.images.count),
      dimension: m, overlap: agreements.map { $0.map { $0?.overlap } },
      largest: agreements.map { $0.map { $0?.largest } },
      shiftedOverlap: isShifted ? agreements.map { $0.map { $0?.shifted?.overlap } } : [],
      shiftedLargest: isShifted ? agreements.map { $0.map { $0?.shifted?.largest } } : [],
      spectrum: rings.indices.map { i in
        rings.indices.map { j in
          (i == j ? others[i] : rings[j]).map { PowerSpectrum.overlap(rings[i], $0) }
        }
      }, rings: rings, quotients: try quotients(spans, subjects, context),
      chance: try chance(m, shape, context), seed: curvature.seed)
  }

  private struct Agreement {
    let overlap: Double
    let largest: Double
    let shifted: ShiftedSubspaces?
  }

  private func agreement(
    _ first: Subspace, _ second: Subspace?, _ shape: Shape, _ context: ExperimentContext<Outcome>
  ) throws -> Agreement? {
    guard let second else { return nil }
    try context.interruption?.check()
    let cosines = first.cosines(to: second)
    return Agreement(
      overlap: ShiftedSubspaces.overlap(cosines), largest: cosines.first ?? 0,
      shifted: isShifted ? ShiftedSubspaces(first, second, shape: shape) : nil)
  }

  private func basis(_ subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Subspace {
    let found = try context.outcome(of: curvature, on: subject)
    return try Basis(name: "S_c of \(subject.classifier.name)", vectors: found.basis).subspace()
  }

  /// vᵀA_j(v) of the first direction of each model on each.
  private func quotients(
    _ spans: [Subspace], _ subjects: [Subject], _ context: ExperimentContext<Outcome>
  ) throws -> [[Double]] {
    let operators = try subjects.map { one in
      let network = try one.boundaryNetwork(interruptibleBy: context.interruption)
      return try curvature.hessian(network, try curvature.sources(one), context)
    }
    return try spans.enumerated().map { i, span in
      try operators.enumerated().map { j, operatorOf in
        try context.report(
          Progress(completed: i * spans.count + j, total: spans.count * spans.count, phase: "quotients"))
        let v = span[0]
        return dot(v, try operatorOf.product(v))
      }
    }
  }

  /// What random subspaces of these dimensions share: means over five pairs, over shifts of one.
  private func chance(_ m: Int, _ shape: Shape, _ context: ExperimentContext<Outcome>) throws -> Chance {
    var generator = SeededGenerator(seed: curvature.seed, stream: 1 << 40)
    func random() -> Subspace { Subspace.random(count: m, dimension: shape.count, using: &generator) }
    let pairs = (0..<5).map { _ in (random(), random()) }
    let agreements = try pairs.enumerated().map { i, pair in
      var one = self
      one.isShifted = isShifted && i == 0
      return try one.agreement(pair.0, pair.1, shape, context)
    }.compactMap { $0 }
    return Chance(
      overlap: Statistics(agreements.map(\.overlap)).mean,
      largest: Statistics(agreements.map(\.largest)).mean,
      shiftedOverlap: agreements.first?.shifted?.overlap, shiftedLargest: agreements.first?.shifted?.largest)
  }
}

extension Subject {
  /// The images after the first `count`, as many again; nil where there are fewer.
  fileprivate func second(_ count: Int) -> Subject? {
    guard images.count >= 2 * count else { return nil }
    return Subject(
      classifier: classifier,
      images: images.gathering(Array(count..<2 * count), name: "\(images.name), second"))
  }
}

extension Subspace {
  /// The basis as images.
  fileprivate func images(_ shape: Shape) -> Tensor {
    Tensor(shape: Shape([count] + shape.extents), elements: basis)
  }
}

extension SharedDirections {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let each = extent.stretches(of: .curvature(curvature))
    let pairs = Double((models.count + 1) * (models.count + 1))
    let repeated = (0..<2 * (models.count + 1)).flatMap { _ in each }
    return repeated + [
      .init("quotients", passes: pairs * Double(curvature.points) * Cost.product(curvature.product))
    ]
  }
}
