import Networks
import Tensors
import TestSupport
import Testing

@testable import Experiments

@Suite("Refusals")
struct RefusalTests {
  private let subject = Subjects.smooth(count: 4, validation: nil)

  private func sentence<E: Experiment>(_ experiment: E, _ subject: Subject) -> String? {
    do {
      _ = try experiment.outcome(on: subject, in: nil, Reports().context)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("Images of another size are named with both sizes")
  func size() {
    let other = Subject(
      classifier: subject.classifier, images: Subjects.images(2, [1, 3, 6, 6], seed: 1))
    #expect(
      sentence(Prediction(), other)
        == "noise has images of 3×6×6, but smooth 3 takes 2×6×6; resize them or choose others")
  }

  @Test("No images at all")
  func empty() {
    let other = Subject(classifier: subject.classifier, images: subject.images.gathering([]))
    #expect(sentence(Robustness(), other) == "noise holds no images; choose a range that does")
  }

  @Test("A direction of another size, or with numbers that are not finite")
  func directions() {
    let wrong = Basis(name: "v.npy", vectors: Tensor(zeros: [1, 2, 5, 5]))
    #expect(
      sentence(Fooling(perturbation: .given(wrong)), subject)?.hasPrefix("v.npy has the shape 1×2×5×5")
        == true)
    let bad = Basis(name: "v.npy", vectors: Tensor(repeating: .nan, shape: [1, 2, 6, 6]))
    #expect(sentence(Fooling(perturbation: .given(bad)), subject)?.contains("not finite") == true)
    let zero = Basis(name: "v.npy", vectors: Tensor(zeros: [1, 2, 6, 6]))
    let section = SectionMap(index: 0, along: .given(zero), product: .exact)
    #expect(sentence(section, subject) == "v.npy spans no plane with r of image 0; choose another direction")
  }

  @Test("Dimensions that a basis does not have", arguments: [[0], [5], []])
  func dimensions(dimensions: [Int]) {
    let experiment = SubspaceFooling(
      basis: .given(Subjects.basis(4, like: subject)), dimensions: dimensions, radius: 1)
    #expect(sentence(experiment, subject) == "S has 4 directions; choose dimensions from 1 to 4")
  }

  @Test("An image that the set does not have")
  func index() {
    let section = SectionMap(index: 4, along: .random(seed: 1), product: .exact)
    #expect(sentence(section, subject) == "noise has no image 4; choose one of 0 to 3")
  }

  @Test("A target class that the network does not have")
  func target() {
    let experiment = SharedCurvature(recipe: .authors(target: 4), product: .exact)
    #expect(sentence(experiment, subject) == "class 4 does not exist; the classes are 0 to 3")
  }

  @Test("Logits that are not finite")
  func notFinite() {
    let network = SmallNetworks.linear(
      weights: Tensor(repeating: .nan, shape: [2, 72]), bias: [0, 0], imageShape: [1, 2, 6, 6])
    let other = Subject(classifier: Subjects.classifier(network), images: subject.images)
    let sentence = "small gives logits that are not finite for image 0 of noise: nan for cat"
    for experiment in [Prediction(), Robustness(), NoiseTolerance()] as [any Experiment] {
      #expect(self.sentence(experiment, other) == sentence)
    }
  }

  @Test("Recipes are spelt as on the command line", arguments: ["region", "paper", "authors:3"])
  func recipes(text: String) {
    #expect(CurvatureRecipe(text)?.description == text)
    #expect(CurvatureRecipe(text + "x") == nil)
  }
}
