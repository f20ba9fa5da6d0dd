public import Experiments
public import Geometry
public import Jobs
internal import Networks
internal import Tensors

/// What changes of the images do to a classifier that should not change their class: mirror, shift, border, grey, and
/// corruptions at five severities.
///
/// Everything is paired: the same images before and after. Cost: one forward pass an image and alteration.
public struct Alterations: Experiment {
  public static let name = "alterations"
  public static let version = 2

  /// Whether corruptions are tried besides what needs no severities.
  public var includesCorruptions: Bool
  /// Row and column of a pixel that is covered; nil for none.
  public var covered: [Int]?
  /// Seed of the random corruptions; each image has one sequence of it, whatever the corruption.
  public var seed: UInt64

  public init(includesCorruptions: Bool = true, covered: [Int]? = nil, seed: UInt64 = 1) {
    self.includesCorruptions = includesCorruptions
    self.covered = covered
    self.seed = seed
  }

  /// What each alteration did to the labels of the images.
  public struct Outcome: StoredOutcome {
    public var count: Int
    /// Images whose true class is known; accuracies are of these.
    public var labelled: Int
    /// The share of right labels before any change; nil where no class is known.
    @OrNull public var accuracy: Double?
    /// One an alteration and severity, in the order in which they were tried.
    public var effects: [Effect]
    /// The published set whose five severities corruptions have.
    public var severities = Alteration.Corruption.set(onSide: 32)

    /// Finds what an alteration of this name did, a corruption at severity 1; nil where it was not tried.
    public func effect(_ name: String) -> Effect? { effects.first { $0.name == name } }
  }

  /// What one alteration did.
  public struct Effect: Codable, Sendable, Equatable {
    public var name: String
    /// 1 to 5; nil for an alteration that has no degrees.
    @OrNull public var severity: Int?
    /// The share of labels that became another.
    public var changed: Double
    /// The share of right labels after the change, where the class is known; nil where none is.
    @OrNull public var accuracy: Double?
    /// Accuracy before less accuracy after; nil where no class is known.
    @OrNull public var loss: Double?
    /// The ends of the loss's 95 % interval, from the pairs.
    @OrNull public var interval: [Double]?
  }

  private var tried: [Alteration] {
    [.mirror, .shift(1), .border(2), .grey] + (covered.map { [.cover(row: $0[0], column: $0[1])] } ?? [])
      + (includesCorruptions ? Alteration.corruptions : [])
  }

  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    [.init("changes", passes: Double(tried.count + 1) * Double(extent.selection.images.count))]
  }

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.network(interruptibleBy: context.interruption)
    let images = subject.images.images
    let before = try network.labels(images)
    let truth = subject.images.truth
    let right: [Bool?] = before.indices.map { i in truth?[i].map { $0 == before[i] } }
    let known = right.compactMap { $0 }
    var outcome = Outcome(
      count: images.count, labelled: known.count,
      accuracy: known.isEmpty ? nil : Double(known.filter { $0 }.count) / Double(known.count), effects: [])
    outcome.severities = Alteration.Corruption.set(onSide: max(images.shape[2], images.shape[3]))
    let all = tried.filter { $0 != .grey || images.shape[1] == 3 }
    for (done, alteration) in all.enumerated() {
      try context.report(
        Progress(completed: done, total: all.count, phase: "changes"), partial: outcome)
      let after = try network.labels(alteration(images, seed: seed))
      outcome.effects.append(effect(of: alteration, before: before, after: after, right, truth))
    }
    return outcome
  }

  private func effect(
    of alteration: Alteration, before: [Int], after: [Int], _ right: [Bool?], _ truth: [Int?]?
  ) -> Effect {
    let changed = Double(zip(before, after).filter { $0 != $1 }.count) / Double(max(1, before.count))
    var effect = Effect(name: alteration.name, severity: alteration.severity, changed: changed)
    let pairs = right.indices.compactMap { i in right[i].map { (before: $0, after: after[i] == truth?[i]) } }
    guard !pairs.isEmpty else { return effect }
    let difference = PairedDifference(pairs)
    effect.accuracy = Double(pairs.filter(\.after).count) / Double(pairs.count)
    (effect.loss, effect.interval) = (
      difference.value, [difference.interval.lowerBound, difference.interval.upperBound]
    )
    return effect
  }
}

/// By how much a share fell from one trial to another of the same images.
///
/// (b − c)/n for b that were right only before and c only after, ± 1.96·√(b + c − (b − c)²/n)/n: the interval of
/// McNemar's pairs. Nothing is claimed of fewer than 20 pairs, whose interval is all of −1…1.
public struct PairedDifference: Sendable, Equatable {
  public let value: Double
  /// The 95 % interval, cut to −1…1.
  public let interval: ClosedRange<Double>

  public init(_ pairs: [(before: Bool, after: Bool)]) {
    let n = Double(pairs.count)
    let lost = Double(pairs.filter { $0.before && !$0.after }.count)
    let gained = Double(pairs.filter { !$0.before && $0.after }.count)
    guard pairs.count >= 20 else {
      value = n > 0 ? (lost - gained) / n : 0
      interval = -1...1
      return
    }
    value = (lost - gained) / n
    // One pair more on both sides, so that nothing lost is not taken for certain.
    let half = 1.959964 * (lost + gained + 1 - (lost - gained) * (lost - gained) / n).squareRoot() / n
    interval = max(-1, value - half)...min(1, value + half)
  }
}
