internal import COpenBLAS
internal import Tensors

/// The Lanczos iteration on a symmetric operator, one column a step, every column orthogonalised against all
/// others twice.
///
/// After k steps A·Q ≈ Q·T with orthonormal Q (k columns) and tridiagonal T, whose extreme eigenvalues approach
/// those of A. Where an invariant subspace is complete, the iteration goes on from a random direction outside it,
/// which finds the further copies of repeated eigenvalues. Cost of step k: one product and 8·k·d operations;
/// memory: k·d floats. Source: Golub and Van Loan, Matrix Computations, section 10.3.
public struct LanczosIteration<Operator: SymmetricOperator>: Sendable {
  /// A, symmetric, on ℝᵈ.
  public let matrix: Operator
  /// T so far.
  public private(set) var factorization = Factorization()
  /// Columns of Q, k + 1 of them, one behind the other.
  private var basis: [Float]
  private var generator: SeededGenerator

  /// Starts at any vector but zero; where nil, at a random one of this seed.
  public init(_ matrix: Operator, startingAt start: [Float]? = nil, seed: UInt64 = 1) {
    self.matrix = matrix
    var generator = SeededGenerator(seed: seed)
    let start = start ?? generator.unitVector(matrix.dimension)
    self.generator = generator
    precondition(start.count == matrix.dimension, "\(start.count) elements for \(matrix.dimension)")
    basis = scaled(start, by: Float(1 / norm(start)))
  }

  /// One more column at the price of one product; nil once the whole space is spanned.
  @discardableResult
  public mutating func advance() throws -> Factorization? {
    let d = matrix.dimension
    let k = factorization.count
    guard basis.count > k * d else { return nil }
    let q = Array(basis[k * d..<(k + 1) * d])
    var w = try matrix.product(q)
    let alpha = dot(w, q)
    orthogonalise(&w)
    var beta = norm(w)
    let scale = max(factorization.scale, abs(alpha))
    // Below this, what is left of w is rounding.
    if !(beta > 1e-6 * scale) {
      beta = 0
      w = k + 1 < d ? fresh() : []
    } else {
      w = scaled(w, by: Float(1 / beta))
    }
    factorization.append(diagonal: alpha, residual: beta)
    if k + 1 < d { basis += w }
    return factorization
  }

  /// The eigenvectors of A as far as they are known: unit vectors that belong to the `count` largest Ritz values.
  public func ritzVectors(_ count: Int) -> [[Float]] {
    prepareKernels()
    let d = matrix.dimension
    let k = Int32(factorization.count)
    let system = factorization.eigensystem
    return (0..<min(count, factorization.count)).map { i in
      let s = system.vectors[i * Int(k)..<(i + 1) * Int(k)].map(Float.init)
      var v = [Float](repeating: 0, count: d)
      cblas_sgemv(CblasRowMajor, CblasTrans, k, Int32(d), 1, basis, Int32(d), s, 1, 0, &v, 1)
      return scaled(v, by: Float(1 / norm(v)))
    }
  }

  /// w ← w − Q·(Qᵀ·w), twice.
  private func orthogonalise(_ w: inout [Float]) {
    prepareKernels()
    let d = Int32(matrix.dimension)
    let k = Int32(basis.count) / d
    var c = [Float](repeating: 0, count: Int(k))
    for _ in 0..<2 {
      cblas_sgemv(CblasRowMajor, CblasNoTrans, k, d, 1, basis, d, w, 1, 0, &c, 1)
      cblas_sgemv(CblasRowMajor, CblasTrans, k, d, -1, basis, d, c, 1, 1, &w, 1)
    }
  }

  /// A random unit vector orthogonal to all columns.
  private mutating func fresh() -> [Float] {
    var w = generator.unitVector(matrix.dimension)
    orthogonalise(&w)
    w = scaled(w, by: Float(1 / norm(w)))
    orthogonalise(&w)
    return scaled(w, by: Float(1 / norm(w)))
  }
}
