import LinearAlgebra
import Tensors
import Testing

@Suite("Lanczos iteration")
struct LanczosIterationTests {
  /// A broad bulk around zero, a heavier negative than positive end.
  private static func bulk(_ count: Int) -> [Float] {
    var generator = SeededGenerator(seed: 7)
    return (0..<count).map { _ in Float(0.4 * generator.uniform() - 0.2) }
  }

  @Test("finds outliers, the largest by sign and not by size", arguments: [[3, 2, 1.5], [0.9, 0.8, 0.7]])
  func outliers(top: [Float]) throws {
    let matrix = DiagonalMatrix(top + [-10, -5] + Self.bulk(195))
    let spectrum = try Spectrum.largest(3, of: matrix, columns: 40)
    for i in 0..<3 {
      #expect(abs(spectrum.eigenvalues[i] - Double(top[i])) < 1e-5)
      #expect(abs(abs(dot(spectrum.subspace[i], matrix.eigenvector(i))) - 1) < 1e-5)
      #expect(spectrum.residuals[i] < 1e-4)
      #expect(abs(spectrum.rayleighQuotients[i] - spectrum.eigenvalues[i]) < 1e-5)
    }
    #expect(spectrum.products == 43)
  }

  @Test("keeps its columns orthonormal however long it runs")
  func orthogonality() throws {
    var iteration = LanczosIteration(DiagonalMatrix([5, 4] + Self.bulk(98)))
    while try iteration.advance() != nil {}
    #expect(iteration.factorization.count == 100)
    let vectors = iteration.ritzVectors(100)
    for i in 0..<100 {
      for j in 0..<i { #expect(abs(dot(vectors[i], vectors[j])) < 1e-5) }
    }
    let trace = iteration.factorization.ritz(100).reduce(0) { $0 + $1.value }
    let expected = iteration.matrix.values.reduce(0) { $0 + Double($1) }
    #expect(abs(trace - expected) < 1e-3)
  }

  @Test("finds every copy of a repeated eigenvalue, beyond complete invariant subspaces")
  func repeated() throws {
    let matrix = DiagonalMatrix([2, 2, 2] + [Float](repeating: 1, count: 17))
    let spectrum = try Spectrum.largest(4, of: matrix, columns: 20)
    for (value, expected) in zip(spectrum.eigenvalues, [2.0, 2, 2, 1]) {
      #expect(abs(value - expected) < 1e-5)
    }
    let exact = Subspace(spanning: (0..<3).map(matrix.eigenvector), dimension: 20)
    for cosine in spectrum.subspace.prefix(3).cosines(to: exact) { #expect(cosine > 1 - 1e-5) }
  }

  @Test("goes on from a start inside an invariant subspace")
  func invariantStart() throws {
    let matrix = DiagonalMatrix([1, 7, 3, 2])
    var iteration = LanczosIteration(matrix, startingAt: matrix.eigenvector(0))
    let first = try #require(try iteration.advance())
    #expect(first.residual == 0)
    while try iteration.advance() != nil {}
    for (ritz, expected) in zip(iteration.factorization.ritz(4), [7.0, 3, 2, 1]) {
      #expect(abs(ritz.value - expected) < 1e-5)
    }
  }

  @Test("knows the zero matrix")
  func zero() throws {
    let spectrum = try Spectrum.largest(2, of: DiagonalMatrix([Float](repeating: 0, count: 9)), columns: 5)
    #expect(spectrum.eigenvalues == [0, 0])
    #expect(spectrum.residuals == [0, 0])
  }

  @Test("estimates the residual of a linear operator rightly")
  func residuals() throws {
    let matrix = DiagonalMatrix([3, 2.9] + Self.bulk(198))
    let spectrum = try Spectrum.largest(2, of: matrix, columns: 6)
    for (estimate, truth) in zip(spectrum.residualEstimates, spectrum.residuals) {
      #expect(abs(estimate - truth) < 0.02 * truth + 1e-5)
      #expect(truth > 1e-3)
    }
  }

  @Test("orders the vectors of an operator that is not linear by what it does along each of them")
  func notLinear() throws {
    let matrix = BentDiagonal(Self.bulk(60).map { 5 * $0 }, bend: Self.bulk(60).reversed().map { 40 * $0 })
    let spectrum = try Spectrum.largest(10, of: matrix, columns: 30)
    for i in 0..<10 {
      let v = spectrum.subspace[i]
      #expect(abs(dot(v, matrix.product(v)) - spectrum.rayleighQuotients[i]) < 1e-6)
    }
    #expect(spectrum.rayleighQuotients == spectrum.rayleighQuotients.sorted(by: >))
    #expect(spectrum.eigenvalues != spectrum.eigenvalues.sorted(by: >))
  }

  @Test("gives equal bytes for equal seeds and other starts for others")
  func seeds() throws {
    let matrix = DiagonalMatrix([3] + Self.bulk(50))
    let a = try Spectrum.largest(1, of: matrix, columns: 8, seed: 3)
    let b = try Spectrum.largest(1, of: matrix, columns: 8, seed: 3)
    let c = try Spectrum.largest(1, of: matrix, columns: 8, seed: 4)
    #expect(a.subspace == b.subspace)
    #expect(a.subspace != c.subspace)
  }

  @Test("passes an interruption on and stays as it was")
  func interruption() throws {
    let interruption = Interruption()
    var iteration = LanczosIteration(Stopping(matrix: DiagonalMatrix([1, 2, 3]), interruption: interruption))
    try iteration.advance()
    interruption.interrupt()
    #expect(throws: Interrupted.self) { try iteration.advance() }
    #expect(iteration.factorization.count == 1)
  }
}
