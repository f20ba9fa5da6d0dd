import Networks
import Tensors
import TestSupport
import Testing

@Suite struct LinearizationTests {
  private let smooth = SmallNetworks.smooth(seed: 1)
  private let x = randomTensor([3, 2, 6, 6], seed: 2)
  private let margin = Margin.pair(own: [0, 1, 2], other: [1, 2, 3])

  @Test("⟨Jv, w⟩ = ⟨v, Jᵀw⟩", arguments: [SmallNetworks.smooth(seed: 1), SmallNetworks.rectified(seed: 1)])
  func adjoint(network: Network) {
    let linearization = network.linearize(at: x)
    let v = randomTensor(x.shape, seed: 3)
    let w = randomTensor(linearization.logits.shape, seed: 4)
    let product = linearization.pushforward(v).dot(w)
    #expect(abs(product - v.dot(linearization.pullback(w))) < 1e-4 * max(1, abs(product)))
  }

  /// What a single image's own mean may go through, as a value without any axis.
  static let scalars: [(name: String, operation: any Operation)] = [
    ("affine", Affine(scale: 2, shift: 1)), ("tanh", Elementwise(.tanh)),
    ("clamp", Clamp(lower: -3, upper: 3)),
    ("rectifier", Rectifier(slope: 0.1)), ("reshape", Reshape(exactly: [1, 1, 1, 1])),
    ("expansion", Expansion(to: [1, 2, 6, 6])),
  ]

  @Test(
    "Values without any axis are linearised: an image's mean through each operation",
    arguments: scalars.indices)
  func scalar(place: Int) throws {
    var graph = Graph(imageShape: [1, 2, 6, 6])
    let mean = graph.append(Mean(axes: [0, 1, 2, 3], keepsAxes: false), of: [.image])
    let both = graph.append(Addition(), of: [mean, mean])
    let through = graph.append(Self.scalars[place].operation, of: [both])
    let scaled = graph.append(Multiplication(), of: [.image, through])
    graph.append(
      Dense(weights: randomTensor([4, 72], seed: 6, deviation: 0.2), bias: nil),
      of: [graph.append(Reshape(entry: [72]), of: [scaled])])
    let network = try Network(graph.simplified())
    #expect(!network.keepsBatchesApart)
    let v = randomTensor(x.shape, seed: 3)
    let found = try network.gradients(of: margin, at: x)
    let (ahead, behind) = (
      try network.values(of: margin, at: x.adding(1e-2, v)),
      try network.values(of: margin, at: x.adding(-1e-2, v))
    )
    for n in 0..<3 {
      let slope = Double(ahead[n] - behind[n]) / 2e-2
      #expect(abs(found.gradients.entry(n).dot(v.entry(n)) - slope) < 1e-2 * max(1, abs(slope)))
    }
    let jacobian = network.linearize(at: x.entry(0))
    let w = randomTensor([2, 4], seed: 5)
    let both2 = jacobian.pullbacks(w, batches: 2)
    for b in 0..<2 { #expect(near(both2.entry(b), jacobian.pullback(w.entry(b)), 1e-5)) }
  }

  @Test(
    "A part of a tile is linearised as the whole is",
    arguments: [SmallNetworks.smooth(seed: 1), SmallNetworks.rectified(seed: 1)])
  func gathering(network: Network) {
    let whole = network.linearize(at: x)
    let part = whole.gathering([2, 0])
    let w = randomTensor(whole.logits.shape, seed: 4)
    #expect(part.logits == whole.logits.gathering([2, 0]))
    #expect(part.pullback(w.gathering([2, 0])) == whole.pullback(w).gathering([2, 0]))
    #expect(part.pushforward(x.gathering([2, 0])) == whole.pushforward(x).gathering([2, 0]))
  }

  @Test(
    "The gradient is the derivative of the margin",
    arguments: [SmallNetworks.smooth(seed: 1), SmallNetworks.rectified(seed: 1)])
  func gradient(network: Network) throws {
    let v = randomTensor(x.shape, seed: 3)
    let gradients = try network.gradients(of: margin, at: x)
    let ahead = try network.values(of: margin, at: x.adding(1e-3, v))
    let behind = try network.values(of: margin, at: x.adding(-1e-3, v))
    for n in 0..<3 {
      let slope = Double(ahead[n] - behind[n]) / 2e-3
      #expect(abs(gradients.gradients.entry(n).dot(v.entry(n)) - slope) < 1e-2 * max(1, abs(slope)))
    }
    #expect(gradients.values == (try network.values(of: margin, at: x)))
  }

  @Test("Exact Hessian products are symmetric")
  func symmetry() throws {
    let (u, v) = (randomTensor(x.shape, seed: 3), randomTensor(x.shape, seed: 4))
    let hu = try smooth.hessianProduct(.exact, of: margin, at: x, along: u)
    let hv = try smooth.hessianProduct(.exact, of: margin, at: x, along: v)
    for n in 0..<3 {
      let product = hu.entry(n).dot(v.entry(n))
      #expect(abs(product - u.entry(n).dot(hv.entry(n))) < 1e-4 * max(1, abs(product)))
    }
  }

  @Test("The exact product is the limit of differences of gradients", arguments: [nil, Float(5)])
  func differences(beta: Float?) throws {
    let network = beta.map { SmallNetworks.rectified(seed: 1).softened(beta: $0) } ?? smooth
    let v = randomTensor(x.shape, seed: 3)
    let exact = try network.hessianProduct(.exact, of: margin, at: x, along: v)
    let secant = try network.hessianProduct(.secant(step: 2e-2), of: margin, at: x, along: v)
    #expect(exact.norm > 0.1)
    #expect((exact - secant).norm < 1e-2 * exact.norm)
  }

  @Test("Softened products are exact products of the softened network")
  func softened() throws {
    let network = SmallNetworks.rectified(seed: 1)
    let v = randomTensor(x.shape, seed: 3)
    let direct = try network.hessianProduct(.softened(beta: 5), of: margin, at: x, along: v)
    #expect(direct == (try network.softened(beta: 5).hessianProduct(.exact, of: margin, at: x, along: v)))
  }

  @Test("Exact products of a piecewise linear network are zero")
  func piecewiseLinear() throws {
    let network = SmallNetworks.rectified(seed: 1)
    let product = try network.hessianProduct(.exact, of: margin, at: x, along: x)
    #expect(network.isPiecewiseLinear && product.elements.allSatisfy { $0 == 0 })
  }

  @Test("A linear network has its weights as Jacobian and no Hessian")
  func linear() throws {
    let weights = randomTensor([3, 5], seed: 1)
    let network = SmallNetworks.linear(weights: weights, bias: [1, 2, 3])
    let y = randomTensor([2, 1, 1, 5], seed: 2)
    let (logits, jacobian) = try network.jacobian(at: y)
    #expect(near(jacobian.entry(1).elements, weights.elements))
    #expect(near(jacobian.entry(0).elements, weights.elements))
    #expect(
      near([logits.elements[2]], [Float(3 + dot(Array(weights.entryElements(2)), Array(y.entryElements(0))))])
    )
    #expect(network.regularity == .linear)
  }

