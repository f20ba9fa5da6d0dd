internal import COpenBLAS
internal import Tensors

/// All eigenvalues of a symmetric matrix in single precision, without eigenvectors, descending.
///
/// For matrices of some thousand rows, whose entries carry the rounding of float products anyway. Cost: 4/3·n³;
/// memory: the matrix, once more. LAPACK's ssyevd.
public func symmetricEigenvalues(_ matrix: [Float], order n: Int) -> [Float] {
  precondition(matrix.count == n * n, "\(matrix.count) elements for a matrix of order \(n)")
  guard n > 0 else { return [] }
  prepareKernels()
  var a = matrix
  var ascending = [Float](repeating: 0, count: n)
  var order = Int32(n)
  var info: Int32 = 0
  var size: Float = 0
  var integers: Int32 = 0
  var query: Int32 = -1
  var integerQuery: Int32 = -1
  ssyevd_("N", "L", &order, &a, &order, &ascending, &size, &query, &integers, &integerQuery, &info)
  var length = Int32(size)
  var integerLength = integers
  var work = [Float](repeating: 0, count: Int(length))
  var integerWork = [Int32](repeating: 0, count: Int(integerLength))
  ssyevd_("N", "L", &order, &a, &order, &ascending, &work, &length, &integerWork, &integerLength, &info)
  precondition(info >= 0, "ssyevd refuses argument \(-info)")
  return ascending.reversed()
}
