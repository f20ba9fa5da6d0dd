import Experiments
import Foundation
import Geometry
import Networks
import Tensors
import TestSupport
import Testing

/// The code of the documentation's articles compiles, runs, and is what the articles print.
@Suite("Articles")
struct ArticleTests {
  private let subject = Subjects.smooth()

  @Test("Overview: an experiment runs, and is found again in a store")
  func overview() throws {
    let (classifier, images) = (subject.classifier, subject.images)
    let folder = FileManager.default.temporaryDirectory.appending(path: "articles-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = ResultStore(folder: folder)

    let subject = Subject(classifier: classifier, images: images)
    let found = try Robustness().run(on: subject, ExperimentContext())

    let kept = try Robustness().outcome(on: subject, in: store, ExperimentContext())

    #expect(kept.each == found.each && found.fooled > 0)
    #expect(store.outcome(of: Robustness(), on: subject)?.each == found.each)
  }

  @Test("Boundary and margins: norms of the images that were reached")
  func boundary() throws {
    let found = try Robustness(refinement: .minimal).run(on: subject, ExperimentContext())
    let norms = found.each.filter(\.isFooled).map(\.norm)

    #expect(norms.count == found.fooled && norms.allSatisfy { $0 > 0 })
  }

  @Test("Where a number is not defined: an image without a boundary has an obstacle")
  func degenerate() throws {
    let network = SmallNetworks.linear(
      weights: Tensor(zeros: [3, 72]), bias: [0.1, 0.5, 0.2], imageShape: [1, 2, 6, 6])
    let subject = Subject(
      classifier: Subjects.classifier(network, name: "constant"),
      images: Subjects.images(4, [1, 2, 6, 6], seed: 1))
    let found = try Robustness().run(on: subject, ExperimentContext())
    let obstacles = found.each.compactMap(\.obstacle)

    #expect(obstacles == [.flat, .flat, .flat, .flat] && found.meanNorm == nil)
  }

  @Test("The normal section: a plane with its boundary point")
  func section() throws {
    let section = SectionMap(
      index: 0, along: Direction(.random(seed: 1)), width: 49, height: 49, product: .secant(step: 1))
    let plane = try section.run(on: subject, ExperimentContext())

    #expect(plane.columns == 49 && plane.norm > 0 && !plane.boundary.isEmpty)
  }

  @Test("Curvature and its scale: the weights of a density sum to one")
  func density() throws {
    var spectrum = PointSpectrum(index: 0, method: .density, product: .softened(beta: 10))
    (spectrum.probes, spectrum.steps) = (2, 24)
    let density = try spectrum.run(on: subject, ExperimentContext())

    #expect(abs(density.nodes.reduce(0) { $0 + $1.weight } - 1) < 1e-4)
  }

  @Test("Shared directions: S_c of a few points")
  func shared() throws {
    var curvature = SharedCurvature(recipe: .region, product: .secant(step: 1), eigenvectors: 2)
    (curvature.points, curvature.iterations, curvature.climb) = (8, 16, 4)
    let space = try curvature.run(on: subject, ExperimentContext())

    #expect(space.basis.count == 2 && space.points == 8)
  }

  @Test("Universal perturbations: one vector within the norm that was asked for")
  func universal() throws {
    var even = UniversalFooling(method: .even, radius: 1)
    even.gradients = 200
    let vector = try even.run(on: subject, ExperimentContext())

    #expect((0.1...1.0001).contains(norm(vector.perturbation.elements)))
  }

  @Test("Every block of Swift in an article stands in this file")
  func verbatim() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let folder = tests.appending(path: "../../Sources/Experiments/Documentation.docc").standardized
    let own = Self.lines(try String(contentsOf: URL(filePath: #filePath), encoding: .utf8))
    var blocks = 0
    for article in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where article.hasSuffix(".md") {
      let text = try String(contentsOf: folder.appending(path: article), encoding: .utf8)
      for block in text.components(separatedBy: "```swift\n").dropFirst() {
        let code = Self.lines(block.components(separatedBy: "\n```")[0])
        let stands = own.indices.contains { own[$0...].starts(with: code) }
        #expect(stands, "\(article): \(code)")
        blocks += 1
      }
      for name in text.matches(of: /<doc:([A-Za-z]+)>/).map({ String($0.output.1) }) {
        #expect(
          FileManager.default.fileExists(atPath: folder.appending(path: "\(name).md").path),
          "\(article): \(name)")
      }
    }
    #expect(blocks >= 7)
  }

  /// Without indentation and empty lines.
  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}
