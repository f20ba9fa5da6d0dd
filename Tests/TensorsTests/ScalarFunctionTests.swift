import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite("Functions of every element") struct ScalarFunctionTests {
  /// Functions whose value a double tells, and by how many units in the last place a float may miss it: those that are
  /// products or quotients lose a little more than what they are made of.
  private static let known: [(ScalarFunction, Double, @Sendable (Double) -> Double)] = [
    (.exp, 4, { exp($0) }), (.erf, 4.01, { erf($0) }), (.tanh, 4, { tanh($0) }), (.log, 4, { log(abs($0)) }),
    (.sigmoid, 6, { 1 / (1 + exp(-$0)) }),
    (.softplus(beta: 1), 6, { max($0, 0) + log1p(exp(-abs($0))) }),
    (.sqrt, 0.51, { abs($0).squareRoot() }), (.reciprocal, 0.51, { 1 / $0 }),
  ]

  private func arguments(onHalfLine: Bool) -> Tensor {
    var random = SeededGenerator(seed: 3)
    let elements = (0..<40_000).map { i in
      let x = Float(random.gaussian()) * (i % 3 == 0 ? 0.1 : i % 3 == 1 ? 3 : 25)
      return onHalfLine ? abs(x) : x
    }
    return Tensor(shape: [elements.count], elements: elements)
  }

  @Test(
    "Values are within some units in the last place of those in double precision",
    arguments: Kernels.available.indices)
  func accuracy(set: Int) {
    for (function, bound, reference) in Self.known {
      let x = arguments(onHalfLine: [.log, .sqrt].contains(function))
      let y = function.evaluate(.value, at: x, kernels: Kernels.available[set])
      let worst = zip(x.elements, y.elements).map { x, y in
        let expected = reference(Double(x))
        let unit = max(Double(Float(expected).ulp), Double(Float.leastNormalMagnitude.ulp))
        return expected.magnitude < 1e-37 ? 0 : abs(Double(y) - expected) / unit
      }.max()!
      #expect(worst <= bound, "\(function): \(worst) ulp with \(Kernels.available[set].name)")
    }
  }

  private static let all: [ScalarFunction] = [
    .sigmoid, .tanh, .softplus(beta: 2), .softsign, .elu(alpha: 0.7), .selu, .erf, .gelu, .geluTanh, .silu,
    .mish, .exp,
    .log, .sqrt, .reciprocal, .power(2.5), .softRectifier(slope: 0.1, beta: 2),
    .softClamp(lower: -1, upper: 1, beta: 3), .softAbsolute(beta: 2), .leakyRectifier(slope: 0.2),
    .clamp(lower: -1, upper: 2), .absolute, .hardSwish(alpha: 1 / 6, beta: 0.5),
    .softHardSwish(alpha: 0.2, beta: 0.5, sharpness: 2),
  ]

  @Test("An element's result does not depend on its place", arguments: Kernels.available.indices)
  func places(set: Int) {
    let kernels = Kernels.available[set]
    let special: [Float] = [.infinity, -.infinity, .nan, 0, -0.0, 1e30, -1e30, 1e-40, 88.9, -104]
    let x = Tensor(shape: [77], elements: special + (0..<67).map { 0.3 * Float($0) - 10 })
    for function in Self.all {
      for derivative in [ScalarFunction.Derivative.value, .slope, .bend] {
        let together = function.evaluate(derivative, at: x, kernels: kernels).elements
        for (i, y) in together.enumerated() {
          let alone = function.evaluate(
            derivative, at: Tensor(shape: [1], elements: [x.elements[i]]), kernels: kernels
          ).elements[0]
          #expect(
            alone.bitPattern == y.bitPattern || (alone.isNaN && y.isNaN), "\(function) at \(x.elements[i])")
        }
      }
    }
  }

  @Test("What is not a number stays so, and infinities go to their limits")
  func specials() {
    for function in Self.all {
      #expect(function.derivatives(at: .nan).0.isNaN, "\(function)")
    }
    let limits: [(ScalarFunction, Float, Float)] = [
      (.sigmoid, 1, 0), (.tanh, 1, -1), (.erf, 1, -1), (.exp, .infinity, 0),
      (.softplus(beta: 1), .infinity, 0),
    ]
    for (function, above, below) in limits {
      #expect(function.derivatives(at: .infinity).0 == above, "\(function)")
      #expect(function.derivatives(at: -.infinity).0 == below, "\(function)")
    }
  }

  @Test("At a kink the slope is that of the side below, or zero; limits that are not there never hold")
  func kinks() {
    func slope(_ function: ScalarFunction, _ x: Float) -> Float { function.derivatives(at: x).1 }
    #expect([-1, 0, 1].map { slope(.leakyRectifier(slope: 0.2), $0) } == [0.2, 0.2, 1])
    #expect([-1.5, -1, 0, 2, 3].map { slope(.clamp(lower: -1, upper: 2), $0) } == [0, 0, 1, 0, 0])
    #expect([-1, 0, 1].map { slope(.absolute, $0) } == [-1, 0, 1])
    let swish = ScalarFunction.hardSwish(alpha: 0.25, beta: 0.5)
    #expect([-2, 0, 1, 2].map { slope(swish, $0) } == [0, 0.5, 1, 1])
    #expect([-3, 0, 1, 2, 5].map { swish.derivatives(at: $0).0 } == [0, 0, 0.75, 2, 5])
    let unlimited = ScalarFunction.clamp(lower: -.infinity, upper: .infinity)
    #expect(
      [-.infinity, -1, 3, .infinity].map { unlimited.derivatives(at: $0).0 } == [
        -.infinity, -1, 3, .infinity,
      ])
  }

  @Test("A factor of several batches repeats the arguments")
  func factors() {
    let x = randomTensor([2, 5, 7], seed: 1)
    let factor = randomTensor([6, 5, 7], seed: 2)
    let slopes = ScalarFunction.silu.evaluate(.slope, at: x).elements
    let product = ScalarFunction.silu.evaluate(.slope, at: x, times: factor).elements
    for i in product.indices { #expect(product[i] == slopes[i % 70] * factor.elements[i]) }
  }
}
