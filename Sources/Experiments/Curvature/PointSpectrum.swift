internal import Geometry
internal import Jobs
internal import LinearAlgebra
public import Networks
internal import Tensors

/// All principal curvatures at one boundary point, or their density: how rare the curved directions are.
///
/// `full`: the matrix of P·H·P/‖∇F‖ column by column, made symmetric by (A + Aᵀ)/2, and its eigenvalues; d ≤ 3,072. With
/// a secant the columns are secants along coordinates, which is another operator than the secant along eigenvectors.
/// `density`: stochastic Lanczos quadrature with `probes` probes of `steps` products each, of a product that is linear:
/// along random probes secants cross many kinks, and the density of LeNet comes out ten times as wide as its full
/// spectrum. Region margin at
/// z = x + r(x) of image `index`. Cost: d, or probes·steps, Hessian products.
public struct PointSpectrum: Experiment {
  public static let name = "spectrum"
  public static let version = 2
  public static let nested: [any Experiment.Type] = [Robustness.self]

  /// What is computed: every eigenvalue, or how they are spread.
  public enum Method: String, Codable, Sendable, CaseIterable {
    case full
    case density
  }

  /// The largest d that a full spectrum is offered for.
  public static let largest = 3072

  /// Which of the subject's images.
  public var index: Int
  /// The whole spectrum, for d up to ``largest``, or its density.
  public var method: Method
  public var product: HessianProduct
  /// Random unit vectors that a density starts from.
  public var probes = 4
  /// Lanczos steps from each probe; d at most.
  public var steps = 60
  /// Of the probes.
  public var seed: UInt64 = 1

  /// A product whose density is that of the full spectrum: a secant gives way to the softened copy, which is linear.
  public static func linear(_ product: HessianProduct) -> HessianProduct {
    product.isSecant ? .softened(beta: 10) : product
  }

  public init(index: Int, method: Method, product: HessianProduct) {
    self.index = index
    self.method = method
    self.product = product
  }

  /// The curvatures so far, with what they were computed by.
  public struct Outcome: StoredOutcome {
    public var index: Int
    /// As it was asked for.
    public var method: Method
    public var product: String
    @OrNull public var step: Double?
    /// β of a softened product.
    @OrNull public var beta: Double?
    /// d.
    public var dimension: Int
    /// Hessian products so far.
    public var products: Int
    /// All d of them in 1/pixel units, descending; empty for a density, and until a full one is complete.
    public var eigenvalues: [Double]
    /// Values with the shares of the spectrum they stand for, descending; empty for a full one.
    public var nodes: [Node]
    /// ‖A − Aᵀ‖/‖A + Aᵀ‖ of a full one: how far from symmetric the secants are; nil for a density.
    @OrNull public var asymmetry: Double?
    /// Share of the eigenvalues whose magnitude is at most a tenth of the largest: all where all are zero.
    @OrNull public var flatShare: Double?
    /// tr A / d: the mean principal curvature.
    @OrNull public var mean: Double?
    /// Of the probes.
    public var seed: UInt64
    /// What to know before believing the numbers; nil where there is nothing.
    @OrNull public var remark: String?
  }

  /// A value of the density, and how much of the spectrum it stands for.
  public struct Node: Codable, Sendable, Equatable {
    public var value: Double
    /// Share of the d eigenvalues; the weights of all nodes sum to 1.
    public var weight: Double
  }
}

