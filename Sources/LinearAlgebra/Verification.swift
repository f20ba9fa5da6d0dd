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

  /// The eigenpairs checked so far.
  public var spectrum: Spectrum {
    let known = residuals.count
    return Spectrum(
      eigenvalues: ritz.prefix(known).map(\.value), residualEstimates: ritz.prefix(known).map(\.residual),
      residuals: residuals, rayleighQuotients: quotients,
      subspace: Subspace(
        orthonormal: vectors.prefix(known).flatMap { $0 }, dimension: matrix.dimension),
      products: steps + known)
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
