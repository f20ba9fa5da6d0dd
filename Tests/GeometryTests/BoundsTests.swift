import Geometry
import LinearAlgebra
import Networks
import Tensors
import TestSupport
import Testing

@Suite("Bounds of the theorems")
struct BoundsTests {
  @Test(
    "theorem 1 has the printed constant and the exact one",
    arguments: [
      (0.05, 32.97, 14.72, 15.83), (0.1, 16.49, 7.35, 7.90), (0.2, 8.24, 3.65, 3.92),
      (0.35, 4.71, 2.05, 2.19),
    ]
  )
  func flat(delta: Double, printed: Double, ten: Double, hundred: Double) {
    let (few, many) = (
      FlatBound(dimension: 10, xi: 0, delta: delta), FlatBound(dimension: 100, xi: 0, delta: delta)
    )
    #expect(near(few.printed / 10.0.squareRoot(), printed, 1e-3))
    #expect(near(few.sharp / 10.0.squareRoot(), ten, 2e-3))
    #expect(near(many.sharp / 10, hundred, 2e-3))
    #expect(near(FlatBound(dimension: 10, xi: 0.5, delta: delta).sharp, 2 * few.sharp))
    #expect(FlatBound(dimension: 10, xi: 1, delta: delta).sharp == .infinity)
    #expect(FlatBound(dimension: 1, xi: 0, delta: delta).sharp == 1)
  }

  @Test("the exact constant of theorem 1 is what random vectors need")
  func sampled() {
    let bound = FlatBound(dimension: 12, xi: 0, delta: 0.2)
    var generator = SeededGenerator(seed: 4)
    let fooled = (0..<4000).filter { _ in abs(Double(generator.unitVector(12)[0])) * bound.sharp >= 1 }.count
    #expect(abs(Double(fooled) / 4000 - 0.8) < 0.02)
  }

  @Test(
    "theorem 2 has the printed bound and the proof's own",
    arguments: [(0.2, 4.97, 2.98), (0.5, 2.51, 1.0), (1, 1.55, 0.55)])
  func curved(kappa: Double, printed: Double, sharp: Double) throws {
    let bound = try #require(CurvedBound(dimension: 20, kappa: kappa, delta: 0.1))
    #expect(abs(bound.printed - printed) < 0.006)
    #expect(abs(bound.sharp - sharp) < 0.006)
    #expect(CurvedBound(dimension: 20, kappa: -kappa, delta: 0.1) == nil)
    #expect(CurvedBound(dimension: 20, kappa: 1.01, delta: 0.1) == nil)
  }

  @Test("lemma 1 has its constants, and the law fails less often than they allow")
  func projection() {
    let one = SphereProjection(coordinates: 1, of: 100, delta: 0.1)
    let fifty = SphereProjection(coordinates: 50, of: 3072, delta: 0.05)
    #expect(abs(one.lower - 0.0037) < 5e-5 && abs(one.upper - 8.64) < 5e-3)
    #expect(abs(one.failsBelow - 0.048) < 1e-3 && abs(one.failsAbove - 0.003) < 5e-4)
    #expect(abs(fifty.lower - 0.5248) < 1e-4 && abs(fifty.upper - 1.6094) < 1e-4)
    #expect(abs(fifty.failsBelow - 0.0021) < 1e-4 && abs(fifty.failsAbove - 0.0037) < 1e-4)
  }

  @Test("a ball bends by ‖r‖/R in every plane through r", arguments: [Float(1), 20])
  func ball(scale: Float) throws {
    let network = try TestNetworks.ball(2, dimension: 9, scale: scale)
    let found = try DeepFool.perturbations(of: TestNetworks.images(3, dimension: 9, scale: 0.3), network)
    let form = try NormalSectionForm(network, at: found, margin: found.regionMargin, product: .exact)
    var generator = SeededGenerator(seed: 8)
    for (entry, length) in zip(try form.entries(along: generator.unitVector(9)), found.norms) {
      #expect(near(entry.smallest, length / 2, 1e-4))
      #expect(near(entry.along, length / 2, 1e-4) && near(entry.across, length / 2, 1e-4))
      #expect(abs(entry.mixed) < 1e-5)
    }
  }
}

@Suite("Margins within subspaces, and other universal perturbations")
struct BaselineTests {
  private let shape: Shape = [1, 1, 1, 12]

