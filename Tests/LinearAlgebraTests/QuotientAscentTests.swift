import LinearAlgebra
import Tensors
import Testing

@Suite("Quotient ascent")
struct QuotientAscentTests {
  @Test(
    "on a linear operator it ends at the largest algebraic eigenvalue, which a larger negative one does not hide"
  )
  func linear() throws {
    let matrix = DiagonalMatrix([1, 3, 0.5, -7, 2, 0])
    let start = [Float](repeating: 1, count: 6)
    var ascent = try #require(QuotientAscent(matrix, from: start, scale: 0.5))
    for _ in 0..<60 { try ascent.advance() }
    let best = try #require(ascent.best)
    #expect(abs(best.quotient - 3) < 1e-3)
    #expect(abs(dot(best.vector, matrix.eigenvector(1))) > 0.999 && best.residual < 0.1)
  }

  @Test("the best quotient never falls, and is that of its vector")
  func monotone() throws {
    let matrix = BentDiagonal([0, 0, 0, 0, 0], bend: [1, 0.9, 0.8, 0.7, 0.95])
    var ascent = try #require(QuotientAscent(matrix, from: [0.3, 0.5, 0.1, 0.4, 0.2], scale: 0.2))
    var before = -Double.infinity
    for _ in 0..<40 {
      let quotient = try ascent.advance()
      let best = try #require(ascent.best)
      #expect(best.quotient >= before && best.quotient >= quotient)
      #expect(abs(dot(best.vector, matrix.product(best.vector)) - best.quotient) < 1e-6)
      #expect(abs(norm(best.vector) - 1) < 1e-5)
      before = best.quotient
    }
    // A top: one axis alone.
    let best = try #require(ascent.best)
    let largest = best.vector.map(abs).max() ?? 0
    #expect(largest > 0.99 && best.quotient >= 0.9 - 1e-3)
  }

  @Test("it stays orthogonal to what is given, and tells where nothing is left")
  func outside() throws {
    let matrix = DiagonalMatrix([1, 3, 0.5, -7, 2, 0])
    let axis = matrix.eigenvector(1)
    var ascent = try #require(
      QuotientAscent(matrix, from: [1, 1, 1, 1, 1, 1], outside: [axis], scale: 0.5))
    for _ in 0..<60 { try ascent.advance() }
    let best = try #require(ascent.best)
    #expect(abs(best.quotient - 2) < 1e-3 && abs(dot(best.vector, axis)) < 1e-6)
    #expect(QuotientAscent(matrix, from: axis, outside: [axis], scale: 0.5) == nil)
    #expect(QuotientAscent(matrix, from: [Float](repeating: 0, count: 6), scale: 0.5) == nil)
  }
}
