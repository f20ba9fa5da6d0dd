import Foundation
import Geometry
import Networks
import Tensors
import TestSupport
import Testing

@Suite("Local linearity")
struct LinearityTests {
  @Test("a linear network lies on its tangents", arguments: LocalLinearity.Ball.allCases)
  func linear(_ ball: LocalLinearity.Ball) throws {
    // Two classes: the margin has no kink where a third one takes over.
    let network = try TestNetworks.randomLinear(classes: 2, dimension: 12)
    var settings = LocalLinearity.Settings(radius: 0.3)
    settings.ball = ball
    for violation in try found(network, TestNetworks.images(5, dimension: 12), settings) {
      #expect(violation.slope > 0.3 && violation.gamma < 1e-5 * violation.slope)
    }
  }

  @Test("a quadratic margin lies ½λε² off its tangent, λ its largest eigenvalue")
  func quadric() throws {
    let network = try TestNetworks.quadric([4, 1, -2, 0.5], [1, -1, 0.3, 0.2], -3)
    let settings = LocalLinearity.Settings(radius: 0.4)
    for violation in try found(network, TestNetworks.images(4, dimension: 4, scale: 0.1), settings) {
      #expect(near(violation.gamma, 0.5 * 4 * 0.16, 1e-3))
      #expect(violation.ends.count == 4)
    }
  }

  @Test("within a cube a quadratic margin is largest in its corners")
  func cube() throws {
    let network = try TestNetworks.quadric([4, 1, 2, 0.5], [1, -1, 0.3, 0.2], -3)
    var settings = LocalLinearity.Settings(radius: 0.2)
    settings.ball = .linf
    for violation in try found(network, TestNetworks.images(4, dimension: 4, scale: 0.1), settings) {
      #expect(near(violation.gamma, 0.5 * 7.5 * 0.04, 1e-3))
    }
  }

  @Test("the cross-entropy of two classes bends where the margin does not, as its closed form says")
  func crossEntropy() throws {
    // −ln softmax with margin G = wᵀx: ln(1 + e^G), along w alone.
    let network = try TestNetworks.linear(Tensor(shape: [2, 2], elements: [0, 0, 3, 0]), bias: [0, -1])
    var settings = LocalLinearity.Settings(radius: 0.5)
    settings.loss = .crossEntropy
    let x = Tensor(shape: TestNetworks.shape(2).batch(of: 1), elements: [0, 0])
    func loss(_ margin: Double) -> Double { log(1 + exp(margin)) }
    let slope: Double = 3 / (1 + exp(1.0 as Double))
    let expected = [0.5, -0.5].map { abs(loss(-1 + 3 * $0) - loss(-1) - slope * $0) }.max()!
    #expect(near(try found(network, x, settings)[0].gamma, expected, 1e-4))
  }

  private func found(
    _ network: Network, _ images: Tensor, _ settings: LocalLinearity.Settings
  ) throws -> [LocalLinearity.Violation] {
    var search = LocalLinearity(network, at: images, settings: settings)
    while try search.advance() != nil {}
    return search.found
  }
}
