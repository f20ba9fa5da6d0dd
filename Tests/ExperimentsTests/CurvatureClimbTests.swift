import Networks
import Tensors
import Testing

@testable import Experiments

@Suite("Climbing for the shared curvature")
struct CurvatureClimbTests {
  private func curvature(_ product: HessianProduct, climb: Int, seed: UInt64 = 1) -> SharedCurvature {
    var curvature = SharedCurvature(product: product, eigenvectors: 6)
    (curvature.points, curvature.iterations) = (10, 14)
    (curvature.climb, curvature.seed) = (climb, seed)
    return curvature
  }

  private let subject = Subjects.smooth(validation: nil)

  @Test("A climb ends higher than Lanczos, in order, orthonormal, and as told")
  func higher() throws {
    let lanczos = try curvature(.secant(step: 1), climb: 0).run(on: subject, Reports().context)
    let climbed = try curvature(.secant(step: 1), climb: 24).run(on: subject, Reports().context)
    #expect(lanczos.spread == nil && climbed.rayleigh[0] >= lanczos.rayleigh[0])
    let spread = try #require(climbed.spread)
    #expect(spread.starts == 2 && spread.lowest <= spread.highest)
    // A vector that is climbed for later may end higher.
    #expect(spread.highest <= climbed.rayleigh[0])
    #expect(climbed.rayleigh == climbed.rayleigh.sorted(by: >))
    #expect(climbed.rayleigh.count == 6 && climbed.basis.count == 6 && climbed.residuals.count == 6)
    for i in 0..<6 {
      for j in 0...i {
        let product = dot(Array(climbed.basis.entryElements(i)), Array(climbed.basis.entryElements(j)))
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-4)
      }
    }
  }

  /// A wide window on so small a network has maxima of 5 % less that some seeds end on.
  @Test(
    "The largest quotient is nearly the same whatever the seed", arguments: [(Float(0.3), 0.03), (1, 0.06)])
  func seeds(step: Float, spread: Double) throws {
    let values = try (1...6).map { seed in
      try curvature(.secant(step: step), climb: 24, seed: UInt64(seed)).run(on: subject, Reports().context)
        .rayleigh[0]
    }
    let (low, high) = (try #require(values.min()), try #require(values.max()))
    #expect(high - low < spread * high)
  }

  @Test("Linear operators are not climbed on", arguments: [HessianProduct.exact, .softened(beta: 5)])
  func linear(product: HessianProduct) throws {
    let one = curvature(product, climb: 24)
    let o = try one.run(on: subject, Reports().context)
    #expect(o.spread == nil && o.products == 14 + 10)
    #expect(o == (try curvature(product, climb: 0).run(on: subject, Reports().context)))
  }

  @Test("Progress never falls and ends at its total")
  func progress() throws {
    let reports = Reports<SharedCurvature.Outcome>()
    let o = try curvature(.secant(step: 1), climb: 20).run(on: subject, reports.context)
    let last = try #require(reports.partials.last)
    #expect(last.products <= o.products && reports.count > 40)
  }
}
