internal import Geometry
internal import Glibc
public import Jobs
internal import Networks
internal import Tensors

extension ReadingJudgement {
  /// Images of a portion.
  private static let portion = 16
  /// The chance that a right reading is suspected, over all others: that of two standard errors.
  private static let chance = 0.0228

  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    [.init("readings", passes: 8 * extent.learnt)]
  }

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.network(interruptibleBy: context.interruption)
    guard let preprocessing = subject.classifier.preprocessing else {
      throw SubjectError(
        "\(subject.classifier.name) came from no file, so its pixels are read as they are")
    }
    let channels = subject.images.images.shape[1]
    let given = PixelReading(preprocessing)
    var others = PixelReading.usual(
      channelCount: channels, areDigits: subject.images.images.shape.extents.dropFirst() == [1, 8, 8]
    ).filter {
      !$0.equals(given, channelCount: channels)
    }
    others = others.indices.filter { i in
      others[..<i].allSatisfy { !$0.equals(others[i], channelCount: channels) }
    }.map { others[$0] }
    var trials =
      [ReadingTrial(given, fits.first, isGiven: true)] + others.map { ReadingTrial($0, fits.first) }
    let sets = [subject.images] + subject.others.map(\.images)
    try compare(&trials, on: sets[0], given, network, context)
    // Sizes are tried with the given reading and with the best one.
    let leading = order(trials).first?.reading
    for (fit, set) in zip(fits, sets).dropFirst() {
      var more = [ReadingTrial(given, fit)]
      if let leading, leading != given { more.append(ReadingTrial(leading, fit)) }
      for i in more.indices { try more[i].see(set, 0..<set.count, given, network) }
      trials += more
    }
    return outcome(of: trials, on: subject.images)
  }

  /// Sees portion after portion with what is still in question.
  private func compare(
    _ trials: inout [ReadingTrial], on set: ImageSet, _ given: PixelReading, _ network: Network,
    _ context: ExperimentContext<Outcome>
  ) throws {
    try trials[0].see(set, 0..<set.count, given, network)
    for start in stride(from: 0, to: set.count, by: Self.portion) {
      let range = start..<min(set.count, start + Self.portion)
      for i in trials.indices.dropFirst() where trials[i].isOpen {
        try trials[i].see(set, range, given, network)
        try context.report(
          Progress(completed: start, total: set.count, phase: "readings"),
          partial: outcome(of: trials.filter { $0.count > 0 }, on: set))
      }
      close(&trials)
    }
  }

  /// Ends trials that nothing could bring back to the front.
  private func close(_ trials: inout [ReadingTrial]) {
    let rivals = trials.count - 1
    let errors = trials[0].right.filter { $0 == false }.count
    let isLabelled = trials[0].right.contains { $0 != nil }
    // So few errors that even an others' without any could be chance.
    let isBeyondReach = isLabelled && pow(0.5, Double(errors)) > Self.chance / Double(rivals)
    for i in trials.indices.dropFirst() where trials[i].isOpen {
      let isBehind = trials.contains { leader in
        leader.chance(against: trials[i]) < 1e-3
      }
      if isBeyondReach || isBehind { trials[i].isOpen = false }
    }
  }

  private func order(_ trials: [ReadingTrial]) -> [ReadingTrial] {
    let isLabelled = trials[0].right.contains { $0 != nil }
    // A trial that was ended is no better than what ended it, whatever its few images say.
    func rank(_ trial: ReadingTrial) -> (Double, Double, Double) {
      let share = isLabelled ? trial.accuracy ?? 0 : trial.confidence
      return (trial.count == trials[0].count ? 1 : 0, share, trial.isGiven ? 1 : 0)
    }
    return trials.sorted { rank($0) > rank($1) }
  }

  private func outcome(of trials: [ReadingTrial], on set: ImageSet) -> Outcome {
    let ordered = order(trials)
    let given = trials[0]
    let limit = Self.chance / Double(max(1, trials.count - 1))
    return Outcome(
      count: set.count, labelled: given.right.filter { $0 != nil }.count, judged: ordered.map(\.entry),
      isSuspect: trials.contains { !$0.isGiven && $0.chance(against: given) < limit })
  }
}

