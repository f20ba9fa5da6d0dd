public import Jobs
public import Tensors

/// A figure or table of the paper: its parameters are the value itself.
///
/// Equal experiments on equal subjects have equal outcomes, whatever the number of threads; so an outcome found once
/// is kept under the experiment's name, version, parameters and the subject's digest.
public protocol Experiment: Encodable, Hashable, Sendable {
  associatedtype Outcome: StoredOutcome
  /// As the command line calls it.
  static var name: String { get }
  /// Raised whenever the same parameters begin to give other numbers.
  static var version: Int { get }
  /// The experiments that it runs on its way, its directions' aside: where they begin to give other numbers, so does it.
  static var nested: [any Experiment.Type] { get }

  /// Whether its outcome tells names of classes; other outcomes are found again whatever the classes are called.
  static var tellsNames: Bool { get }

  /// - Throws: ``Interrupted`` once the context is interrupted, ``SubjectError`` where the images do not suit.
  func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome

  /// The outcome from the store if it is there, else computed and stored.
  func outcome(on subject: Subject, in store: ResultStore?, _ context: ExperimentContext<Outcome>) throws
    -> Outcome

  /// The models besides the subject's that it needs.
  var others: [OtherModel] { get }

  /// What it will do on such a subject, for the time left of it; what `extent` knows of is left out.
  func stretches(on extent: Extent) -> [JobPlan.Stretch]

  /// The command that asks the same, with its options, models and images aside; nil where none can say it.
  var arguments: [String]? { get }
}

/// What an experiment is handed to say how far it is, to be stopped, and to keep its place.
public struct ExperimentContext<Outcome: Sendable>: Sendable {
  /// Asks the run to stop or to wait; nil where nobody can.
  public let interruption: Interruption?
  /// Where a long run keeps its place, and where it finds what other experiments found; nil where nothing is kept.
  let store: ResultStore?
  let checkpoint: Checkpoint?
  /// What makes a section that a person looks at come sooner; nil where nobody looks.
  let aid: SectionAid?
  private let receive: @Sendable (Progress, Outcome?) throws -> Void

  /// A context whose reports go to `receive`, which may throw to end the experiment.
  public init(
    interruption: Interruption? = nil, aid: SectionAid? = nil,
    receive: @escaping @Sendable (Progress, Outcome?) throws -> Void = { _, _ in }
  ) {
    self.init(interruption: interruption, store: nil, checkpoint: nil, aid: aid, receive: receive)
  }

  private init(
    interruption: Interruption?, store: ResultStore?, checkpoint: Checkpoint?, aid: SectionAid?,
    receive: @escaping @Sendable (Progress, Outcome?) throws -> Void
  ) {
    self.interruption = interruption
    self.store = store
    self.checkpoint = checkpoint
    self.aid = aid
    self.receive = receive
  }

  /// Says how far the experiment is, and its outcome as far as it is known.
  public func report(_ progress: Progress, partial: Outcome? = nil) throws {
    try interruption?.check()
    try receive(progress, partial)
  }

  /// One step of a long run; the place before it is kept now and then, and where the step is stopped.
  func step<Result>(from place: () -> some StoredOutcome, _ body: () throws -> Result) throws -> Result {
    checkpoint?.keep(stopping: false, place)
    do {
      return try body()
    } catch {
      checkpoint?.keep(stopping: true, place)
      throw error
    }
  }
}

// MARK: - Experiments within experiments

extension ExperimentContext {
  func keeping(in store: ResultStore, _ checkpoint: Checkpoint?) -> Self {
    Self(interruption: interruption, store: store, checkpoint: checkpoint, aid: aid, receive: receive)
  }

  /// What another experiment finds on its way to this one, from the store if it is there.
  public func outcome<Other: Experiment>(
    of other: Other, on subject: Subject,
    partial: @escaping @Sendable (Other.Outcome) -> Outcome? = { _ in nil }
  ) throws -> Other.Outcome {
    let receive = receive
    let context = ExperimentContext<Other.Outcome>(interruption: interruption) { progress, known in
      try receive(progress, known.flatMap(partial))
    }
    return try other.outcome(on: subject, in: store, context)
  }
}

extension Experiment {
  public static var nested: [any Experiment.Type] { [] }
  public static var tellsNames: Bool { false }

  /// The versions of all that its numbers come of, by name: its own, and those of the experiments within it.
  public static var versions: [String: Int] {
    nested.reduce(into: [name: version]) { all, one in all.merge(one.versions) { known, _ in known } }
  }

  public var others: [OtherModel] { [] }
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] { [] }
  public var arguments: [String]? { nil }

  /// Seconds a multiply-add where nobody has measured any: two cores of a server.
  public static var expectedPace: Double { 1 / 6e10 }

  /// The plan of its job.
  public func plan(on extent: Extent, model: String, multiplyAdds: Int) -> JobPlan {
    JobPlan(stretches(on: extent), subject: model, pace: Double(multiplyAdds) * Self.expectedPace)
  }

  public func outcome(
    on subject: Subject, in store: ResultStore?, _ context: ExperimentContext<Outcome>
  ) throws -> Outcome {
    guard let store else { return try subject.namingImages { try run(on: subject, context) } }
    if let known = store.outcome(of: self, on: subject) { return known }
    let checkpoint = store.checkpoint(of: self, on: subject)
    let outcome = try subject.namingImages { try run(on: subject, context.keeping(in: store, checkpoint)) }
    store.save(outcome, of: self, on: subject)
    checkpoint?.remove()
    return outcome
  }

  /// What was found for it before, in another session say; nil where nothing was.
  public func knownFinding(on subject: Subject, in store: ResultStore) -> Finding? {
    store.outcome(of: self, on: subject).map { Finding($0) }
  }

  /// The same as a job of the queue: partial outcomes go to the screen while it runs.
  public func finding(
    on subject: Subject, in store: ResultStore?, aid: SectionAid? = nil, _ job: JobContext<Finding>
  ) throws -> Finding {
    let context = ExperimentContext<Outcome>(interruption: job.interruption, aid: aid) { progress, partial in
      try job.report(progress, partial: partial.map { Finding($0) })
    }
    return Finding(try outcome(on: subject, in: store, context))
  }
}
