internal import Networks

/// All parts of one run, in their order.
public struct PartFiles: Sendable {
  private let parts: [PartFile]

  /// The words of the command that every part was found by.
  public var command: [String] { parts[0].heading.command }

  /// - Throws: a ``SubjectError`` that says which parts are missing, twice there, or of another run.
  public init(paths: [String], version: String) throws {
    guard !paths.isEmpty else { throw SubjectError("name at least one part") }
    let read = try paths.map { (path: $0, part: try PartFile(path: $0)) }
      .sorted { $0.part.heading.shard.number < $1.part.heading.shard.number }
    let first = read[0]
    guard first.part.heading.version == version else {
      throw SubjectError(
        "\(first.path) was found by version \(first.part.heading.version), but this is \(version): run its shard again"
      )
    }
    for other in read.dropFirst() { try Self.compare(first, other) }
    let shards = first.part.heading.shard.count
    let numbers = read.map(\.part.heading.shard.number)
    if let twice = zip(numbers, numbers.dropFirst()).first(where: { $0 == $1 }) {
      throw SubjectError("part \(twice.0) of \(shards) is named twice")
    }
    let missing = shards - numbers.count
    guard missing == 0 else {
      let known = Set(numbers)
      let named = (1...shards).lazy.filter { !known.contains($0) }.prefix(5).map(String.init)
      throw SubjectError(
        "missing \(missing) of \(shards) parts: \(named.joined(separator: ", "))\(missing > 5 ? ", …" : "")"
      )
    }
    parts = read.map(\.part)
  }

  private static func compare(
    _ a: (path: String, part: PartFile), _ b: (path: String, part: PartFile)
  ) throws {
    let (x, y) = (a.part.heading, b.part.heading)
    let differs: String? =
      x.version != y.version
      ? "version of the program"
      : x.model != y.model
        ? "model"
        : x.experiment != y.experiment || x.command != y.command
          ? "command" : x.images != y.images || x.shard.count != y.shard.count ? "images" : nil
    if let differs {
      throw SubjectError("\(a.path) and \(b.path) do not belong together: they differ in the \(differs)")
    }
  }

  /// What one run on the whole subject would have found.
  ///
  /// - Throws: a ``SubjectError`` where the model or the images are no longer those of the parts.
  public func joined<E: ShardedExperiment>(_ experiment: E, on subject: Subject) throws -> E.Outcome {
    let images = E.extent(of: subject)
    guard parts[0].heading.model == subject.classifier.digest else {
      throw SubjectError("the model is not the one that the parts were found with")
    }
    guard parts[0].heading.images == images else {
      throw SubjectError("the parts cover \(parts[0].heading.images) images, not these \(images)")
    }
    var outcomes: [E.Outcome] = []
    for part in parts {
      let shard = part.heading.shard
      let own = E.part(of: subject, shard.range(of: images))
      guard own.digest == part.heading.subject,
        ResultKey(experiment, own)?.experiment == part.heading.experiment,
        let outcome = part.outcome(as: E.Outcome.self), experiment.suits(outcome, own)
      else {
        throw SubjectError(
          "part \(shard.number) of \(shard.count) was found on other images or with other parameters")
      }
      outcomes.append(outcome)
    }
    return try experiment.joined(outcomes, on: subject)
  }
}
