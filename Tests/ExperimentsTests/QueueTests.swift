import Dispatch
import Jobs
import Networks
import Synchronization
import Tensors
import Testing

@testable import Experiments

@Suite("Experiments on the queue")
struct QueueTests {
  private final class Screen: Sendable {
    let updates = Mutex<[JobUpdate<Finding>]>([])
    let news = DispatchSemaphore(value: 0)

    func put(_ update: JobUpdate<Finding>) {
      updates.withLock { $0.append(update) }
      news.signal()
    }

    /// The first news that is meant, waited for five seconds at most.
    func wait(until isMeant: (JobUpdate<Finding>) -> Bool) throws -> JobUpdate<Finding> {
      let deadline = DispatchTime.now() + 5
      while true {
        if let found = updates.withLock({ $0.first(where: isMeant) }) { return found }
        try #require(news.wait(timeout: deadline) == .success, "nothing of the kind came within 5 seconds")
      }
    }
  }

  private let screen = Screen()
  private let subject = Subjects.smooth()

  private func curvature(iterations: Int) -> SharedCurvature {
    var curvature = SharedCurvature(product: .secant(step: 0.5))
    (curvature.points, curvature.eigenvectors, curvature.iterations) = (6, 3, iterations)
    return curvature
  }

  @Test("A job ends with the experiment's finding, and shows partial ones of the same kind before")
  func finding() throws {
    let queue = JobQueue<Finding> { [screen] in screen.put($0) }
    defer { queue.shutdown() }
    let experiment = curvature(iterations: 12)
    let id = queue.submit(title: "curvature") { [subject] in try experiment.finding(on: subject, in: nil, $0)
    }
    let last = try screen.wait { $0.id == id && $0.state.isFinal }
    let expected = try experiment.run(on: subject, Reports().context)
    #expect(last.state == .finished(Finding(expected)))
    let partials = screen.updates.withLock { $0.compactMap(\.partial) }
    #expect(!partials.isEmpty)
    for partial in partials {
      let known = try #require(partial.of(SharedCurvature.self))
      #expect(known.history == Array(expected.history.prefix(known.history.count)))
    }
  }

  @Test("A running experiment is cancelled within 100 ms, and fails in one sentence where it cannot run")
  func cancellation() throws {
    let queue = JobQueue<Finding> { [screen] in screen.put($0) }
    defer { queue.shutdown() }
    var endless = UniversalFooling(method: .uap, radius: 0.01)
    (endless.passes, endless.target) = (1_000_000, 2)
    let experiment = endless
    let id = queue.submit(title: "uap") { [subject] in try experiment.finding(on: subject, in: nil, $0) }
    _ = try screen.wait { $0.id == id && $0.partial != nil }
    let clock = ContinuousClock()
    let start = clock.now
    queue.cancel(id)
    #expect(try screen.wait { $0.id == id && $0.state.isFinal }.state == .cancelled)
    #expect(clock.now - start < .milliseconds(100))
    let section = SectionMap(index: 99, along: .random(seed: 1), product: .exact)
    let failing = queue.submit(title: "section", priority: .interactive) { [subject] in
      try section.finding(on: subject, in: nil, $0)
    }
    let sentence = "noise has no image 99; choose one of 0 to 23"
    #expect(try screen.wait { $0.id == failing && $0.state.isFinal }.state == .failed(sentence))
  }

  @Test("Outcomes do not depend on the number of threads")
  func threads() throws {
    var universal = UniversalFooling(method: .uap, radius: 0.4)
    (universal.passes, universal.target) = (2, 1)
    func check<E: Experiment>(_ experiment: E) throws {
      let outcomes = try [1, 2, 3].map { count in
        Threads.use(count)
        return try experiment.run(on: subject, Reports().context)
      }
      #expect(outcomes[0] == outcomes[1] && outcomes[0] == outcomes[2])
    }
    defer { Threads.use(0) }
    try check(universal)
    try check(curvature(iterations: 10))
    try check(Robustness())
    try check(NoiseTolerance(share: 0.3))
    try check(SectionMap(index: 0, along: .random(seed: 1), width: 20, height: 20, product: .exact))
  }
}