  @Test("A ball has gradient 2y and Hessian 2 of its margin")
  func ball() throws {
    let network = SmallNetworks.ball(dimension: 6, radius: 2)
    let y = randomTensor([2, 1, 1, 6], seed: 2)
    let v = randomTensor([2, 1, 1, 6], seed: 3)
    let margin = Margin.pair(own: [0, 0], other: [1, 1])
    let gradients = try network.gradients(of: margin, at: y)
    #expect(near(gradients.gradients.elements, y.elements.map { 2 * $0 }))
    #expect(near([gradients.values[0]], [Float(y.entry(0).dot(y.entry(0))) - 4]))
    let product = try network.hessianProduct(.exact, of: margin, at: y, along: v)
    #expect(near(product.elements, v.elements.map { 2 * $0 }))
  }

  @Test("The secant product of a quadric is the exact one", arguments: [Float(0.1), 1, 10])
  func quadric(step: Float) throws {
    let a = randomTensor([5, 5], seed: 1)
    let hessian = Tensor(shape: [5, 5]) { out in
      for i in 0..<25 { out[i] = a.elements[i] + a.elements[i % 5 * 5 + i / 5] }
    }
    let network = SmallNetworks.quadratic(hessian: hessian, gradient: [1, 2, 3, 4, 5])
    let (y, v) = (randomTensor([2, 1, 1, 5], seed: 2), randomTensor([2, 1, 1, 5], seed: 3))
    let margin = Margin.pair(own: [1, 1], other: [0, 0])
    let exact = try network.hessianProduct(.exact, of: margin, at: y, along: v)
    let expected = Dense(weights: hessian, bias: nil).forward([v])
    #expect(near(exact.elements, expected.elements, 1e-5))
    let secant = try network.hessianProduct(.secant(step: step), of: margin, at: y, along: v)
    #expect(near(secant, exact, 1e-5 * max(1, 2 / step)))
  }
}
