import Geometry
import Networks
import Tensors
import Testing

@Suite("Universal perturbations by gradient ascent")
struct GradientUniversalTests {
  private static let diagonal: [Float] = [1, 0.5, 4, -2, 0.3, 0]
  private static let slope: [Float] = [0, 2, 0, 0, 0, 1]

  /// Images around the origin, class 0, of a network that bends most along axis 2 and rises along axes 1 and 5.
  private static func test() throws -> FoolingTest {
    let network = try TestNetworks.quadric(diagonal, slope, -6)
    return try FoolingTest(network, images: TestNetworks.images(40, dimension: 6, scale: 0.1))
  }

  private static func run(_ settings: GradientUniversal.Settings) throws -> GradientUniversal.Place {
    var search = GradientUniversal(try test(), settings: settings)
    while try search.advance() != nil {}
    return search.place
  }

  private static func settings(isEven: Bool) -> GradientUniversal.Settings {
    var settings = GradientUniversal.Settings(.l2(1.5))
    (settings.loss, settings.isEven, settings.gradients) = (.logistic, isEven, 2000)
    return settings
  }

  @Test("v and −v together find the direction that bends most, v alone the one that rises most")
  func parity() throws {
    let even = try Self.run(Self.settings(isEven: true))
    #expect(abs(even.best[2]) > 0.99 * 1.5)
    let odd = try Self.run(Self.settings(isEven: false))
    let rise = zip(odd.best, Self.slope).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(rise > 1.5 && odd.best[1] > 0)
  }

  @Test("gradients are counted, and parts of the run are judged", arguments: [true, false])
  func budget(isEven: Bool) throws {
    let place = try Self.run(Self.settings(isEven: isEven))
    var search = GradientUniversal(try Self.test(), settings: Self.settings(isEven: isEven))
    #expect(place.passes.count == 10 && search.batches == 4)
    var steps = 0
    while try search.advance() != nil { steps += 1 }
    #expect(steps == 10 * (4 + 1))
    #expect(place.passes.last!.isBest && place.best == place.current)
    #expect(norm(place.best) <= 1.5 * (1 + 1e-6))
  }

  @Test("a run goes on from its place to the same end", arguments: [true, false])
  func resumption(isEven: Bool) throws {
    let whole = try Self.run(Self.settings(isEven: isEven))
    var first = GradientUniversal(try Self.test(), settings: Self.settings(isEven: isEven))
    for _ in 0..<23 { _ = try first.advance() }
    var second = GradientUniversal(try Self.test(), settings: Self.settings(isEven: isEven))
    second.resume(at: first.place)
    while try second.advance() != nil {}
    #expect(second.place.best == whole.best && second.place.passes == whole.passes)
  }

  @Test("the logistic margin's ascent is the same whatever the scale of the logits")
  func scale() throws {
    let found = try [Float(1), 50].map { scale in
      let network = try TestNetworks.quadric(Self.diagonal, Self.slope, -6, scale: scale)
      let test = try FoolingTest(network, images: TestNetworks.images(40, dimension: 6, scale: 0.1))
      var search = GradientUniversal(test, settings: Self.settings(isEven: true))
      while try search.advance() != nil {}
      return search.place.best
    }
    for (a, b) in zip(found[0], found[1]) { #expect(abs(a - b) < 1e-3) }
  }
}

@Suite("Augmentation")
struct AugmentationTests {
  private let image = Tensor(shape: [1, 2, 3, 4], elements: (0..<24).map(Float.init))

  /// The image moved by hand: mirrored or not, reflected at its edges.
  private func variant(_ isMirrored: Bool, _ down: Int, _ across: Int) -> [Float] {
    let rows = (0..<3).map { $0 + down }.map { [-1: 1, 3: 1][$0] ?? $0 }
    let columns = (0..<4).map { (isMirrored ? 3 - $0 : $0) + across }.map { [-1: 1, 4: 2][$0] ?? $0 }
    return (0..<2).flatMap { c in rows.flatMap { y in columns.map { x in Float(c * 12 + y * 4 + x) } } }
  }

  @Test("every draw is one of the mirrored and shifted images, and all of them come")
  func draws() {
    var expected: [[Float]] = []
    for isMirrored in [false, true] {
      for down in -1...1 { for across in -1...1 { expected.append(variant(isMirrored, down, across)) } }
    }
    var generator = SeededGenerator(seed: 1)
    let drawn = Augmentation.shift(1).draw(
      image.gathering([Int](repeating: 0, count: 600)), using: &generator)
    let rows = (0..<600).map { Array(drawn.entryElements($0)) }
    #expect(Set(rows) == Set(expected))
    for one in expected { #expect((10...60).contains(rows.filter { $0 == one }.count)) }
  }

  @Test("mirror alone mirrors half of them, none nothing")
  func mirror() {
    var generator = SeededGenerator(seed: 2)
    let many = image.gathering([Int](repeating: 0, count: 400))
    let drawn = Augmentation.mirror.draw(many, using: &generator)
    let plain = (0..<400).filter { Array(drawn.entryElements($0)) == image.elements }.count
    let mirrored = (0..<400).filter { Array(drawn.entryElements($0)) == variant(true, 0, 0) }.count
    #expect(plain + mirrored == 400 && (150...250).contains(plain))
    #expect(Augmentation.none.draw(many, using: &generator).elements == many.elements)
  }

  @Test("its text is read again", arguments: ["none", "mirror", "shift:3"])
  func text(_ text: String) throws { #expect(try #require(Augmentation(text)).description == text) }

  @Test("what is no augmentation", arguments: ["shift", "shift:0", "shift:-2", "shift:x", "", "turn"])
  func refused(_ text: String) { #expect(Augmentation(text) == nil) }
}
