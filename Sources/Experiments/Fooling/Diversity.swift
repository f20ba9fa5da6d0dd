internal import Geometry
internal import Jobs
internal import LinearAlgebra
public import Tensors

/// How different the universal perturbations are that one network has: normalised inner products (figure 9).
public struct Diversity: Experiment {
  public static let name = "diversity"
  public static let version = 2
  public static let nested: [any Experiment.Type] = [UniversalFooling.self]

  /// Where the perturbations come from.
  public enum Source: Hashable, Sendable, Encodable {
    /// The same method with other seeds, and so other orders of the images.
    case seeds(UniversalFooling)
    /// Random vectors of the first `dimension` directions.
    case draws(Directions, dimension: Int, radius: Double)
  }

  /// Other seeds of one method, or draws from one subspace.
  public var source: Source
  /// How many perturbations.
  public var count: Int
  /// Perturbation i, from 0, is of seed + i (seeds), or of stream i of this seed (draws).
  public var seed: UInt64 = 1

  public var others: [OtherModel] {
    if case .draws(let directions, _, _) = source { directions.others } else { [] }
  }

  public init(_ source: Source, count: Int = 5) {
    self.source = source
    self.count = count
  }

  /// The perturbations so far, how alike they are, and how many images each fools.
  public struct Outcome: StoredOutcome {
    /// `uap` or the like, or the basis with its dimension.
    public var source: String
    /// ⟨vᵢ, vⱼ⟩ / ‖vᵢ‖‖vⱼ‖; grows as the perturbations are found.
    public var products: [[Double]]
    /// The share of the validation images, else of the images, that each fools.
    public var rates: [Double]
    /// What each rate could be at most.
    public var ceilings: [Double]
    /// Largest and mean |product| of two different ones; nil with fewer than two.
    @OrNull public var largest: Double?
    /// Mean |product| of two different ones; nil with fewer than two.
    @OrNull public var meanMagnitude: Double?
    /// Of the first perturbation (seeds), or of all (draws).
    public var seed: UInt64
    /// n×C×H×W.
    public var perturbations = Tensor(zeros: [0])

    public var arrays: [String: Tensor] {
      get { ["perturbations": perturbations] }
      set { perturbations = newValue["perturbations"] ?? perturbations }
    }

    private enum CodingKeys: CodingKey {
      case source
      case products
      case rates
      case ceilings
      case largest
      case meanMagnitude
      case seed
    }
  }
}

extension Diversity {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    guard count > 0 else { throw SubjectError("a matrix of inner products needs at least one perturbation") }
    let judged = subject.validation ?? subject.images
    let test = try FoolingTest(network, images: judged.images)
    var outcome = Outcome(source: "", products: [], rates: [], ceilings: [], seed: seed)
    let find = try search(subject, context, &outcome)
    var vectors: [[Float]] = []
    for i in 0..<count {
      let v = try find(i)
      vectors.append(v)
      let trial = try test.trial(of: v)
      outcome.rates.append(trial.share.rate)
      outcome.ceilings.append(trial.ceiling)
      outcome.take(vectors, like: judged.images)
      try context.report(Progress(completed: i + 1, total: count, phase: "perturbations"), partial: outcome)
    }
    return outcome
  }

  /// What finds perturbation i; names the source.
  private func search(
    _ subject: Subject, _ context: ExperimentContext<Outcome>, _ outcome: inout Outcome
  ) throws -> (Int) throws -> [Float] {
    switch source {
    case .seeds(let universal):
      outcome.source = universal.method.rawValue
      return { i in
        var one = universal
        one.seed = seed &+ UInt64(i)
        return try context.outcome(of: one, on: subject.taught).perturbation.elements
      }
    case .draws(let directions, let m, let radius):
      let basis = try context.basis(directions, on: subject, count: m)
      let subspace = try subject.subspace(basis, [m]).prefix(m)
      outcome.source = "\(basis.name), m = \(m)"
      return { i in
        var generator = SeededGenerator(seed: seed, stream: UInt64(i))
        return scaled(subspace.draw(using: &generator), by: Float(radius))
      }
    }
  }
}

extension Diversity.Outcome {
  fileprivate mutating func take(_ vectors: [[Float]], like images: Tensor) {
    perturbations = Tensor(shape: images.shape.batch(of: vectors.count), elements: vectors.flatMap { $0 })
    let lengths = vectors.map { max(.leastNormalMagnitude, norm($0)) }
    products = vectors.indices.map { i in
      vectors.indices.map { j in i == j ? 1 : dot(vectors[i], vectors[j]) / (lengths[i] * lengths[j]) }
    }
    let others = products.indices.flatMap { i in products[i].prefix(i).map { abs($0) } }
    largest = others.max()
    meanMagnitude = others.isEmpty ? nil : others.reduce(0, +) / Double(others.count)
  }
}
