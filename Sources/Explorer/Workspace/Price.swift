internal import Drawing
internal import Experiments
internal import Jobs
internal import Synchronization

// What work costs that only starts when a person asks for it.

extension Workspace {
  /// Such as `about 20 s`: what is not there yet of these takes so long by its plan; nil where all of it is there, or
  /// nothing is open.
  func price(of requests: [Request]) -> String? {
    guard let model = subject.model else { return nil }
    let open = requests.filter { work.findings[$0] == nil && !work.isPending($0) }
    guard !open.isEmpty else { return nil }
    let passes = work.passes(of: open, on: model)
    guard passes > 0, let pace else { return nil }
    return "about " + Number.roughly(passes * pace)
  }

  /// What Enter would bring, with its price.
  func invitation(to requests: [Request], _ what: String) -> String {
    price(of: requests).map { "Press Enter (\($0)) to " + what } ?? "Press Enter to " + what
  }
}

extension Work {
  /// Forward passes of all of these; what several of them find on their way counts once.
  func passes(of requests: [Request], on model: OpenedModel) -> Double {
    let counted = Counted(requests)
    return requests.reduce(0) { sum, request in
      let plan = request.plan(on: model) { experiment, selection in
        let part = Request(experiment, selection, model: request.model, images: request.images)
        return findings[part] != nil || !counted.isFirst(part)
      }
      return sum + plan.passes
    }
  }
}

/// What is in a sum already.
private final class Counted: Sendable {
  private let seen: Mutex<Set<Request>>

  init(_ requests: [Request]) { seen = Mutex(Set(requests)) }

  func isFirst(_ part: Request) -> Bool { seen.withLock { $0.insert(part).inserted } }
}

extension Number {
  /// Seconds as an estimate is told: in fives from 10 on, in minutes from a minute and a half on.
  static func roughly(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "–" }
    if seconds < 9.5 { return duration(max(1, seconds.rounded(.up))) }
    if seconds < 57.5 { return duration(5 * (seconds / 5).rounded()) }
    if seconds < 90 { return "a minute" }
    if seconds < 3570 { return "\(Int((seconds / 60).rounded())) min" }
    return duration(seconds)
  }
}