// MARK: - One reading

/// A reading, and what it has come to so far.
private struct ReadingTrial {
  let reading: PixelReading
  let fit: ReadingJudgement.Fit?
  let isGiven: Bool
  /// For each image whether it was right; nil where its class is not known.
  var right: [Bool?] = []
  var isOpen = true
  private var sums = (confidence: 0.0, entropy: 0.0)

  init(_ reading: PixelReading, _ fit: ReadingJudgement.Fit?, isGiven: Bool = false) {
    (self.reading, self.fit, self.isGiven) = (reading, fit, isGiven)
  }

  var count: Int { right.count }
  var confidence: Double { sums.confidence / Double(max(1, count)) }

  private var tally: (right: Int, of: Int) {
    let known = right.compactMap { $0 }
    return (known.filter { $0 }.count, known.count)
  }

  var accuracy: Double? { tally.of > 0 ? Double(tally.right) / Double(tally.of) : nil }

  /// The chance that it wins by as much over another by luck: one-sided, of the images on which they differ.
  func chance(against other: ReadingTrial) -> Double {
    var (wins, losses) = (0, 0)
    for (mine, theirs) in zip(right, other.right) {
      guard let mine, let theirs, mine != theirs else { continue }
      if mine { wins += 1 } else { losses += 1 }
    }
    return wins > losses ? Binomial.tail(wins, of: wins + losses) : 1
  }

  /// Sees images of a set, which the network is made to read this way instead of the given one.
  mutating func see(_ set: ImageSet, _ range: Range<Int>, _ given: PixelReading, _ network: Network) throws {
    let images = reading.applied(to: set.images[range], insteadOf: given)
    let logits = try network.logits(images)
    let labels = logits.argmaxOfEntries
    for (n, probabilities) in network.head.probabilities(logits).enumerated() {
      right.append(set.truth?[range.lowerBound + n].map { $0 == labels[n] })
      sums.confidence += probabilities.max() ?? 0
      sums.entropy -= probabilities.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
    }
  }

  var entry: ReadingJudgement.Entry {
    let (right, known) = tally
    let interval = known > 0 ? Proportion(right, of: known).interval : nil
    return ReadingJudgement.Entry(
      reading: reading, fit: fit, isGiven: isGiven, count: count, accuracy: accuracy,
      interval: interval.map { [$0.lowerBound, $0.upperBound] }, confidence: confidence,
      entropy: sums.entropy / Double(max(1, count)))
  }
}

/// Of fair coins.
private enum Binomial {
  /// The logarithm of the number of ways to choose k.
  private static func logChoice(_ k: Int, of n: Int) -> Double {
    let all: Double = lgamma(Double(n + 1))
    let chosen: Double = lgamma(Double(k + 1))
    let left: Double = lgamma(Double(n - k + 1))
    return all - chosen - left
  }

  /// The chance of at least `heads` of `count`.
  static func tail(_ heads: Int, of count: Int) -> Double {
    var sum = 0.0
    for k in heads...count { sum += exp(logChoice(k, of: count) - Double(count) * log(2)) }
    return sum
  }
}

extension PixelReading {
  /// Images that a network which reads pixels as `given` takes for what this reading makes of them.
  ///
  /// Both are straight lines in each channel, so that one undoes the other exactly.
  fileprivate func applied(to images: Tensor, insteadOf given: PixelReading) -> Tensor {
    guard self != given else { return images }
    let (channels, plane) = (images.shape[1], images.shape[2] * images.shape[3])
    var out = images
    for c in 0..<channels {
      let (wanted, own) = (line(c), given.line(c))
      let from = isReversed ? channels - 1 - c : c
      let to = given.isReversed ? channels - 1 - c : c
      for n in 0..<images.count {
        let (source, target) = ((n * channels + from) * plane, (n * channels + to) * plane)
        for i in 0..<plane {
          let value = wanted.black + wanted.rise * images.elements[source + i]
          out.elements[target + i] = (value - own.black) / own.rise
        }
      }
    }
    return out
  }
}
