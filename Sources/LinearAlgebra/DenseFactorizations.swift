internal import COpenBLAS
internal import Tensors

/// Eigenvalues and eigenvectors of a small symmetric matrix, in double precision.
///
/// Cost: O(n³); LAPACK's dsyev.
public struct SymmetricEigensystem: Sendable {
  /// In descending order.
  public let values: [Double]
  /// One unit eigenvector a row, n×n, in the order of ``values``.
  public let vectors: [Double]

  /// Decomposes `matrix`, n×n; the lower triangle of the row-major array is not read.
  public init(_ matrix: [Double], order n: Int) {
    precondition(matrix.count == n * n, "\(matrix.count) elements for a matrix of order \(n)")
    guard n > 0 else {
      (values, vectors) = ([], [])
      return
    }
    var a = matrix
    var ascending = [Double](repeating: 0, count: n)
    Self.solve(&a, &ascending, Int32(n))
    values = ascending.reversed()
    vectors = (0..<n).reversed().flatMap { a[$0 * n..<($0 + 1) * n] }
  }

  private static func solve(_ a: inout [Double], _ values: inout [Double], _ order: Int32) {
    var n = order
    var info: Int32 = 0
    var size: Double = 0
    var query: Int32 = -1
    prepareKernels()
    dsyev_("V", "L", &n, &a, &n, &values, &size, &query, &info)
    var length = Int32(size)
    var work = [Double](repeating: 0, count: Int(length))
    dsyev_("V", "L", &n, &a, &n, &values, &work, &length, &info)
    precondition(info >= 0, "dsyev refuses argument \(-info)")
  }
}

/// The thin singular value decomposition of a matrix, in double precision: A = Σᵢ σᵢ uᵢ vᵢᵀ.
///
/// Cost: O(rows · columns · min(rows, columns)); LAPACK's dgesdd.
public struct SingularValues: Sendable {
  /// σ, in descending order.
  public let values: [Double]
  /// vᵢ: one unit vector of length `columns` a row.
  public let rowSpace: [Double]
  /// uᵢ: one unit vector of length `rows` a row.
  public let columnSpace: [Double]

  /// Decomposes `matrix`, rows×columns, row-major.
  public init(_ matrix: [Double], rows: Int, columns: Int) {
    precondition(matrix.count == rows * columns, "\(matrix.count) elements for \(rows)×\(columns)")
    let rank = min(rows, columns)
    guard rank > 0 else {
      (values, rowSpace, columnSpace) = ([], [], [])
      return
    }
    // Fortran sees the transpose: its left singular vectors are the row space, one behind the other.
    var a = matrix
    var sigma = [Double](repeating: 0, count: rank)
    var left = [Double](repeating: 0, count: columns * rank)
    var right = [Double](repeating: 0, count: rank * rows)
    Self.solve(&a, values: &sigma, left: &left, right: &right, rows: Int32(columns), columns: Int32(rows))
    values = sigma
    rowSpace = left
    columnSpace = (0..<rank).flatMap { i in (0..<rows).map { right[$0 * rank + i] } }
  }

  private static func solve(
    _ a: inout [Double], values sigma: inout [Double], left: inout [Double], right: inout [Double],
    rows: Int32, columns: Int32
  ) {
    var m = rows
    var n = columns
    var rank = min(m, n)
    var info: Int32 = 0
    var size: Double = 0
    var query: Int32 = -1
    var integers = [Int32](repeating: 0, count: 8 * Int(rank))
    prepareKernels()
    dgesdd_("S", &m, &n, &a, &m, &sigma, &left, &m, &right, &rank, &size, &query, &integers, &info)
    var length = Int32(size)
    var work = [Double](repeating: 0, count: Int(length))
    dgesdd_("S", &m, &n, &a, &m, &sigma, &left, &m, &right, &rank, &work, &length, &integers, &info)
    precondition(info >= 0, "dgesdd refuses argument \(-info)")
  }
}

/// Orthonormal rows that span what the rows of a matrix span, by Gram and Schmidt twice, in double precision.
///
/// A row that depends on those before it, to one part in 10⁶, adds nothing.
func orthonormalRows(_ matrix: [Float], rows: Int, columns: Int) -> [Float] {
  precondition(matrix.count == rows * columns, "\(matrix.count) elements for \(rows)×\(columns)")
  prepareKernels()
  var basis: [Double] = []
  var rank: Int32 = 0
  let length = Int32(columns)
  for row in 0..<rows {
    var v = matrix[row * columns..<(row + 1) * columns].map(Double.init)
    let before = cblas_dnrm2(length, v, 1)
    var coefficients = [Double](repeating: 0, count: Int(rank))
    for _ in 0..<2 where rank > 0 {
      cblas_dgemv(CblasRowMajor, CblasNoTrans, rank, length, 1, basis, length, v, 1, 0, &coefficients, 1)
      cblas_dgemv(CblasRowMajor, CblasTrans, rank, length, -1, basis, length, coefficients, 1, 1, &v, 1)
    }
    let after = cblas_dnrm2(length, v, 1)
    guard after > 1e-6 * before else { continue }
    basis += v.map { $0 / after }
    rank += 1
  }
  return basis.map(Float.init)
}
