internal import Drawing
internal import Experiments
internal import Jobs

/// What was asked for and what has come of it: requests that are sent, numbered, running, over.
struct Work: Sendable {
  var findings = Findings()
  /// What earlier sessions were asked for.
  private var asked: Set<Request> = []
  var jobs: [JobRecord] = []
  /// Sent, but not yet known under a number; whether a person asked for it.
  var sent: [Request: Bool] = [:]
  /// The order that the queue was told.
  var order = JobOrder()
  /// What the screen in front waits for, and how long that will still take.
  var awaited = Awaited()
  /// Seconds of a forward pass of one image, as jobs have measured it, by the model's digest.
  var paces: [String: Double] = [:]
}

extension Work {
  /// Jobs kept in the list once they are over.
  private static let remembered = 100

  /// Whether a request is on its way or being worked on.
  func isPending(_ request: Request) -> Bool {
    sent[request] != nil || jobs.contains { !$0.isOver && $0.request == request }
  }

  func job(of request: Request?) -> JobRecord? {
    request.flatMap { wanted in jobs.last { $0.request == wanted && !$0.isOver } }
  }

  /// The job that the header shows: of those at work the one that runs longest, so that short ones do not make it
  /// flicker.
  var shownJob: JobRecord? {
    let running = jobs.filter { if case .running = $0.stage { !$0.isPaused } else { false } }
    return running.max { $0.duration < $1.duration } ?? jobs.first { !$0.isOver }
  }

  /// Asks for a finding unless it is there or on its way; one that failed is tried again only for a person.
  mutating func run(_ request: Request, isAsked: Bool) -> [Command] {
    guard findings[request] == nil, !isPending(request) else { return [] }
    if !isAsked, findings.failures[request] != nil { return [] }
    findings.reset(request)
    sent[request] = isAsked
    return [.run(request)]
  }

  mutating func submitted(_ id: JobID, _ request: Request) {
    let isAsked = sent.removeValue(forKey: request) ?? false
    let at = place(of: id, title: request.title)
    jobs[at].request = request
    jobs[at].isAsked = isAsked
    if let finding = jobs[at].unclaimed {
      jobs[at].unclaimed = nil
      findings.keep(finding, for: request)
    }
  }

  /// A request that was sent gets no number.
  mutating func refused(_ request: Request, _ sentence: String) {
    sent[request] = nil
    findings.fail(request, sentence)
  }

  /// Takes the news of a job; returns its request when the job has just found everything.
  mutating func receive(_ update: JobUpdate<Finding>) -> Request? {
    let at = place(of: update.id, title: update.title)
    guard !jobs[at].isOver else { return nil }
    jobs[at].elapsed = update.elapsed
    jobs[at].silence = 0
    jobs[at].isPaused = update.isPaused
    if !update.title.isEmpty { jobs[at].title = update.title }
    let request = jobs[at].request
    if let pace = update.pace, let request, pace > 0 { paces[request.model] = pace }
    if let partial = update.partial, let request { findings.keepPartial(partial, for: request) }
    switch update.state {
    case .waiting: jobs[at].stage = .waiting
    case .running(let progress): jobs[at].stage = .running(progress)
    case .finished(let finding):
      jobs[at].stage = .finished
      if let request { findings.keep(finding, for: request) } else { jobs[at].unclaimed = finding }
      tidy()
      return request
    case .failed(let reason):
      jobs[at].stage = .failed(reason)
      if let request { findings.fail(request, reason) }
    case .cancelled:
      jobs[at].stage = .cancelled
      if let request, jobs[at].isSuperseded { findings.reset(request) }
      if let request, !jobs[at].isSuperseded { findings.fail(request, "Cancelled; Enter starts it again.") }
    }
    tidy()
    return nil
  }

  /// Asks earlier sessions, once, for what is neither known nor on its way.
  mutating func recall(_ requests: [Request]) -> [Command] {
    // Far more than findings are kept: what is asked twice costs a look into a folder.
    if asked.count > 4000 { asked = [] }
    let unknown = requests.filter { findings[$0] == nil && !isPending($0) && asked.insert($0).inserted }
    return unknown.isEmpty ? [] : [.recall(unknown)]
  }

