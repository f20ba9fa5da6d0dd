import Experiments
import Foundation
import Images
import Networks
import ONNX
import Tensors
import Testing

/// The fooling rates of an independent implementation on the same network and images.
///
/// Takes minutes, and the CIFAR-10 files: runs where BOUNDARYSCOPE_SLOW is set.
@Suite(
  "Published figures",
  .enabled(if: ProcessInfo.processInfo.environment["BOUNDARYSCOPE_SLOW"] != nil, "set BOUNDARYSCOPE_SLOW"))
struct PublishedFiguresTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let data =
    ProcessInfo.processInfo.environment["BOUNDARYSCOPE_DATA"] ?? root.path + "/../shared/data"

  private func images(_ file: String, _ range: Range<Int>) throws -> ImageSet {
    let set = try openDataSet("\(Self.data)/cifar10/\(file)")
    return ImageSet(name: file, images: try set.images(range), truth: try set.labels(range))
  }

  /// The CIFAR-10 LeNet; nil, with a line that says so, where the images are not there.
  private func subject(learningFrom count: Int) throws -> Subject? {
    guard FileManager.default.fileExists(atPath: Self.data + "/cifar10/data_batch_1.bin") else {
      print("skipped: no CIFAR-10 in \(Self.data)")
      return nil
    }
    let path = Self.root.path + "/Assets/models/lenet-cifar10.onnx"
    return Subject(
      classifier: try openClassifier(path: path), images: try images("data_batch_1.bin", 0..<count),
      validation: try images("test_dev_5000.bin", 0..<1500))
  }

  private func rate(_ subject: Subject, _ experiment: UniversalFooling) throws -> Double {
    let start = ContinuousClock.now
    let outcome = try experiment.run(on: subject, ExperimentContext())
    print(
      "\(experiment.method) at \(experiment.radius): \(outcome.validation!.rate), opposite "
        + "\(outcome.validation!.opposite), training "
        + "\(outcome.training.rate), \(ContinuousClock.now - start)")
    // The figures of one-dimensional subspaces are means over both signs.
    let rates = outcome.validation!
    return experiment.method == .uap ? rates.rate : (rates.rate + rates.opposite) / 2
  }

  @Test(
    "The direction of largest shared curvature fools as many images as published",
    arguments: [(5.0, 4.0, 0.87, 1.0), (2.4, 2.4, 0.56, 0.66)])
  func curvature(radius: Double, step: Double, low: Double, high: Double) throws {
    guard let subject = try subject(learningFrom: 100) else { return }
    var experiment = UniversalFooling(method: .curvature, radius: radius)
    var curvature = SharedCurvature(product: .secant(step: Float(step)))
    // The figures are of Lanczos's vectors.
    curvature.climb = 0
    (curvature.eigenvectors, curvature.iterations) = (20, 40)
    experiment.curvature = curvature
    let rate = try rate(subject, experiment)
    #expect(rate >= low && rate <= high)
  }

  @Test(
    "The normals' direction fools as many images as published",
    arguments: [(5.0, 0.60, 0.08), (2.4, 0.32, 0.05)])
  func normals(radius: Double, expected: Double, tolerance: Double) throws {
    guard let subject = try subject(learningFrom: 100) else { return }
    let rate = try rate(subject, UniversalFooling(method: .normals, radius: radius))
    #expect(abs(rate - expected) <= tolerance)
  }

  @Test("Random directions fool as many images as published")
  func random() throws {
    guard let subject = try subject(learningFrom: 100) else { return }
    let rates = try (1...10).map { seed in
      try rate(subject, UniversalFooling(method: .random, radius: 5, seed: UInt64(seed)))
    }
    #expect(abs(rates.reduce(0, +) / 10 - 0.24) <= 0.04)
  }

  @Test(
    "The published algorithm fools as many images as published",
    arguments: [(5.0, 0.78, 0.04), (2.4, 0.42, 0.05)])
  func universal(radius: Double, expected: Double, tolerance: Double) throws {
    guard let subject = try subject(learningFrom: 1500) else { return }
    var experiment = UniversalFooling(method: .uap, radius: radius)
    experiment.passes = 2
    let rate = try rate(subject, experiment)
    #expect(abs(rate - expected) <= tolerance)
  }
}
