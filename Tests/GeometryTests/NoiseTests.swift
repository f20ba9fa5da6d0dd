import Foundation
import Geometry
import LinearAlgebra
import Networks
import Tensors
import TestSupport
import Testing

@Suite("Labels under noise")
struct NoiseTests {
  /// f₁ − f₀ = x₀ − 0.6: images at the origin have class 0, and the boundary at distance 0.6.
  private let halfSpace = SmallNetworks.linear(
    weights: Tensor(shape: [2, 4], elements: [0, 0, 0, 0, 1, 0, 0, 0]), bias: [0, -0.6])
  private let origin = Tensor(zeros: [1, 1, 1, 4])

  @Test("exact bounds of a share are those of the binomial distribution")
  func bounds() {
    #expect(Proportion(0, of: 10).lowerBound(alpha: 0.05) == 0)
    #expect(near(Proportion(10, of: 10).lowerBound(alpha: 0.05), pow(0.05, 0.1), 1e-9))
    #expect(near(Proportion(0, of: 10).upperBound(alpha: 0.05), 1 - pow(0.05, 0.1), 1e-9))
    // P(at least 7 of 10) at the bound is α.
    let p = Proportion(7, of: 10).lowerBound(alpha: 0.025)
    let choose: [Double] = [120, 45, 10, 1]
    let tail = (7...10).reduce(0.0) { $0 + choose[$1 - 7] * pow(p, Double($1)) * pow(1 - p, Double(10 - $1)) }
    #expect(near(tail, 0.025, 1e-9))
  }

  @Test("quantiles of the normal distribution undo it, far out too")
  func normal() {
    #expect(near(NormalDistribution.quantile(0.975), 1.959963984540054, 1e-12))
    #expect(NormalDistribution.quantile(0.5) == 0 || abs(NormalDistribution.quantile(0.5)) < 1e-12)
    #expect(NormalDistribution.quantile(0) == -.infinity && NormalDistribution.quantile(1) == .infinity)
    for x in [-30, -8, -3, -0.1, 0.7, 5.0] {
      #expect(near(NormalDistribution.quantile(NormalDistribution.cumulative(x)), x, 1e-9))
    }
  }

  @Test("the certificate of a half-space tends to its distance, from below")
  func certificate() throws {
    var settings = SmoothedLabels.Settings(sigma: 0.5)
    settings.draws = 20_000
    var smoothed = SmoothedLabels(halfSpace, at: origin, settings: settings)
    while try smoothed.advance() != nil {}
    let found = smoothed.certificates[0]
    let radius = try #require(found.radius)
    #expect(found.label == 0)
    #expect(near(Double(found.count) / 20_000, NormalDistribution.cumulative(1.2), 0.01))
    #expect(radius < 0.6 && radius > 0.57)
  }

  @Test("where a label has no half of the draws, smoothing abstains; no draws fewer than asked for count")
  func abstains() throws {
    var settings = SmoothedLabels.Settings(sigma: 50)
    settings.draws = 300
    var smoothed = SmoothedLabels(halfSpace, at: origin, settings: settings)
    while try smoothed.advance() != nil {}
    #expect(smoothed.certificates[0].radius == nil && smoothed.certificates[0].lower < 0.5)
    settings.sigma = 1e-3
    smoothed = SmoothedLabels(halfSpace, at: origin, settings: settings)
    while try smoothed.advance() != nil {}
    #expect(smoothed.certificates[0].count == 300)
    #expect(near(smoothed.certificates[0].lower, pow(0.001, 1.0 / 300), 1e-9))
  }

  @Test("γ-persistence of a half-space is its distance over Φ⁻¹(γ)", arguments: [0.6, 0.7, 0.9])
  func persistence(gamma: Double) throws {
    var settings = LabelPersistence.Settings()
    (settings.gamma, settings.draws) = (gamma, 4000)
    var search = LabelPersistence(try FoolingTest(halfSpace, images: origin), settings: settings)
    let found = try #require(try search.advance())
    #expect(try search.advance() == nil)
    let expected = 0.6 / NormalDistribution.quantile(gamma)
    let (lower, upper) = (try #require(found.lower), try #require(found.upper))
    #expect(lower < expected && expected < upper)
    #expect(near(try #require(found.sigma), expected, 0.12))
    #expect(upper - lower < 0.6 * expected)
  }

  @Test("a label that no noise changes has no largest σ")
  func forever() throws {
    let network = SmallNetworks.linear(weights: Tensor(zeros: [2, 4]), bias: [1, 0])
    var search = LabelPersistence(try FoolingTest(network, images: origin))
    let found = try #require(try search.advance())
    #expect(found.sigma == nil && found.lower == nil && found.upper == nil)
  }

  @Test("labels along a way through a ball change where it leaves it")
  func way() throws {
    let ball = SmallNetworks.ball(dimension: 4, radius: 2)
    let x: [Float] = [0.5, 0.3, -0.2, 0.1]
    let v: [Float] = [3, 4, 0, 0]
    var search = LabelsAlong(
      ball, from: Tensor(shape: [1, 1, 1, 4], elements: x), along: v, reach: 5, steps: 10)
    let changes = try #require(try search.advance())
    #expect(try search.advance() == nil)
    let (projection, square) = (dot(x, v) / 5, dot(x, x))
    let root = (4 - square + projection * projection).squareRoot()
    #expect(changes.count == 2 && changes[0].to == 0 && changes[1].from == 0)
    #expect(
      near(changes[0].distance, -projection - root, 1e-4)
        && near(changes[1].distance, root - projection, 1e-4))
  }

  @Test("of a quadratic margin the even part is ½vᵀHv, of a linear one nothing")
  func oddEven() throws {
    let network = try TestNetworks.quadric([4, 1, -2, 0.5], [1, -1, 0.3, 0.2], -3)
    let images = TestNetworks.images(6, dimension: 4, scale: 0.1)
    let v: [Float] = [0.3, -0.2, 0.1, 0.4]
    let split = try OddEven(of: v, on: try FoolingTest(network, images: images))
    let even = 0.5 * (4 * 0.09 + 0.04 - 2 * 0.01 + 0.5 * 0.16)
    for i in 0..<6 {
      let x = Array(images.entryElements(i))
      let gradient = [4 * x[0] + 1, x[1] - 1, -2 * x[2] + 0.3, 0.5 * x[3] + 0.2]
      #expect(near(Double(split.even[i]), even, 1e-5) && near(Double(split.odd[i]), dot(gradient, v), 1e-5))
    }
    let flat = try OddEven(
      of: v, on: try FoolingTest(try TestNetworks.randomLinear(classes: 2, dimension: 4), images: images))
    #expect(flat.even.allSatisfy { abs($0) < 1e-5 } && flat.alone.even.rate == 0)
  }
}