  mutating func recalled(_ request: Request, _ finding: Finding) {
    if findings[request] == nil { findings.keep(finding, for: request) }
  }

  /// Stops work that only a screen asked for and that no screen wants any more.
  mutating func cancelUnwanted(_ wanted: Set<Request>) -> [Command] {
    var commands: [Command] = []
    for i in jobs.indices where !jobs[i].isOver && !jobs[i].isAsked && !jobs[i].isSuperseded {
      guard let request = jobs[i].request, !wanted.contains(request) else { continue }
      jobs[i].isSuperseded = true
      commands.append(.cancel(jobs[i].id))
    }
    return commands
  }

  mutating func tick(_ seconds: Double) {
    guard seconds.isFinite, seconds > 0 else { return }
    for i in jobs.indices {
      if case .running = jobs[i].stage { jobs[i].silence += min(seconds, 3600) }
    }
  }

  private mutating func place(of id: JobID, title: String) -> Int {
    if let at = jobs.lastIndex(where: { $0.id == id }) { return at }
    jobs.append(JobRecord(id: id, title: title))
    return jobs.count - 1
  }

  /// Drops what nobody would look up: superseded and small work that is over, and the oldest of the rest.
  private mutating func tidy() {
    jobs.removeAll { job in
      guard job.unclaimed == nil else { return false }
      switch job.stage {
      case .finished: return job.request?.isSmall ?? false
      case .cancelled: return job.isSuperseded
      default: return false
      }
    }
    var surplus = jobs.count(where: \.isOver) - Self.remembered
    jobs.removeAll { job in
      guard surplus > 0, job.isOver else { return false }
      surplus -= 1
      return true
    }
  }
}

// MARK: - In words

extension Work {
  /// The state of a request in a word or two.
  func state(_ request: Request?) -> String {
    guard let request else { return "–" }
    if findings.failures[request] != nil { return "failed" }
    guard let job = job(of: request) else { return isPending(request) ? "queued" : "–" }
    if job.isPaused { return "paused" }
    return job.progress.map { $0.total > 0 ? Number.percent($0.fraction) + " done" : "running" } ?? "queued"
  }

  /// Cancels the job of a request, if there is one.
  mutating func cancel(_ request: Request?) -> [Command] {
    job(of: request).map { [.cancel($0.id)] } ?? []
  }
}

extension Canvas {
  /// What a panel says while there is nothing to show: what runs, why nothing came, or what Enter would bring.
  mutating func waiting(
    for requests: [Request], offering what: String, in area: Rectangle, _ workspace: Workspace
  ) {
    let text = Rectangle(
      row: area.row + max(0, area.rows / 4), column: area.column + 1, rows: area.rows * 3 / 4,
      columns: area.columns - 2)
    if let job = requests.lazy.compactMap({ workspace.work.job(of: $0) }).first {
      paragraph(workspace.work.queueing(job) ?? "Computing …", in: text, theme.muted)
      draw(
        JobGauge(job: job),
        in: Rectangle(row: text.row + 2, column: text.column, rows: 1, columns: text.columns))
    } else if let reason = requests.lazy.compactMap({ workspace.work.findings.failures[$0] }).first {
      paragraph(reason, in: text, theme.bad)
    } else {
      paragraph(workspace.invitation(to: requests, what), in: text, theme.muted)
    }
  }
}

extension Binding {
  /// Start and cancel for a screen that computes only when asked.
  static func work(_ requests: [Request], _ workspace: Workspace, _ title: String) -> [Binding] {
    var all: [Binding] = []
    if requests.contains(where: { workspace.work.findings[$0] == nil && !workspace.work.isPending($0) }) {
      let price = workspace.price(of: requests).map { ", " + $0 } ?? ""
      all.append(
        Binding([.enter, .character("s")], shown: "Enter", label: "start" + price, .start, title + price))
    }
    if requests.contains(where: workspace.work.isPending) {
      all.append(
        Binding([.character("x")], shown: "x", label: "cancel", .cancel, "Cancel the jobs of this picture"))
    }
    return all
  }
}
