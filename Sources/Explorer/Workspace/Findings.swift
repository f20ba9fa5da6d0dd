internal import Experiments

/// What was found, by request: a few hundred findings with arrays of some hundred megabytes, the oldest forgotten first.
struct Findings: Sendable {
  private static let capacity = (count: 400, bytes: 128 << 20)

  private var finished: [Request: Finding] = [:]
  private var order: [Request] = []
  /// The arrays of all that is finished.
  private var bytes = 0
  /// What running jobs have found so far.
  private var partial: [Request: Finding] = [:]
  /// Why a request came to nothing.
  private(set) var failures: [Request: String] = [:]

  /// What was found, whole.
  subscript(request: Request?) -> Finding? { request.flatMap { finished[$0] } }
  subscript<E>(question: Question<E>?) -> E.Outcome? { self[question?.request]?.of(E.self) }

  /// Why nothing was found.
  subscript(failure request: Request?) -> String? { request.flatMap { failures[$0] } }

  /// What was found, whole or so far.
  func known(_ request: Request?) -> Finding? { request.flatMap { finished[$0] ?? partial[$0] } }
  func known<E>(_ question: Question<E>?) -> E.Outcome? { known(question?.request)?.of(E.self) }

  func isPartial(_ request: Request?) -> Bool {
    request.map { finished[$0] == nil && partial[$0] != nil } ?? false
  }

  mutating func keep(_ finding: Finding, for request: Request) {
    partial[request] = nil
    failures[request] = nil
    if let old = finished.updateValue(finding, forKey: request) {
      bytes -= old.byteCount
    } else {
      order.append(request)
    }
    bytes += finding.byteCount
    while order.count > 1, order.count > Self.capacity.count || bytes > Self.capacity.bytes {
      bytes -= finished.removeValue(forKey: order.removeFirst())?.byteCount ?? 0
    }
  }

  mutating func keepPartial(_ finding: Finding, for request: Request) {
    if finished[request] == nil { partial[request] = finding }
  }

  mutating func fail(_ request: Request, _ reason: String) {
    partial[request] = nil
    failures[request] = reason
  }

  /// Forgets what a cancelled job had found so far, and why an earlier one failed.
  mutating func reset(_ request: Request) {
    partial[request] = nil
    failures[request] = nil
  }

  /// What the whole section of the same plane that has most in common with the wanted one tells about it.
  func section(like wanted: Question<SectionMap>) -> SectionMap.Outcome? {
    let (request, map) = (wanted.request, wanted.experiment)
    var best: (ratio: Double, from: SectionMap, outcome: SectionMap.Outcome)?
    for key in order where key.model == request.model && key.images == request.images {
      guard key.selection == request.selection, let section = key.experiment as? SectionMap,
        section.isOfPlane(of: map), let outcome = finished[key]?.of(SectionMap.self)
      else { continue }
      let ratio = max(section.reach / map.reach, map.reach / section.reach) + section.distance(to: map)
      if ratio <= best?.ratio ?? 4 { best = (ratio, section, outcome) }
    }
    return best.flatMap { $0.outcome.stretched(from: $0.from, to: map) }
  }
}

extension SectionMap {
  /// Whether two sections show the same plane, product and margin, be it near or far.
  fileprivate func isOfPlane(of other: SectionMap) -> Bool {
    var alike = self
    (alike.extent, alike.width, alike.height, alike.shift) = (
      other.extent, other.width, other.height, other.shift
    )
    return alike == other
  }
}