  private func linear() -> Network {
    var generator = SeededGenerator(seed: 3)
    return SmallNetworks.linear(
      weights: Tensor(shape: [3, 12], elements: generator.gaussianVector(36)), bias: [0.3, -0.1, 0])
  }

  private func images(_ count: Int) -> Tensor {
    var generator = SeededGenerator(seed: 6)
    return Tensor(shape: shape.batch(of: count), elements: generator.gaussianVector(12 * count))
  }

  @Test("within a subspace a linear boundary is as far as its normal's shadow says")
  func within() throws {
    let (network, x) = (linear(), images(9))
    var generator = SeededGenerator(seed: 1)
    let subspace = Subspace.random(count: 4, dimension: 12, using: &generator)
    var search = SubspaceMargin(network, at: x, within: subspace)
    while try search.advance() != nil {}
    let logits = try network.logits(x)
    let jacobian = try network.jacobian(at: x).jacobian
    for n in 0..<9 {
      let row = Array(logits.entryElements(n))
      let own = logits.argmaxOfEntries[n]
      let rows = (0..<3).map { Array(jacobian.elements[(n * 3 + $0) * 12..<(n * 3 + $0 + 1) * 12]) }
      let distances = (0..<3).filter { $0 != own }.map { other in
        let normal = zip(rows[other], rows[own]).map { $0 - $1 }
        return Double(row[own] - row[other]) / norm(subspace.coordinates(of: normal))
      }
      #expect(near(try #require(search.norms[n]), distances.min()!, 1e-3))
    }
    var whole = SubspaceMargin(
      network, at: x, within: Subspace.random(count: 12, dimension: 12, using: &generator))
    while try whole.advance() != nil {}
    let free = try DeepFool.perturbations(of: x, network)
    for n in 0..<9 { #expect(near(try #require(whole.norms[n]), free.norms[n], 1e-3)) }
  }

  @Test("gradient ascent stays in its ball and fools more than it began with", arguments: [true, false])
  func gradient(isEuclidean: Bool) throws {
    let test = try FoolingTest(linear(), images: images(80))
    var settings = GradientUniversal.Settings(isEuclidean ? .l2(2) : .linf(0.6))
    (settings.passes, settings.batch) = (6, 16)
    var search = GradientUniversal(test, settings: settings)
    var steps = 0
    while let place = try search.advance() {
      steps += 1
      let size = isEuclidean ? norm(place.current) : Double(place.current.reduce(0) { max($0, abs($1)) })
      #expect(size <= settings.ball.radius * (1 + 1e-5))
    }
    #expect(steps == 6 * 6)
    let reached = try test.share(fooledBy: search.place.best).rate
    #expect(reached == search.place.passes.map(\.training.rate).max())
    var generator = SeededGenerator(seed: 4)
    let random = try test.share(fooledBy: generator.unitVector(12), radius: 2).rate
    #expect(reached > 0.4 && reached > random)
  }

  @Test("the (2, 2)-singular vector of a linear network is that of its matrix")
  func singular() throws {
    let network = linear()
    let dense = try network.jacobian(at: images(1)).jacobian
    let top = SingularValues(dense.elements.map(Double.init), rows: 3, columns: 12)
    var search = SingularPerturbation(
      network, layer: nil, images: images(5), ball: .l2(0.7), q: 2, steps: 200)
    while try search.advance() != nil {}
    #expect(near(norm(search.current), 0.7))
    #expect(abs(dot(search.current, top.rowSpace[..<12].map(Float.init))) > 0.7 * (1 - 1e-4))
    // Five images share the matrix.
    #expect(near(search.values.last!, top.values[0] * 5.0.squareRoot(), 1e-4))
    #expect(zip(search.values, search.values.dropFirst()).allSatisfy { $1 > $0 * (1 - 1e-6) })
  }

  @Test("a linear classifier learns what is linear")
  func training() throws {
    let x = images(60)
    let labels = try linear().labels(x)
    var training = LinearTraining(images: x, labels: labels, classes: 3)
    let first = training.advance()
    while training.steps < 2000 { training.advance() }
    #expect(abs(first - 1.0986) < 1e-3)
    #expect(try #require(training.loss) < 0.2)
    let found = try training.network(imageShape: shape).labels(x)
    #expect(zip(found, labels).filter { $0 == $1 }.count >= 58)
  }
}
