import Geometry
import LinearAlgebra
import Networks
import Tensors
import Testing

@Suite("Fooling")
struct FoolingTests {
  @Test(
    "Wilson's interval",
    arguments: [
      (0, 10, 0.0, 0.277533), (10, 10, 0.722467, 1.0), (5, 10, 0.236593, 0.763407),
      (81, 263, 0.255289, 0.366210), (870, 1000, 0.847732, 0.889436),
    ])
  func wilson(successes: Int, trials: Int, low: Double, high: Double) {
    let interval = Proportion(successes, of: trials).interval
    #expect(abs(interval.lowerBound - low) < 1e-5)
    #expect(abs(interval.upperBound - high) < 1e-5)
  }

  @Test("no trials say nothing")
  func noTrials() {
    #expect(Proportion(0, of: 0).rate == 0)
    #expect(Proportion(0, of: 0).interval == 0...1)
  }

  /// Class 1 where the first pixel exceeds ½.
  private func threshold() throws -> Network {
    try TestNetworks.linear(Tensor(shape: [2, 3], elements: [0, 0, 0, 1, 0, 0]), bias: [0, -0.5])
  }

  private let images = Tensor(
    shape: [4, 1, 1, 3], elements: [0.1, 0, 0, 0.3, 0, 0, 0.6, 0, 0, 0.95, 0, 0])

  @Test("counts what v, −v, either and the clipped v change")
  func rates() throws {
    let test = try FoolingTest(threshold(), images: images)
    #expect(test.labels == [0, 0, 1, 1])
    let rate = try test.rate(of: [1, 0, 0], radius: 0.25)
    #expect(rate.forward == Proportion(1, of: 4))
    #expect(rate.opposite == Proportion(1, of: 4))
    #expect(rate.either == Proportion(2, of: 4))
    #expect(rate.clipped == Proportion(1, of: 4))
    #expect(rate.labels == [1, 3])
    #expect(abs(rate.radius - 0.25) < 1e-6)
    let mirrored = try test.rate(of: [-1, 0, 0], radius: 0.25)
    #expect(mirrored.forward == rate.opposite && mirrored.opposite == rate.forward)
    let zero = try test.rate(of: [0, 0, 0], radius: 3)
    #expect(zero.rate == 0 && zero.radius == 0)
  }

  @Test("clipping takes away what no image can hold")
  func clipping() throws {
    let network = try TestNetworks.linear(
      Tensor(shape: [2, 3], elements: [0, 0, 0, 1, 1, 0]), bias: [0, -1.2])
    let test = try FoolingTest(network, images: images)
    let rate = try test.rate(of: [1, 0, 0], radius: 1.2)
    #expect(rate.forward.successes > 0)
    #expect(rate.clipped.successes == 0)
  }

  @Test("a curve has two draws on a line and as many as asked beyond it, the same for the same seed")
  func curve() throws {
    let test = try FoolingTest(threshold(), images: images)
    let subspace = Subspace(orthonormal: [1, 0, 0, 0, 1, 0], dimension: 3)
    func entries() throws -> [FoolingCurve.Entry] {
      var curve = FoolingCurve(test, subspace: subspace, dimensions: [1, 2, 5], radius: 0.45)
      while try curve.advance() != nil {}
      #expect(curve.count == 22)
      return curve.entries
    }
    let found = try entries()
    #expect(found.map(\.dimension) == [1, 2])
    #expect(found[0].rates == [0.5, 0.5])
    #expect(found[0].deviation == 0)
    #expect(found[1].rates.count == 20)
    #expect(found[1].best >= found[1].mean)
    #expect(try entries().map(\.rates) == found.map(\.rates))
  }

  @Test("random noise finds the radius at which a share of labels changes")
  func noise() throws {
    let network = try TestNetworks.ball(2, dimension: 50)
    let images = TestNetworks.images(200, dimension: 50, scale: 0.02)
    let test = try FoolingTest(network, images: images)
    var noise = RandomNoise(test, radii: [0.5, 1.5])
    while try noise.advance() != nil {}
    let radius = try #require(noise.radius)
    #expect(abs(radius - 2) < 0.05)
    #expect(noise.curve.map(\.radius) == noise.curve.map(\.radius).sorted())
    #expect(noise.curve.first { $0.radius == 1.5 }?.rate == 0)
  }

  @Test("where the share falls again beyond its first crossing, that crossing is what is found")
  func bump() throws {
    // Along one pixel the label changes between 1 and 3 alone: (x² − 1)(9 − x²) = −x⁴ + 10x² − 9 is positive there.
    var graph = Graph(imageShape: [1, 1, 1, 1])
    let x = graph.append(Reshape(entry: [1]), of: [.image])
    let square = graph.append(Multiplication(), of: [x, x])
    let fourth = graph.append(Multiplication(), of: [square, square])
    let both = graph.append(Concatenation(axis: 1), of: [square, fourth])
    graph.append(
      Dense(weights: Tensor(shape: [2, 2], elements: [0, 0, 10, -1]), bias: [0, -9]), of: [both])
    let test = try FoolingTest(Network(graph), images: Tensor(zeros: [4, 1, 1, 1]))
    var noise = RandomNoise(test, share: 0.5, radii: [0.5, 2, 4])
    while try noise.advance() != nil {}
    #expect(try abs(#require(noise.radius) - 1) < 0.02)
  }

  @Test("noise that changes nothing has no radius")
  func noNoise() throws {
    let network = try TestNetworks.linear(Tensor(zeros: [2, 4]), bias: [1, 0])
    var noise = RandomNoise(try FoolingTest(network, images: TestNetworks.images(5, dimension: 4)))
    while try noise.advance() != nil {}
    #expect(noise.radius == nil)
  }

  @Test("the normals of a two-class linear classifier are one direction")
  func normals() throws {
    let network = try TestNetworks.randomLinear(classes: 2, dimension: 9)
    let found = try DeepFool.perturbations(of: TestNetworks.images(12, dimension: 9), network)
    let normals = BoundaryNormals(of: found, vectors: 3)
    #expect(abs(normals.singularValues[0] - 12.0.squareRoot()) < 1e-4)
    #expect(normals.singularValues[1] < 1e-4)
    #expect(normals.subspace.count == 3)
    #expect(abs(abs(dot(normals.subspace[0], Array(found.normals.entryElements(0)))) - 1) < 1e-5)
  }

  @Test("the normals of L linear classes span L − 1 dimensions")
  func rank() throws {
    let network = try TestNetworks.randomLinear(classes: 4, dimension: 15)
    let found = try DeepFool.perturbations(of: TestNetworks.images(200, dimension: 15), network)
    let values = BoundaryNormals(of: found).singularValues
    #expect(values[2] > 1e-2 && values[3] < 1e-3)
    #expect(abs(values.reduce(0) { $0 + $1 * $1 } - 200) < 1e-2)
  }
}
