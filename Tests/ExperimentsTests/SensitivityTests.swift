import CanonicalJSON
import Foundation
import Geometry
import LinearAlgebra
import Networks
import Tensors
import TestSupport
import Testing

@testable import Experiments

@Suite("What a network is sensitive to")
struct SensitivityTests {
  /// f₁ − f₀ = wᵀx − 0.3 with one cosine of the second of three channels as w: images at the origin lie .3 away.
  private static func heeding(_ k: Int, _ l: Int) -> Subject {
    let wave = CosineBasis(height: 8, width: 8).plane(k, l)
    let none = [Float](repeating: 0, count: 64)
    let weights = Tensor(shape: [2, 192], elements: none + none + none + none + wave + none)
    let network = SmallNetworks.linear(weights: weights, bias: [0, -0.3], imageShape: [1, 3, 8, 8])
    let images = ImageSet(name: "black", images: Tensor(zeros: [2, 3, 8, 8]), truth: [0, 1])
    return Subject(classifier: Subjects.classifier(network), images: images)
  }

  @Test("a classifier of one cosine has its distance within the bands that hold it, and none in others")
  func bands() throws {
    let subject = Self.heeding(3, 4)
    let outcome = try BandMargins(count: 4, block: 2).run(on: subject, Reports().context)
    #expect(outcome.bands.map(\.rows) == [0, 2, 4, 6])
    #expect(outcome.bands.map(\.columns) == [0, 2, 4, 6])
    #expect(near(try #require(outcome.median), 0.3, 1e-4))
    // No block of the diagonal holds (3, 4); a single large one does.
    #expect(outcome.bands.allSatisfy { $0.reached == 0 && $0.median == nil && $0.dimension == 12 })
    let wide = try BandMargins(count: 2, block: 5).run(on: subject, Reports().context)
    #expect(wide.bands.map(\.reached) == [1, 1] && wide.bands.map(\.dimension) == [75, 75])
    for band in wide.bands { #expect(near(try #require(band.median), 0.3, 1e-4)) }
    #expect(throws: SubjectError.self) { try BandMargins(block: 9).run(on: subject, Reports().context) }
  }

  @Test("a heat map has the frequencies of the images, their rings, and errors where the truth is known")
  func fourier() throws {
    let subject = Self.heeding(0, 2)
    let outcome = try FourierHeatMap(radius: 2).run(on: subject, Reports().context)
    #expect(outcome.rows == Array(-4..<4) && outcome.columns == Array(-4..<4))
    #expect(outcome.rates.joined().allSatisfy { (0...1).contains($0) })
    #expect(outcome.clean == 0.5 && outcome.errors?.count == 8)
    #expect(outcome.bands.map(\.frequencies).reduce(0, +) == 64 && outcome.bands[0].radius == 0)
    let cut = try FourierHeatMap(radius: 2, cutoff: 1).run(on: subject, Reports().context)
    #expect(cut.rows == [-1, 0, 1])
    #expect(throws: SubjectError.self) { try FourierHeatMap(radius: -1).run(on: subject, Reports().context) }
  }

  @Test("a half-space has its distance as certificate and as ‖r‖, and as persistence by Φ⁻¹(γ)")
  func certificate() throws {
    var smoothing = SmoothedLabels.Settings(sigma: 0.2)
    smoothing.draws = 5000
    var persistence = LabelPersistence.Settings()
    persistence.draws = 1000
    let outcome = try NoiseCertificate(smoothing: smoothing, persistence: persistence).run(
      on: Self.heeding(3, 4), Reports().context)
    #expect(outcome.abstained == 0 && outcome.changed == 0 && outcome.gamma == 0.7)
    #expect(near(try #require(outcome.medianNorm), 0.3, 1e-4))
    #expect(outcome.medianRadius < 0.3 && outcome.medianRadius > 0.27)
    #expect(near(try #require(outcome.persistence), 0.3 / NormalDistribution.quantile(0.7), 0.2))
    for one in outcome.each { #expect(one.label == 0 && one.smoothed == 0 && one.kept > 4500) }
  }

  @Test("a linear margin has no γ; that of a smooth network grows with ε")
  func linearity() throws {
    let flat = try Linearity(settings: .init(radius: 0.5)).run(on: Self.heeding(1, 1), Reports().context)
    #expect(flat.largest < 1e-5 && flat.count == 2)
    let gammas = try [0.1, 0.4].map {
      try Linearity(settings: .init(radius: $0)).run(on: Subjects.smooth(), Reports().context)
    }
    #expect(gammas[1].median > gammas[0].median && gammas[0].median > 0)
    #expect(gammas[0].each.map(\.index) == Array(0..<16) && gammas[0].each[0].ends.count == 4)
  }

  @Test("labels along a direction last as long as the half-space does")
  func persistence() throws {
    let subject = Self.heeding(3, 4)
    let wave = CosineBasis(height: 8, width: 8).plane(3, 4)
    let v = Tensor(
      shape: [1, 3, 8, 8],
      elements: [Float](repeating: 0, count: 64) + wave + [Float](repeating: 0, count: 64))
    var persistence = Persistence(
      along: .given(Basis(name: "wave", vectors: v)), reach: 1, radius: 0.4, noise: nil)
    persistence.steps = 7
    let outcome = try persistence.run(on: subject, Reports().context)
    #expect(outcome.kept == 0 && outcome.keptOpposite == 1 && outcome.firstOpposite == nil)
    #expect(near(try #require(outcome.first), 0.3, 1e-4) && outcome.persistence == nil)
    #expect(outcome.split.rate == 1 && outcome.split.opposite == 0 && outcome.split.oddAlone == 1)
    #expect(near(outcome.split.odd.mean, 0.4, 1e-4) && abs(outcome.split.even.mean) < 1e-5)
  }

  @Test("the plane through three images holds them, and the boundary on the way from the first to the second")
  func threeImages() throws {
    let subject = Subjects.smooth()
    let (a, b, c) = (0, 3, 5)
    let images = subject.images.images
    let others = ImageSet(name: "two", images: images.gathering([b, c]), offsets: [b, c])
    let looked = ImageSet(name: "one", images: images.entry(a), start: a)
    let trio = Subject(classifier: subject.classifier, images: others, image: looked)
    var section = SectionMap(
      index: 0, along: Direction(.image(c)), width: 9, height: 9, product: .exact)
    section.towards = b
    let outcome = try section.run(on: trio, Reports().context)
    let corners = try #require(outcome.corners)
    let (ab, ac, bc) = (
      (images.entry(b) - images.entry(a)).norm, (images.entry(c) - images.entry(a)).norm,
      (images.entry(c) - images.entry(b)).norm
    )
    #expect(near(corners[1][1], ab, 1e-5) && corners[1][0] == 0 && corners[0] == [0, 0])
    #expect(near(hypot(corners[2][0], corners[2][1]), ac, 1e-5))
    #expect(near(hypot(corners[2][0], corners[2][1] - ab), bc, 1e-5))
    #expect(outcome.from == (try subject.classifier.network.labels(images.entry(a))[0]))
    for corner in corners {
      #expect(outcome.axes.s.first! < corner[0] && corner[0] < outcome.axes.s.last!)
      #expect(outcome.axes.t.first! < corner[1] && corner[1] < outcome.axes.t.last!)
    }
    let json = try CanonicalJSON.encoder.encode(outcome)
    #expect(try CanonicalJSON.decoder.decode(SectionMap.Outcome.self, from: json).corners == corners)
  }
}
