internal import Tensors

/// Takes the eigenpairs out of a Lanczos iteration and evaluates each anew: one product a step.
public struct Verification<Operator: SymmetricOperator>: Sendable {
  /// Eigenpairs that are checked.
  public let count: Int
  private let matrix: Operator
  private let ritz: [RitzValue]
  private let vectors: [[Float]]
  private let steps: Int
  private var residuals: [Double] = []
  private var quotients: [Double] = []

  /// Of the `count` largest eigenpairs; at most as many as the iteration has columns.
  public init(of iteration: LanczosIteration<Operator>, count: Int) {
    matrix = iteration.matrix
    ritz = iteration.factorization.ritz(count)
    vectors = iteration.ritzVectors(count)
    self.count = ritz.count
    steps = iteration.factorization.count
  }

  /// Checks the next eigenpair and says how many are done; nil once all are.
  public mutating func advance() throws -> Int? {
    let i = residuals.count
    guard i < count else { return nil }
    let v = vectors[i]
    var remainder = try matrix.product(v)
    quotients.append(dot(v, remainder))
    add(-Float(ritz[i].value), v, to: &remainder)
    residuals.append(norm(remainder))
    return i + 1
  }

  /// The eigenpairs checked so far, the largest quotient vᵀ·A(v) first.
  ///
  /// That is the order of the Ritz values where A is linear. Where it is not they overstate, some by a little and some
  /// threefold, so that their order says little of how A bends along each vector.
  public var spectrum: Spectrum {
    let order = quotients.indices.sorted { (quotients[$0], $1) > (quotients[$1], $0) }
    return Spectrum(
      eigenvalues: order.map { ritz[$0].value }, residualEstimates: order.map { ritz[$0].residual },
      residuals: order.map { residuals[$0] }, rayleighQuotients: order.map { quotients[$0] },
      subspace: Subspace(orthonormal: order.flatMap { vectors[$0] }, dimension: matrix.dimension),
      products: steps + order.count)
  }
}

extension Spectrum {
  /// The `count` largest eigenvalues after `columns` Lanczos steps: `columns` + `count` products.
  public static func largest<Operator: SymmetricOperator>(
    _ count: Int, of matrix: Operator, columns: Int, seed: UInt64 = 1
  ) throws -> Spectrum {
    var iteration = LanczosIteration(matrix, seed: seed)
    while iteration.factorization.count < columns, try iteration.advance() != nil {}
    var verification = Verification(of: iteration, count: count)
    while try verification.advance() != nil {}
    return verification.spectrum
  }
}