extension PointSpectrum {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    let images = subject.images
    guard (0..<images.count).contains(index) else {
      throw SubjectError("\(images.name) has no image \(index); choose one of 0 to \(images.count - 1)")
    }
    let d = images.images.entryCount
    guard method == .density || d <= Self.largest else {
      throw SubjectError(
        "a full spectrum takes at most \(Self.largest) pixel values, not \(d); take the density")
    }
    let one = Subject(classifier: subject.classifier, images: images.gathering([index]))
    let found = try context.boundary(of: one)
    let hessian = try AverageHessian(network, at: found.points, margin: found.regionMargin, product: product)
    let outcome = Outcome(
      index: index, method: method, product: product.name, step: product.step, beta: product.beta,
      dimension: d, products: 0,
      eigenvalues: [], nodes: [], seed: seed, remark: remark(on: network))
    return try method == .full ? full(hessian, outcome, context) : density(hessian, outcome, context)
  }

  private func remark(on network: Network) -> String? {
    let wide =
      method == .density && product.isSecant
      ? "secants are not additive: along random probes they overstate how much is curved; take a softened product"
      : nil
    let remarks = [wide, product.remark(on: network)].compactMap { $0 }
    return remarks.isEmpty ? nil : remarks.joined(separator: "; ")
  }

  private func full(
    _ hessian: AverageHessian, _ beginning: Outcome, _ context: ExperimentContext<Outcome>
  ) throws -> Outcome {
    var outcome = beginning
    let d = hessian.dimension
    var rows = [Float](repeating: 0, count: d * d)
    let kept = context.checkpoint?.place(Rows.self)
    if let kept { rows.replaceSubrange(0..<kept.rows.elements.count, with: kept.rows.elements) }
    var done = kept?.rows.count ?? 0
    let stride = 32
    while done < d {
      let range = done..<min(d, done + stride)
      let place = { Rows(rows: Tensor(shape: [done, d], elements: Array(rows[..<(done * d)]))) }
      let found = try context.step(from: place) { try hessian.columns(range) }
      rows.replaceSubrange(done * d..<range.upperBound * d, with: found)
      done = range.upperBound
      outcome.products = done
      try context.report(Progress(completed: done, total: d, phase: "columns"), partial: outcome)
    }
    outcome.asymmetry = symmetrise(&rows, d)
    try context.interruption?.check()
    outcome.take(symmetricEigenvalues(rows, order: d).map(Double.init))
    return outcome
  }

  private func density(
    _ hessian: AverageHessian, _ beginning: Outcome, _ context: ExperimentContext<Outcome>
  ) throws -> Outcome {
    guard probes > 0, steps > 0 else { throw SubjectError("a density needs at least one probe and one step") }
    var outcome = beginning
    var density = SpectralDensity()
    let length = min(steps, hessian.dimension)
    for probe in 0..<probes {
      var generator = SeededGenerator(seed: seed, stream: UInt64(probe))
      var iteration = LanczosIteration(hessian, startingAt: generator.unitVector(hessian.dimension))
      while iteration.factorization.count < length, try iteration.advance() != nil {
        outcome.products += 1
        try context.report(
          Progress(completed: outcome.products, total: probes * length, phase: "operator products"),
          partial: outcome)
      }
      density.add(iteration.factorization)
      outcome.take(density)
    }
    return outcome
  }

  /// The rows of the matrix that are known.
  private struct Rows: StoredOutcome {
    var rows = Tensor(zeros: [0])

    var arrays: [String: Tensor] {
      get { ["rows": rows] }
      set { rows = newValue["rows"] ?? rows }
    }

    private enum CodingKeys: CodingKey {}
  }
}

/// A ← (A + Aᵀ)/2, and ‖A − Aᵀ‖/‖A + Aᵀ‖ before.
private func symmetrise(_ a: inout [Float], _ n: Int) -> Double {
  var (difference, sum) = (0.0, 0.0)
  a.withUnsafeMutableBufferPointer { a in
    for i in 0..<n {
      for j in 0...i {
        let (x, y) = (a[i * n + j], a[j * n + i])
        let weight = i == j ? 1.0 : 2.0
        difference += weight * Double(x - y) * Double(x - y)
        sum += weight * Double(x + y) * Double(x + y)
        (a[i * n + j], a[j * n + i]) = ((x + y) / 2, (x + y) / 2)
      }
    }
  }
  return sum > 0 ? (difference / sum).squareRoot() : 0
}

extension PointSpectrum.Outcome {
  fileprivate mutating func take(_ values: [Double]) {
    eigenvalues = values
    let largest = values.map { abs($0) }.max() ?? 0
    flatShare = Double(values.filter { abs($0) <= largest / 10 }.count) / Double(max(1, values.count))
    mean = values.reduce(0, +) / Double(max(1, values.count))
  }

  fileprivate mutating func take(_ density: SpectralDensity) {
    nodes = density.nodes.map { PointSpectrum.Node(value: $0.value, weight: $0.weight) }
    let largest = nodes.map { abs($0.value) }.max() ?? 0
    flatShare = density.mean { abs($0) <= largest / 10 ? 1 : 0 }
    mean = density.mean()
  }
}
