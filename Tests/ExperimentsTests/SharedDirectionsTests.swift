import Geometry
import LinearAlgebra
import Networks
import Tensors
import TestSupport
import Testing

@testable import Experiments

@Suite("What networks share")
struct SharedDirectionsTests {
  @Test("a subspace and the same one shifted agree over shifts, not without")
  func shifts() {
    let shape: Shape = [2, 4, 6]
    var generator = SeededGenerator(seed: 4)
    let first = Subspace.random(count: 3, dimension: 48, using: &generator)
    // Every row one down, every column two to the right, round about.
    var moved = [Float](repeating: 0, count: first.basis.count)
    for i in moved.indices {
      let (x, y, plane) = (i % 6, i / 6 % 4, i / 24)
      moved[plane * 24 + (y + 1) % 4 * 6 + (x + 2) % 6] = first.basis[i]
    }
    let second = Subspace(orthonormal: moved, dimension: 48)
    #expect(ShiftedSubspaces.overlap(first.cosines(to: second)) < 0.5)
    let found = ShiftedSubspaces(second, first, shape: shape)
    #expect(near(found.overlap, 1, 1e-5) && near(found.largest, 1, 1e-5) && found.shift == [1, 2])
  }

  @Test("the energy of a wave lies in its ring, and shares sum to 1")
  func spectrum() {
    let basis = FourierBasis(height: 8, width: 8)
    let wave = Tensor(shape: [1, 1, 8, 8], elements: basis.plane(SpatialFrequency(rows: 2, columns: -3)))
    let rings = PowerSpectrum.rings(of: wave)
    #expect(near(rings[4], 1, 1e-9) && near(rings.reduce(0, +), 1, 1e-9))
    let both = PowerSpectrum.rings(
      of: Tensor(
        shape: [1, 2, 8, 8],
        elements: basis.plane(SpatialFrequency(rows: 0, columns: 0)) + scaled(wave.elements, by: 2)))
    #expect(near(both[0], 0.2, 1e-6) && near(both[4], 0.8, 1e-6))
    #expect(near(PowerSpectrum.overlap(rings, both), 0.8, 1e-6))
  }

  @Test("a network shares everything with itself, the ceiling is that of two samples")
  func matrix() throws {
    let subject = Subjects.smooth()
    let same = Subject(
      classifier: Classifier(
        network: subject.classifier.network, name: "twin", classNames: subject.classifier.classNames,
        digest: "twin"), images: subject.images)
    let second = Subjects.smooth(seed: 4)
    let all = Subject(
      classifier: subject.classifier, images: subject.images,
      others: [same, Subject(classifier: second.classifier, images: subject.images)])
    var curvature = SharedCurvature(product: .exact, eigenvectors: 3)
    (curvature.points, curvature.iterations) = (8, 20)
    let shared = SharedDirections(
      models: [OtherModel(same.classifier), OtherModel(second.classifier)], curvature: curvature)
    let o = try shared.run(on: all, Reports().context)
    #expect(o.models == ["smooth 3", "twin", "smooth 4"] && o.dimension == 3 && o.points == 8)
    #expect(near(try #require(o.overlap[0][1]), 1, 1e-4))
    #expect(near(try #require(o.largest[1][0]), 1, 1e-4))
    #expect(near(try #require(o.spectrum[0][1]), 1, 1e-6))
    let (own, foreign) = (try #require(o.overlap[0][0]), try #require(o.overlap[0][2]))
    #expect(own < 1 && foreign < 1 && o.chance.overlap < 0.2)
    #expect(try #require(o.shiftedOverlap[0][2]) >= foreign)
    #expect(
      near(o.quotients[0][0], o.quotients[0][1], 1e-4) && near(o.quotients[0][0], o.quotients[1][1], 1e-4))
    #expect(o.quotients[0][0] > o.quotients[2][0])
    curvature.points = 20
    let few = try SharedDirections(models: [], curvature: curvature).run(
      on: subject.learnt, Reports().context)
    #expect(few.overlap == [[nil]])
  }
}
