import Foundation
import Networks
import Tensors
import Testing

@testable import Experiments

@Suite("Directions")
struct DirectionsTests {
  private let subject = Subjects.smooth()
  private var context: ExperimentContext<Prediction.Outcome> { ExperimentContext() }

  private var curvature: SharedCurvature {
    var curvature = SharedCurvature(product: .secant(step: 0.5), eigenvectors: 3)
    (curvature.points, curvature.iterations) = (6, 12)
    return curvature
  }

  @Test("What is learnt is what its experiment finds on the images that are learnt from")
  func learnt() throws {
    let (training, shared) = (Subject(classifier: subject.classifier, images: subject.images), curvature)
    let universal = UniversalFooling(method: .gradient, radius: 0.5)
    #expect(
      try context.basis(.curvature(shared), on: subject).vectors
        == shared.run(on: training.first(6), ExperimentContext()).basis)
    #expect(
      try context.basis(.normals(NormalSpectrum(vectors: 4)), on: subject).vectors
        == NormalSpectrum(vectors: 4).run(on: training, ExperimentContext()).basis)
    #expect(
      try context.basis(.universal(universal), on: subject).vectors
        == universal.run(on: training, ExperimentContext()).perturbation)
  }

  @Test("An experiment that learns its directions finds what it finds with these directions given")
  func given() throws {
    let basis = try context.basis(.curvature(curvature), on: subject)
    func curve(_ directions: Directions) throws -> SubspaceFooling.Outcome {
      try SubspaceFooling(basis: directions, dimensions: [1, 3], radius: 0.5).run(
        on: subject, ExperimentContext())
    }
    #expect(try curve(.curvature(curvature)) == curve(.given(basis)))
  }

  @Test("A random direction is the first of no subspace, and needs nothing but its seed")
  func random() throws {
    let one = try context.vector(.random(seed: 4), on: subject)
    var generator = SeededGenerator(seed: 4)
    #expect(one.vectors.elements == generator.unitVector(72) && one.name == "random 4")
    let basis = try context.basis(.random(seed: 4), on: subject, count: 90)
    #expect(basis.dimension == 72 && basis.name == "random")
  }

  @Test("The way to another image begins at the one that is looked at, and goes by the set's numbers")
  func image() throws {
    let images = subject.images.images
    let looking = Subject(
      classifier: subject.classifier,
      images: ImageSet(name: "noise 7..9", images: images[7..<9], start: 7),
      image: ImageSet(name: "noise 2..3", images: images.entry(2)))
    let way = try context.vector(Direction(.image(8)), on: looking)
    #expect(way.vectors == images.entry(8) - images.entry(2) && way.name == "towards image 8")
    for wrong in [6, 9] {
      #expect(throws: SubjectError.self) { try context.vector(Direction(.image(wrong)), on: looking) }
    }
    #expect(throws: SubjectError.self) { try context.vector(Direction(.image(1)), on: subject) }
  }

  @Test("What another model learns comes of the images as it takes them")
  func other() throws {
    let second = Subjects.smooth(seed: 4)
    let own = Subject(classifier: second.classifier, images: subject.images.gathering([3, 4, 5, 6, 7, 8]))
    let both = Subject(classifier: subject.classifier, images: subject.images, others: [own])
    let model = OtherModel(second.classifier)
    let found = try context.vector(Direction(.other(model, .curvature(curvature)), 1), on: both)
    let expected = try curvature.run(on: own, ExperimentContext()).basis
    #expect(found.vectors == expected.entry(1) && found.name == "S_c 2 of smooth 4")
    #expect(throws: SubjectError.self) {
      try context.basis(.other(model, .curvature(curvature)), on: subject)
    }
  }

  @Test("A direction that was not learnt is one sentence")
  func beyond() {
    #expect(throws: SubjectError("S_c 4: only 3 directions were learnt")) {
      try context.vector(Direction(.curvature(curvature), 3), on: subject)
    }
  }

  @Test("Keys hold where directions come from, with the versions of what is learnt and of what that nests")
  func keys() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func text(_ directions: Directions) throws -> String {
      String(decoding: try encoder.encode(directions), as: UTF8.self)
    }
    #expect(try text(.random(seed: 3)) == #"{"random":3}"#)
    #expect(
      try text(.normals(NormalSpectrum())).contains(#""experiment":"normals""#)
        && text(.normals(NormalSpectrum())).contains(
          #""versions":{"normals":\#(NormalSpectrum.version),"perturb":\#(Robustness.version)}"#)
    )
    let plain = ResultKey(Prediction(), subject)
    let looking = Subject(
      classifier: subject.classifier, images: subject.images, validation: subject.validation,
      image: subject.images)
    #expect(plain?.digest != ResultKey(Prediction(), looking)?.digest)
  }
}
