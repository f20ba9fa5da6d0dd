public import Geometry
internal import Jobs
internal import LinearAlgebra
public import Tensors

/// S_f: the span of the boundary's normals near the images, by singular value.
public struct NormalSpectrum: Experiment {
  public static let name = "normals"
  public static let version = 1
  public static let nested: [any Experiment.Type] = [Robustness.self]

  /// m: directions kept.
  public var vectors = 20
  /// Of the search for r(x).
  public var settings = DeepFool.Settings()

  public init(vectors: Int = 20) { self.vectors = vectors }

  /// S_f, with its singular values.
  public struct Outcome: StoredOutcome {
    /// Images whose normal was found.
    public var count: Int
    /// Of the matrix of unit vectors r(x)/‖r(x)‖, descending.
    public var singularValues: [Double]
    /// m×C×H×W, orthonormal rows, in the order of the singular values.
    public var basis = Tensor(zeros: [0])

    public var arrays: [String: Tensor] {
      get { ["basis": basis] }
      set { basis = newValue["basis"] ?? basis }
    }

    private enum CodingKeys: CodingKey {
      case count
      case singularValues
    }
  }
}

extension NormalSpectrum {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let subject = subject.first(subject.images.count)
    let robustness = try context.outcome(of: Robustness(settings: settings), on: subject)
    let normals = BoundaryNormals(
      of: robustness.minimalPerturbations(of: subject.images.images), vectors: vectors)
    guard normals.count > 0 else {
      throw SubjectError(
        "no image of \(subject.images.name) reached the boundary: "
          + Obstacle.summary(of: robustness.each.map(\.obstacle)))
    }
    return Outcome(
      count: normals.count, singularValues: normals.singularValues,
      basis: normals.subspace.tensor(like: subject.images.images))
  }
}

extension Subspace {
  /// The basis as m×C×H×W.
  func tensor(like images: Tensor) -> Tensor {
    Tensor(shape: images.shape.batch(of: count), elements: basis)
  }
}
