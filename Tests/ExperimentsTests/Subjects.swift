import Experiments
import Foundation
import Jobs
import Networks
import Synchronization
import Tensors
import TestSupport

/// Small subjects that every experiment can be run on in an instant.
enum Subjects {
  static func classifier(_ network: Network, name: String = "small") -> Classifier {
    Classifier(network: network, name: name, classNames: ["cat", "dog", "ship", "frog"], digest: name)
  }

  /// 1×2×6×6 images, four classes, smooth.
  static func smooth(count: Int = 24, validation: Int? = 16, seed: UInt64 = 3) -> Subject {
    Subject(
      classifier: classifier(SmallNetworks.smooth(seed: seed), name: "smooth \(seed)"),
      images: images(count, [1, 2, 6, 6], seed: 5),
      validation: validation.map { images($0, [1, 2, 6, 6], seed: 6) })
  }

  /// The ball of radius 2 about the origin of a 12-dimensional space, images within it.
  static func ball(count: Int = 8) -> Subject {
    let shape: Shape = [1, 3, 2, 2]
    return Subject(
      classifier: classifier(SmallNetworks.ball(dimension: 12, radius: 2, imageShape: shape), name: "ball"),
      images: images(count, shape, seed: 7))
  }

  static func images(_ count: Int, _ shape: Shape, seed: UInt64) -> ImageSet {
    var generator = SeededGenerator(seed: seed)
    let elements = (0..<count * shape.count).map { _ in Float(generator.uniform()) * 0.8 }
    return ImageSet(
      name: "noise", images: Tensor(shape: shape.batch(of: count), elements: elements),
      truth: (0..<count).map { $0 % 2 })
  }

  static func basis(_ dimension: Int, like subject: Subject) -> Basis {
    var generator = SeededGenerator(seed: 9)
    let size = subject.images.images.entryCount
    let rows = orthonormal((0..<dimension).map { _ in generator.gaussianVector(size) })
    return Basis(
      name: "S", vectors: Tensor(shape: subject.images.images.shape.batch(of: dimension), elements: rows))
  }

  private static func orthonormal(_ vectors: [[Float]]) -> [Float] {
    var rows: [[Float]] = []
    for var v in vectors {
      for row in rows { add(-Float(dot(v, row)), row, to: &v) }
      rows.append(scaled(v, by: Float(1 / norm(v))))
    }
    return rows.flatMap { $0 }
  }
}

/// Counts the reports of an experiment, and stops it after some.
final class Reports<Outcome: Sendable>: Sendable {
  private let kept = Mutex<[(completed: Int, partial: Outcome?)]>([])
  private let limit: Int
  let interruption = Interruption()

  init(stoppingAfter limit: Int = .max) { self.limit = limit }

  var context: ExperimentContext<Outcome> { context(aid: nil) }

  func context(aid: SectionAid?) -> ExperimentContext<Outcome> {
    ExperimentContext(interruption: interruption, aid: aid) { [self] progress, partial in
      let count = kept.withLock { kept in
        kept.append((progress.completed, partial))
        return kept.count
      }
      if count >= limit { interruption.interrupt() }
    }
  }

  var count: Int { kept.withLock { $0.count } }
  var firstCompleted: Int? { kept.withLock { $0.first?.completed } }
  var partials: [Outcome] { kept.withLock { $0.compactMap(\.partial) } }
}
