import Geometry
import LinearAlgebra
import Networks
import Tensors
import Testing

@Suite("Universal perturbation")
struct UniversalPerturbationTests {
  /// Two classes apart by a hyperplane, more than four in five of the images on one side of it.
  private func setting() throws -> FoolingTest {
    var weights = [Float](repeating: 0, count: 12)
    weights[6] = 1
    let network = try TestNetworks.linear(Tensor(shape: [2, 6], elements: weights), bias: [0, -2])
    return try FoolingTest(network, images: TestNetworks.images(100, dimension: 6))
  }

  private func run(_ settings: UniversalPerturbation.Settings, _ test: FoolingTest) throws
    -> UniversalPerturbation
  {
    var search = UniversalPerturbation(test, validation: test, settings: settings)
    while try search.advance() != nil {}
    return search
  }

  @Test("fools a linear classifier along its normal, inside the ball")
  func linear() throws {
    let search = try run(.init(.l2(3)), try setting())
    let pass = try #require(search.bestPass)
    #expect(pass.training.rate >= 0.8)
    #expect(pass.validation == pass.training)
    #expect(norm(search.best) <= 3 * (1 + 1e-6))
    #expect(search.best[0] > 0.99 * Float(norm(search.best)))
    #expect(search.isFinished)
  }

  @Test("a ball too small for it ends after the passes allowed, with the best of them kept")
  func unreachable() throws {
    var settings = UniversalPerturbation.Settings(.l2(0.5))
    settings.passes = 3
    let search = try run(settings, try setting())
    #expect(search.passes.count == 3)
    #expect(search.bestPass?.training.successes == search.passes.map(\.training.successes).max())
    #expect(abs(norm(search.best) - 0.5) < 1e-5)
  }

  @Test("stays in the ℓ∞ ball")
  func infinity() throws {
    let test = try FoolingTest(
      TestNetworks.rectified(), images: TestNetworks.images(40, dimension: 12))
    var settings = UniversalPerturbation.Settings(.linf(0.2))
    settings.passes = 2
    let search = try run(settings, test)
    #expect(search.best.allSatisfy { abs($0) <= 0.2 })
    #expect(search.best.contains { abs($0) == 0.2 })
  }

  @Test("every step says how far it is, and every pass visits every image once")
  func steps() throws {
    var settings = UniversalPerturbation.Settings(.l2(0.5))
    settings.passes = 2
    var search = UniversalPerturbation(try setting(), settings: settings)
    var before = (pass: 0, images: 0)
    while let step = try search.advance() {
      #expect(step.pass > before.pass || step.images > before.images || step.ended != nil)
      before = step.ended == nil ? (step.pass, step.images) : (step.pass + 1, 0)
      if step.ended != nil { #expect(step.images == 100) }
    }
    #expect(before.pass == 2)
  }

  @Test("a run that stopped goes on to the same end")
  func resuming() throws {
    let test = try FoolingTest(TestNetworks.rectified(), images: TestNetworks.images(40, dimension: 12))
    var settings = UniversalPerturbation.Settings(.l2(0.5))
    settings.passes = 2
    let whole = try run(settings, test)
    var first = UniversalPerturbation(test, validation: test, settings: settings)
    while first.passes.isEmpty || first.place.position < 10 { _ = try first.advance() }
    var second = UniversalPerturbation(test, validation: test, settings: settings)
    second.resume(at: first.place)
    while try second.advance() != nil {}
    #expect(second.best == whole.best)
    #expect(second.passes.map(\.training) == whole.passes.map(\.training))
  }

  @Test("projections on the balls")
  func balls() {
    #expect(UniversalPerturbation.Ball.l2(5).projection(of: [6, 8]) == [3, 4])
    #expect(UniversalPerturbation.Ball.l2(50).projection(of: [6, 8]) == [6, 8])
    #expect(UniversalPerturbation.Ball.linf(7).projection(of: [6, -8]) == [6, -7])
  }
}

@Suite("Determinism", .serialized)
struct DeterminismTests {
  @Test("the same bytes on one thread and on several")
  func threads() throws {
    let network = try TestNetworks.rectified(classes: 6, dimension: 16, hidden: 40)
    let images = TestNetworks.images(120, dimension: 16)
    func outcome() throws -> [[Float]] {
      let found = try DeepFool.perturbations(of: images, network)
      let curved = try AverageHessian(
        network, at: found.points, margin: found.regionMargin, product: .secant(step: 0.5)
      ).spectrum(3)
      var settings = UniversalPerturbation.Settings(.l2(1))
      settings.passes = 2
      var universal = UniversalPerturbation(try FoolingTest(network, images: images), settings: settings)
      while try universal.advance() != nil {}
      return [found.perturbations.elements, curved.subspace.basis, universal.current]
    }
    Threads.use(1)
    let one = try outcome()
    Threads.use(2)
    let two = try outcome()
    Threads.use(0)
    #expect(one == two)
  }
}
