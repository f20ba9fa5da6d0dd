import Experiments
import Foundation
import Images
import Jobs
import Networks
import ONNX
import Synchronization
import TestSupport
import Testing

@testable import Laboratory

/// How true the time left is: jobs of every kind, recorded on a real machine and played again.
///
/// `BOUNDARYSCOPE_RECORD_CLOCKS=1 swift test --filter ClockTests` records anew and prints the table.
@Suite("Time left")
struct ClockTests {
  /// What a job said, and when.
  struct Trace: Codable, Sendable {
    struct Stretch: Codable { var phase: String, passes: Double }
    struct Report: Codable { var phase: String, completed: Int, total: Int, elapsed: Double }

    var name: String
    var plan: [Stretch]
    /// Seconds of a pass, as a job before it had measured it.
    var pace: Double
    var reports: [Report]
    var seconds: Double

    /// The time left that is shown once this share of the whole has passed, over the one that was.
    func ratio(at share: Double) -> Double? {
      var time = RemainingTime(JobPlan(plan.map { .init($0.phase, passes: $0.passes) }))
      let now = share * seconds
      var shown: (left: Double, at: Double)? = (plan.reduce(0) { $0 + $1.passes } * pace, 0)
      for report in reports where report.elapsed <= now {
        let progress = Progress(completed: report.completed, total: report.total, phase: report.phase)
        shown = time.estimate(progress, elapsed: report.elapsed, pace: pace).map { ($0, report.elapsed) }
      }
      return shown.map { max(0, $0.left - (now - $0.at)) / (seconds - now) }
    }
  }

  static let folder = URL(filePath: #filePath).appending(path: "../Clocks").standardized
  static let isRecording = ProcessInfo.processInfo.environment["BOUNDARYSCOPE_RECORD_CLOCKS"] != nil

  static var traces: [Trace] {
    let files =
      (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.sorted { $0.path < $1.path }.compactMap { file in
      (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(Trace.self, from: $0) }
    }
  }

  @Test("At half-time it is right to a factor of 1.5")
  func halfTime() throws {
    let traces = Self.traces
    #expect(traces.count >= 10)
    for trace in traces {
      let ratio = try #require(trace.ratio(at: 0.5), "\(trace.name)")
      #expect(ratio > 1 / 1.5 && ratio < 1.5, "\(trace.name): \(ratio)")
    }
  }

  @Test("It is told from the first second, to a factor of 3")
  func beginning() throws {
    for trace in Self.traces where trace.seconds > 2 {
      let ratio = try #require(trace.ratio(at: 0.5 / trace.seconds), "\(trace.name)")
      #expect(ratio > 1 / 3.0 && ratio < 3, "\(trace.name): \(ratio)")
    }
  }

  @Test("Recording", .enabled(if: isRecording))
  func record() throws {
    let open = try OpenModel(path: BundledAssets.model("lenet-shapes"), options: Profile())
    let set = try open.dataSet("shapes")
    let (learnt, judged) = (try open.images(of: set, 0..<300), try open.images(of: set, 300..<500))
    let both = Subject(classifier: open.classifier, images: learnt, validation: judged)
    let pace = try Self.pace(both)
    var shared = SharedCurvature(product: .secant(step: 3))
    (shared.points, shared.eigenvectors, shared.iterations) = (60, 10, 40)
    let curvature = Directions.curvature(shared)
    var universal = UniversalFooling(method: .uap, radius: 3)
    universal.passes = 3
    var gradient = universal
    (gradient.method, gradient.passes) = (.gradient, 30)
    var few = shared
    (few.points, few.eigenvectors, few.iterations) = (20, 5, 20)
    let many = try open.images(of: set, 0..<1500)
    let image = try open.images(of: set, 1..<2)
    let looking = Subject(classifier: open.classifier, images: learnt, validation: judged, image: image)
    try record("labels", Prediction(), Subject(classifier: open.classifier, images: many), pace)
    try record("boundary points", Robustness(), Subject(classifier: open.classifier, images: learnt), pace)
    try record("noise", NoiseTolerance(), Subject(classifier: open.classifier, images: many), pace)
    let all = Subject(classifier: open.classifier, images: many, validation: judged)
    try record("uap", universal, all, pace)
    try record("gradient", gradient, both, pace)
    try record("curvature", shared, Subject(classifier: open.classifier, images: learnt), pace)
    try record("scan", CurvatureScan.steps([1, 2, 3, 4], of: few, radius: 3), both, pace)
    try record("draws", SubspaceFooling(basis: curvature, dimensions: [1, 2, 5, 10], radius: 3), both, pace)
    try record(
      "shape", SubspaceShape(basis: curvature, dimensions: [1, 2, 5], product: .secant(step: 3)), both, pace)
    try record(
      "section",
      SectionMap(
        index: 0, along: Direction(.universal(universal)), extent: 4, width: 129, height: 129,
        product: .secant(step: 1)),
      looking, pace)
    var density = PointSpectrum(index: 0, method: .density, product: .secant(step: 1))
    density.probes = 40
    try record("density", density, Subject(classifier: open.classifier, images: image), pace)
    try record(
      "theory",
      Theorems(
        normals: .normals(NormalSpectrum()), basis: curvature, dimensions: [1, 2, 5],
        product: .secant(step: 3)),
      both, pace)
    try record("within", WithinSubspace(basis: curvature, dimensions: [1, 5, 10]), both, pace)
    for trace in Self.traces {
      let shares = [0.02, 0.25, 0.5, 0.75].map { share in
        trace.ratio(at: share).map { String(format: "%.2f", $0) } ?? "–"
      }
      print(
        "CLOCK \(trace.name)\t\(String(format: "%.1f", trace.seconds)) s\t\(shares.joined(separator: "\t"))")
    }
  }

  private static func pace(_ subject: Subject) throws -> Double {
    let start = ContinuousClock.now
    for _ in 0..<5 { _ = try subject.classifier.network.logits(subject.images.images) }
    return (ContinuousClock.now - start) / .seconds(1) / Double(5 * subject.images.count)
  }

  private func record<E: Experiment>(_ name: String, _ experiment: E, _ subject: Subject, _ pace: Double)
    throws
  {
    let start = ContinuousClock.now
    let reports = Mutex<[Trace.Report]>([])
    let context = ExperimentContext<E.Outcome> { progress, _ in
      let elapsed = (ContinuousClock.now - start) / .seconds(1)
      reports.withLock {
        $0.append(
          .init(phase: progress.phase, completed: progress.completed, total: progress.total, elapsed: elapsed)
        )
      }
    }
    _ = try experiment.outcome(on: subject, in: nil, context)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let all = reports.withLock { $0 }
    // Twenty reports a second at most reach anybody.
    var kept: [Trace.Report] = []
    for report in all {
      guard let last = kept.last, last.phase == report.phase, report.elapsed - last.elapsed < seconds / 200
      else {
        kept.append(report)
        continue
      }
    }
    let plan = experiment.stretches(on: Extent(subject)).map {
      Trace.Stretch(phase: $0.phase, passes: $0.passes)
    }
    let trace = Trace(name: name, plan: plan, pace: pace, reports: kept, seconds: seconds)
    try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try encoder.encode(trace).write(
      to: Self.folder.appending(path: name.replacing(" ", with: "-") + ".json"))
  }
}
