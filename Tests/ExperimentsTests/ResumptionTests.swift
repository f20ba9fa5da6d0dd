import Foundation
import Jobs
import Networks
import Tensors
import TestSupport
import Testing

@testable import Experiments

@Suite("Resumption")
struct ResumptionTests {
  private let folder: TemporaryFolder
  private let store: ResultStore

  init() throws {
    folder = try TemporaryFolder()
    store = ResultStore(folder: folder.path)
  }

  /// Runs until it is done, stopped after every `stride` reports; how often it was stopped, and what it found.
  private func inPieces<E: Experiment>(
    _ experiment: E, _ subject: Subject, stride: Int
  ) throws -> (stops: Int, outcome: E.Outcome) {
    for stops in 0..<1000 {
      let reports = Reports<E.Outcome>(stoppingAfter: stride)
      do {
        return (stops, try experiment.outcome(on: subject, in: store, reports.context))
      } catch is Interrupted {
        #expect(reports.count >= 1)
      }
    }
    throw SubjectError("never came to an end")
  }

  private func check<E: Experiment>(_ experiment: E, _ subject: Subject, stride: Int, stops: Int) throws {
    let whole = Reports<E.Outcome>()
    let expected = try experiment.run(on: subject, whole.context)
    let pieces = try inPieces(experiment, subject, stride: stride)
    #expect(pieces.outcome == expected)
    #expect(pieces.stops >= stops, "\(pieces.stops) stops in a run of \(whole.count) reports")
    #expect(!folder.files.contains { $0.contains(".partial") }, "a place is left behind")
  }

  @Test("A universal perturbation that was stopped goes on to the same end", arguments: [1, 3, 10])
  func universal(stride: Int) throws {
    var experiment = UniversalFooling(method: .uap, radius: 0.4)
    (experiment.passes, experiment.target) = (3, 1)
    try check(experiment, Subjects.smooth(), stride: stride, stops: 2)
  }

  @Test("A gradient ascent that was stopped goes on to the same end", arguments: [1, 4])
  func gradient(stride: Int) throws {
    var experiment = UniversalFooling(method: .gradient, radius: 0.4)
    experiment.passes = 4
    try check(experiment, Subjects.smooth(), stride: stride, stops: 2)
  }

  @Test("An ascent that was stopped goes on to the same end")
  func ascent() throws {
    var experiment = SharedCurvature(product: .secant(step: 0.3))
    (experiment.points, experiment.eigenvectors, experiment.iterations) = (6, 2, 6)
    (experiment.ascent, experiment.starts) = (3, 2)
    let subject = Subjects.smooth(validation: nil)
    _ = try Robustness().outcome(on: subject.first(6), in: store, Reports().context)
    let expected = try experiment.run(on: subject, Reports().context)
    // Each run repeats the reports of the products that are known, so that a later one has to be allowed more.
    for limit in [3, 8, 11] {
      let reports = Reports<SharedCurvature.Outcome>(stoppingAfter: limit)
      #expect(throws: Interrupted.self) { try experiment.outcome(on: subject, in: store, reports.context) }
    }
    #expect(try experiment.outcome(on: subject, in: store, Reports().context) == expected)
  }

  @Test("A full spectrum that was stopped goes on to the same end")
  func spectrum() throws {
    let subject = Subjects.smooth(validation: nil)
    let experiment = PointSpectrum(index: 0, method: .full, product: .exact)
    let one = Subject(classifier: subject.classifier, images: subject.images.gathering([0]))
    _ = try Robustness().outcome(on: one, in: store, Reports().context)
    try check(experiment, subject, stride: 2, stops: 1)
  }

  @Test("Shared curvature that was stopped goes on to the same end", arguments: [2, 5])
  func curvature(stride: Int) throws {
    var experiment = SharedCurvature(product: .secant(step: 0.3))
    (experiment.points, experiment.eigenvectors, experiment.iterations) = (6, 3, 20)
    let subject = Subjects.smooth(validation: nil)
    // The boundary points are another experiment's, which the store has then.
    _ = try Robustness().outcome(on: subject.first(6), in: store, Reports().context)
    let whole = Reports<SharedCurvature.Outcome>()
    let expected = try experiment.outcome(on: subject, in: nil, whole.context)
    var outcome: SharedCurvature.Outcome?
    var begins: [Int] = []
    while outcome == nil {
      let reports = Reports<SharedCurvature.Outcome>(stoppingAfter: stride + begins.count * stride)
      outcome = try? experiment.outcome(on: subject, in: store, reports.context)
      begins.append(reports.count)
    }
    #expect(outcome == expected)
    #expect(begins.count > 2)
  }

  @Test("Products of an earlier run are not computed again")
  func recordedProducts() throws {
    let subject = Subjects.smooth(validation: nil)
    var experiment = SharedCurvature(product: .secant(step: 0.3))
    (experiment.points, experiment.eigenvectors, experiment.iterations) = (6, 3, 20)
    _ = try Robustness().outcome(on: subject.first(6), in: store, Reports().context)
    let stopped = Reports<SharedCurvature.Outcome>(stoppingAfter: 12)
    #expect(throws: Interrupted.self) { try experiment.outcome(on: subject, in: store, stopped.context) }
    let place = store.checkpoint(of: experiment, on: subject)?.place(SharedCurvature.Place.self)
    let kept = try #require(place).products
    #expect(kept.count >= 1 && kept.count <= 12)
    #expect(kept.count == stopped.partials.last?.products)
  }

  @Test("The boundary points of many images that were stopped go on to the same end")
  func robustness() throws {
    try check(Robustness(), Subjects.smooth(count: 400, validation: nil), stride: 60, stops: 2)
  }

  @Test("A place that is damaged is ignored")
  func damagedPlace() throws {
    var experiment = UniversalFooling(method: .uap, radius: 0.4)
    (experiment.passes, experiment.target) = (2, 1)
    let subject = Subjects.smooth()
    let stopped = Reports<UniversalFooling.Outcome>(stoppingAfter: 8)
    #expect(throws: Interrupted.self) { try experiment.outcome(on: subject, in: store, stopped.context) }
    let file = try #require(folder.files.first { $0.hasSuffix("vectors.f32") })
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder.path + "/" + file))
    let reports = Reports<UniversalFooling.Outcome>()
    let outcome = try experiment.outcome(on: subject, in: store, reports.context)
    #expect(outcome == (try experiment.run(on: subject, Reports().context)))
    #expect(reports.firstCompleted ?? .max <= 4)
  }
}
