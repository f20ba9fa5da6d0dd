import Geometry
import LinearAlgebra
import Networks
import Tensors
import Testing

@Suite("Curvature")
struct CurvatureTests {
  static let products: [HessianProduct] = [.exact, .secant(step: 0.1), .softened(beta: 10)]

  @Test(
    "a ball of radius R has curvature +1/R from inside, whatever the scale of the logits", arguments: products
  )
  func ball(product: HessianProduct) throws {
    for radius in [Float(0.5), 2] {
      for scale in [Float(1), 30] {
        let network = try TestNetworks.ball(radius, dimension: 7, scale: scale)
        let found = try DeepFool.perturbations(
          of: TestNetworks.images(4, dimension: 7, scale: 0.1 * radius), network)
        let curvature = try NormalCurvature(
          network, at: found.points, margin: found.regionMargin, product: product)
        var generator = SeededGenerator(seed: 3)
        for value in try curvature.along(generator.unitVector(7)).normalised {
          #expect(abs(value * Double(radius) - 1) < (product == .exact ? 1e-5 : 1e-4))
        }
      }
    }
  }

  @Test("from outside the ball the sign turns")
  func outside() throws {
    let network = try TestNetworks.quadric([-2, -2, -2], [0, 0, 0], 4)
    let x = Tensor(shape: TestNetworks.shape(3), elements: [0, 0.3, 3])
    let found = try DeepFool.perturbations(of: x, try TestNetworks.quadric([2, 2, 2], [0, 0, 0], -4))
    #expect(found.from == [1])
    #expect(abs(found.norms[0] - (x.norm - 2)) < 1e-5)
    let curvature = try NormalCurvature(
      network, at: found.points, margin: .pair(own: [0], other: [1]), product: .exact)
    #expect(abs(try curvature.along([1, 0, 0]).normalised[0] + 0.5) < 1e-5)
  }

  @Test("a quadric's average Hessian is its matrix, projected and normalised as asked")
  func quadric() throws {
    let diagonal: [Float] = [3, 1, -2, 0.5, 0]
    let network = try TestNetworks.quadric(diagonal, [0, 0, 0, 0, 2], -1)
    let point = Tensor(shape: TestNetworks.shape(5), elements: [0, 0, 0, 0, 0.5])
    let margin = Margin.pair(own: [0], other: [1])
    let raw = try AverageHessian(
      network, at: point, margin: margin, product: .exact, projected: false, normalised: false)
    let full = try AverageHessian(network, at: point, margin: margin, product: .exact)
    let v: [Float] = [1, -1, 0.5, 2, 7]
    let expected = zip(diagonal, v).map { $0 * $1 }
    #expect(zip(try raw.product(v), expected).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(zip(try full.product(v), expected).allSatisfy { abs($0 - $1 / 2) < 1e-5 })
    #expect(full.slopes == [2])
  }

  @Test("averages are symmetric and even operators; secants are odd and homogeneous", arguments: products)
  func identities(product: HessianProduct) throws {
    let network = try TestNetworks.rectified()
    let found = try DeepFool.perturbations(of: TestNetworks.images(20, dimension: 12), network)
    let fooled = found.gathering(found.fooledIndices)
    let hessian = try AverageHessian(
      network, at: fooled.points, margin: fooled.pairMargin, product: product)
    var generator = SeededGenerator(seed: 9)
    let (u, v) = (generator.unitVector(12), generator.unitVector(12))
    let (au, av) = (try hessian.product(u), try hessian.product(v))
    let size = norm(au) + norm(av)
    if case .secant = product {
      let opposite = try hessian.product(scaled(v, by: -2))
      #expect(zip(opposite, av).allSatisfy { abs($0 + 2 * $1) < 1e-4 * Float(size) })
    } else {
      #expect(abs(dot(u, av) - dot(v, au)) <= 1e-4 * size)
    }
  }

  @Test("exact products vanish on a piecewise linear network, secants do not")
  func piecewiseLinear() throws {
    let network = try TestNetworks.rectified()
    #expect(network.isPiecewiseLinear)
    let images = TestNetworks.images(20, dimension: 12)
    let margin = Margin.region(own: try network.labels(images))
    let v = SeededGenerator.unit(12)
    let exact = try AverageHessian(network, at: images, margin: margin, product: .exact)
    let secant = try AverageHessian(network, at: images, margin: margin, product: .secant(step: 0.5))
    #expect(norm(try exact.product(v)) == 0)
    #expect(norm(try secant.product(v)) > 1e-2)
  }

