import LinearAlgebra
import Tensors
import TestSupport
import Testing

@Suite("Distributions and densities")
struct DistributionTests {
  @Test("the beta distribution has its closed forms")
  func closedForms() {
    for x in [0.01, 0.2, 0.5, 0.77, 0.999] {
      #expect(near(BetaDistribution(1, 1).cumulative(x), x, 1e-12))
      #expect(near(BetaDistribution(3, 1).cumulative(x), x * x * x, 1e-12))
      #expect(near(BetaDistribution(1, 4).cumulative(x), 1 - (1 - x) * (1 - x) * (1 - x) * (1 - x), 1e-12))
      let six = 6 * x * x * x * x * x - 15 * x * x * x * x + 10 * x * x * x
      #expect(near(BetaDistribution(3, 3).cumulative(x), six, 1e-11))
    }
    // The arcsine law at a quarter: 2/π·asin(1/2) = 1/3.
    #expect(near(BetaDistribution(0.5, 0.5).cumulative(0.25), 1.0 / 3, 1e-12))
    #expect(BetaDistribution(2, 5).cumulative(-1) == 0 && BetaDistribution(2, 5).cumulative(2) == 1)
  }

  @Test("quantiles undo the distribution, far out too", arguments: [0.5, 1.5, 25, 1500])
  func quantiles(b: Double) {
    let law = BetaDistribution(0.5, b)
    for p in [0.001, 0.05, 0.5, 0.9, 0.999] { #expect(near(law.cumulative(law.quantile(p)), p, 1e-9)) }
  }

  @Test("the squared length of some coordinates of random unit vectors follows the law")
  func sampled() {
    let law = BetaDistribution(coordinates: 3, of: 20)
    var generator = SeededGenerator(seed: 5)
    let parts = (0..<4000).map { _ in
      generator.unitVector(20).prefix(3).reduce(0.0) { $0 + Double($1) * Double($1) }
    }
    for p in [0.1, 0.5, 0.9] {
      let below = Double(parts.filter { $0 <= law.quantile(p) }.count) / 4000
      #expect(abs(below - p) < 0.025)
    }
  }

  @Test("eigenvalues alone are those of the whole decomposition")
  func values() {
    let n = 40
    var generator = SeededGenerator(seed: 2)
    var a = generator.gaussianVector(n * n)
    for i in 0..<n { for j in 0..<i { a[i * n + j] = a[j * n + i] } }
    let whole = SymmetricEigensystem(a.map(Double.init), order: n).values
    let alone = symmetricEigenvalues(a, order: n)
    #expect(near(alone, whole.map(Float.init), 1e-5))
    #expect(symmetricEigenvalues([], order: 0).isEmpty)
  }

  @Test("quadrature finds the moments and the shares of a spectrum")
  func density() throws {
    let values = (0..<120).map { Float($0 < 12 ? 5 : $0 < 90 ? 0.1 : -2) }
    let matrix = DiagonalMatrix(values)
    var density = SpectralDensity()
    for probe in 1...30 {
      var generator = SeededGenerator(seed: 1, stream: UInt64(probe))
      var iteration = LanczosIteration(matrix, startingAt: generator.unitVector(120))
      while iteration.factorization.count < 12, try iteration.advance() != nil {}
      density.add(iteration.factorization)
    }
    #expect(density.probes == 30)
    #expect(near(density.mean { _ in 1 }, 1, 1e-5))
    let trace = values.reduce(0.0) { $0 + Double($1) } / 120
    // A probe's mean has the variance 2 var(λ)/(d + 2); four standard errors of thirty probes.
    let variance = values.reduce(0) { $0 + (Double($1) - trace) * (Double($1) - trace) } / 120
    #expect(abs(density.mean() - trace) < 4 * (2 * variance / 122 / 30).squareRoot())
    #expect(abs(density.mean { $0 > 4 ? 1 : 0 } - 0.1) < 0.02)
    #expect(abs(density.mean { $0 < -1 ? 1 : 0 } - 0.25) < 0.03)
    #expect(zip(density.nodes, density.nodes.dropFirst()).allSatisfy { $0.value >= $1.value })
  }
}
