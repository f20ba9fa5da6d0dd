internal import Drawing
internal import Experiments
internal import Jobs

/// What the screen in front waits for, as one piece of work.
struct Awaited: Sendable {
  /// Everything that it needs, also what cannot be asked for yet.
  var requests: [Request] = []
  /// Seconds until all of it is there; nil where nothing is awaited.
  var left: Double?
  /// Seconds that the jobs of it have run.
  var spent = 0.0

  /// The share done of what is under way, 0…1; nil where nothing is awaited.
  var fraction: Double? { left.map { spent + $0 > 0 ? spent / (spent + $0) : 0 } }
}

extension Work {
  /// One estimate for all these requests: jobs go one after the other, so that their times add up.
  mutating func wait(for requests: [Request], on model: OpenedModel?) {
    awaited.requests = requests
    (awaited.left, awaited.spent) = (nil, 0)
    guard let model else { return }
    var left = 0.0
    var isAny = false
    for request in Set(requests) where findings[request] == nil && findings.failures[request] == nil {
      let job = job(of: request)
      isAny = isAny || job != nil || sent[request] != nil
      awaited.spent += job?.duration ?? 0
      left += remaining(request, job, on: model)
    }
    if isAny { awaited.left = left }
  }

  /// As the job says once it has reported; else by the plan.
  private func remaining(_ request: Request, _ job: JobRecord?, on model: OpenedModel) -> Double {
    if let job, let left = job.remaining, job.progress?.phase.isEmpty == false { return left }
    return max(0, seconds(of: request, on: model) - (job?.duration ?? 0))
  }

  /// What a request takes by its plan; what is found already, or awaited besides, is left out.
  func seconds(of request: Request, on model: OpenedModel) -> Double {
    let others = Set(awaited.requests).subtracting([request])
    let plan = request.plan(on: model) { experiment, selection in
      let part = Request(experiment, selection, model: request.model, images: request.images)
      return findings[part] != nil || others.contains(part)
    }
    return plan.passes * (paces[model.digest] ?? plan.pace)
  }

  /// Tells the queue what is urgent: the groups, then what a person asked for on the screen in front.
  mutating func arrange(_ groups: [[Request]], on screen: ScreenName) -> [Command] {
    let open = jobs.filter { !$0.isOver && !$0.isSuperseded }
    var order = groups.map { group in
      open.filter { job in job.request.map(group.contains) ?? false }.map(\.id)
    }.filter { !$0.isEmpty }
    let named = Set(order.flatMap { $0 })
    order += open.filter { job in
      !named.contains(job.id) && job.request?.study.map { type(of: $0).screen == screen } ?? false
    }.map { [$0.id] }
    guard order != self.order.groups else { return [] }
    self.order = JobOrder(order)
    return [.arrange(order)]
  }

  /// Where a job stands that does not compute now, in words; nil where it does.
  func queueing(_ job: JobRecord) -> String? {
    let open = jobs.filter { !$0.isOver }
    func key(_ job: JobRecord) -> JobOrder.Key {
      order.key(job.id, job.request?.priority ?? .batch)
    }
    let before = open.filter { key($0) < key(job) || (key($0) == key(job) && $0.id < job.id) }
    if job.isPaused { return "Paused behind \(before.first?.title ?? "another job"); it resumes by itself." }
    guard job.stage == .waiting else { return nil }
    guard let ahead = before.last, let first = before.first else { return "Next in the queue." }
    let place = Number.ordinal(before.count + 1)
    return before.count == 1
      ? "Next in the queue, behind \(first.title)."
      : "\(place) in the queue, behind \(ahead.title)."
  }
}

extension Number {
  /// Such as `3rd`.
  static func ordinal(_ n: Int) -> String {
    let suffix =
      (11...13).contains(n % 100) ? "th" : ["th", "st", "nd", "rd"][n % 10 < 4 ? n % 10 : 0]
    return "\(n)\(suffix)"
  }
}
