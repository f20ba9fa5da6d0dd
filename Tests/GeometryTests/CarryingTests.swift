import Foundation
import Geometry
import LinearAlgebra
import Networks
import Tensors
import Testing

@Suite("Carrying over the boundary")
struct CarryingTests {
  private func logSigmoid(_ u: Double) -> Double { -log(1 + exp(-u)) }

  @Test("a ball of radius R carries by h/2R, whatever the scale of the logits", arguments: [Float(1), 30])
  func ball(scale: Float) throws {
    let (radius, h) = (Float(0.5), Float(0.3))
    let network = try TestNetworks.ball(radius, dimension: 7, scale: scale)
    let found = try DeepFool.perturbations(
      of: TestNetworks.images(1, dimension: 7, scale: 0.1 * radius), network)
    let hessian = try AverageHessian(
      network, at: found.points, margin: found.regionMargin, product: .secant(step: h))
    var generator = SeededGenerator(seed: 3)
    let v = generator.unitVector(7)
    let along = dot(v, Array(hessian.normals.entryElements(0)))
    let expected = logSigmoid(Double(h) * (1 - along * along) / (2 * Double(radius)))
    #expect(abs(try hessian.carried(along: v, step: h).value - expected) < 1e-5)
    #expect(abs(try hessian.carriedValue(along: v, step: h) - expected) < 1e-5)
  }

  @Test("a hyperplane is carried over by nothing: −log 2, without a gradient")
  func flat() throws {
    let network = try TestNetworks.randomLinear(classes: 2, dimension: 9)
    let found = try DeepFool.perturbations(of: TestNetworks.images(4, dimension: 9), network)
    let hessian = try AverageHessian(
      network, at: found.points, margin: found.regionMargin, product: .secant(step: 0.5))
    var generator = SeededGenerator(seed: 4)
    let carried = try hessian.carried(along: generator.unitVector(9), step: 0.5)
    #expect(abs(carried.value + log(2)) < 1e-4)
    #expect(norm(carried.gradient) < 1e-4)
  }

  @Test("the gradient is that of the value")
  func gradient() throws {
    let network = try TestNetworks.quadric([3, 1, -2, 0.5, 0], [0.2, 0, 0, 0, 2], -1)
    let points = TestNetworks.images(6, dimension: 5)
    let margin = Margin.pair(own: [Int](repeating: 0, count: 6), other: [Int](repeating: 1, count: 6))
    let hessian = try AverageHessian(network, at: points, margin: margin, product: .secant(step: 0.7))
    var generator = SeededGenerator(seed: 6)
    let (v, w) = (generator.unitVector(5), generator.unitVector(5))
    let slope = dot(try hessian.carried(along: v, step: 0.7).gradient, w)
    let values = try [Float(1e-2), -1e-2].map { e -> Double in
      var moved = v
      add(e, w, to: &moved)
      return try hessian.carriedValue(along: moved, step: 0.7)
    }
    #expect(abs(slope - (values[0] - values[1]) / 2e-2) < 1e-3 * max(0.1, abs(slope)))
  }
}