  @Test("the curved subspace of a quadric is spanned by its most bent directions", arguments: [true, false])
  func curvedSubspace(isRegion: Bool) throws {
    var diagonal = [Float](repeating: 0, count: 20)
    (diagonal[3], diagonal[11], diagonal[5]) = (4, 2, -9)
    var linear = [Float](repeating: 0, count: 20)
    linear[19] = 1
    let network = try TestNetworks.quadric(diagonal, linear, -0.05)
    let found = try DeepFool.perturbations(
      of: TestNetworks.images(6, dimension: 20, scale: 0.005), network)
    let hessian = try AverageHessian(
      network, at: found.points, margin: isRegion ? found.regionMargin : found.pairMargin, product: .exact)
    let spectrum = try hessian.spectrum(2)
    #expect(abs(spectrum.eigenvalues[0] - 4) < 0.05)
    #expect(abs(spectrum.eigenvalues[1] - 2) < 0.05)
    #expect(abs(spectrum.subspace[0][3]) > 0.99)
    #expect(abs(spectrum.subspace[1][11]) > 0.99)
    #expect(spectrum.residuals.allSatisfy { $0 < 1e-3 })
  }

  @Test("vᵀA(v) of a secant has the gradient A(v) and what the ends of the window add")
  func quotientGradient() throws {
    let network = try TestNetworks.rectified().softened(beta: 2)
    let found = try DeepFool.perturbations(of: TestNetworks.images(20, dimension: 12), network)
    let fooled = found.gathering(found.fooledIndices)
    let hessian = try AverageHessian(
      network, at: fooled.points, margin: fooled.pairMargin, product: .secant(step: 0.4))
    var generator = SeededGenerator(seed: 11)
    let (v, w) = (generator.unitVector(12), generator.unitVector(12))
    func quotient(_ v: [Float]) throws -> Double { dot(v, try hessian.product(v)) / dot(v, v) }
    let product = try hessian.product(v)
    var gradient = product
    add(1, try hessian.windowEnds(v), to: &gradient)
    add(-Float(dot(v, gradient)), v, to: &gradient)
    let moved = try [Float(2e-2), -2e-2].map { e -> Double in
      var moved = v
      add(e, w, to: &moved)
      return try quotient(moved)
    }
    let slope = (moved[0] - moved[1]) / 4e-2
    #expect(abs(slope - dot(gradient, w)) < 0.1 * norm(gradient))
    // Where the Hessian is one everywhere the ends of the window bend as its middle.
    let quadric = try TestNetworks.quadric([3, 1, -2, 0.5, 0], [0, 0, 0, 0, 2], -1)
    let point = Tensor(shape: TestNetworks.shape(5), elements: [0, 0, 0, 0, 0.5])
    let flat = try AverageHessian(
      quadric, at: point, margin: .pair(own: [0], other: [1]), product: .secant(step: 0.3))
    let u = SeededGenerator.unit(5)
    #expect(zip(try flat.windowEnds(u), try flat.product(u)).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test("the authors' recipe moves images into the target, short of the boundary")
  func targetedApproach() throws {
    let network = try TestNetworks.rectified()
    let images = TestNetworks.images(60, dimension: 12)
    let approach = try TargetedApproach(network, images: images, target: 2)
    guard case .pair(let own, let other) = approach.margin else {
      Issue.record("not a pair margin")
      return
    }
    #expect(other.allSatisfy { $0 == 2 } && own.allSatisfy { $0 != 2 } && own.count > 20)
    #expect(approach.points.count == own.count)
    let linear = try TestNetworks.linear(Tensor(zeros: [3, 4]), bias: [1, 0, 0])
    #expect(
      try TargetedApproach(linear, images: TestNetworks.images(3, dimension: 4), target: 1).points.count == 0)
  }
}

extension AverageHessian {
  /// The m largest eigenpairs after 40 Lanczos steps, each evaluated anew.
  func spectrum(_ m: Int) throws -> Spectrum {
    var iteration = LanczosIteration(self, seed: 1)
    while iteration.factorization.count < min(40, dimension), try iteration.advance() != nil {}
    var verification = Verification(of: iteration, count: m)
    while try verification.advance() != nil {}
    return verification.spectrum
  }
}

extension SeededGenerator {
  static func unit(_ count: Int, seed: UInt64 = 1) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return generator.unitVector(count)
  }
}
