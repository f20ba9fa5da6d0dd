import LinearAlgebra
import Tensors
import Testing

@Suite("Dense factorizations")
struct DenseFactorizationTests {
  @Test("the eigensystem of a 2×2 matrix, descending")
  func eigensystem() {
    let system = SymmetricEigensystem([2, 1, 1, 2], order: 2)
    #expect(zip(system.values, [3.0, 1.0]).allSatisfy { abs($0 - $1) < 1e-14 })
    let half = 0.5.squareRoot()
    #expect(system.vectors.allSatisfy { abs(abs($0) - half) < 1e-14 })
    #expect(abs(system.vectors[0] - system.vectors[1]) < 1e-14)
  }

  @Test(
    "singular values rebuild the matrix", arguments: [(1, 1), (3, 5), (5, 3), (4, 4), (2, 30)])
  func singularValues(rows: Int, columns: Int) {
    var generator = SeededGenerator(seed: UInt64(rows * 100 + columns))
    let matrix = (0..<rows * columns).map { _ in generator.gaussian() }
    let svd = SingularValues(matrix, rows: rows, columns: columns)
    #expect(svd.values.count == min(rows, columns))
    #expect(svd.values == svd.values.sorted(by: >))
    for i in 0..<rows {
      for j in 0..<columns {
        let sum = svd.values.indices.reduce(0) {
          $0 + svd.values[$1] * svd.columnSpace[$1 * rows + i] * svd.rowSpace[$1 * columns + j]
        }
        #expect(abs(sum - matrix[i * columns + j]) < 1e-12)
      }
    }
  }

  @Test("an empty matrix has no singular values")
  func empty() {
    #expect(SingularValues([], rows: 0, columns: 4).values.isEmpty)
    #expect(SymmetricEigensystem([], order: 0).values.isEmpty)
  }
}
