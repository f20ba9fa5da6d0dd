internal import Experiments
internal import Geometry
internal import Networks
internal import Tensors

/// The parts of an examination, one after the other.
struct ExaminationRun<Runner: ExperimentRunner> {
  let examination: Examination
  let classifier: Classifier
  let images: ImageSet
  let runner: Runner
  /// Those that directions are learnt from, and those that are judged on.
  let learnt: ImageSet
  let judged: ImageSet
  var outcome: Examination.Outcome
  /// Seconds of a forward pass of one image.
  private var pace = 0.0
  private let start = ContinuousClock.now
  private var even: Directions?
  /// Images that every vector is tried on, so that their rates compare.
  private var tried: Int?

  init(_ examination: Examination, _ classifier: Classifier, _ images: ImageSet, _ runner: Runner) {
    (self.examination, self.classifier, self.images, self.runner) = (examination, classifier, images, runner)
    let half = images.count / 2
    learnt = images[0..<half]
    judged = images[half..<images.count]
    outcome = Examination.Outcome(
      model: classifier.name, images: images.name, count: images.count, pixels: images.images.entryCount)
    outcome.remarks = images.remarks
    outcome.findings.classNames = classifier.classNames.isEmpty ? images.classNames : classifier.classNames
    outcome.findings.isInTrainingMode = classifier.wasInTrainingMode
    outcome.findings.passesStraight = classifier.network.isStraightThrough
  }

  private func subject(_ set: ImageSet, _ count: Int? = nil) -> Subject {
    Subject(classifier: classifier, images: set[0..<min(set.count, count ?? set.count)])
  }

  /// Images that a part has time for; nil, and said so, where there is none for the fewest.
  private mutating func fitting(_ part: ExaminationPart) -> Int? {
    // What earlier parts have left over is there for the later ones.
    let left = examination.seconds - (ContinuousClock.now - start) / .seconds(1)
    let count = part.count(within: examination.seconds, left: left, pace: pace)
    if count == nil {
      let spent = left <= 0 ? examination.seconds - left : 0
      outcome.findings.skipped.append(part.apology(pace: pace, spent: spent))
    }
    return count
  }

  /// Runs a part on so many images: where it takes longer than it was thought to, later ones take fewer.
  private mutating func timing<Found>(_ part: ExaminationPart, _ count: Int, _ body: () throws -> Found)
    rethrows -> Found
  {
    let start = ContinuousClock.now
    let found = try body()
    pace = max(pace, part.pace(seconds: (ContinuousClock.now - start) / .seconds(1), count: count))
    return found
  }

  /// A part that the images may have nothing for, such as a boundary: why not is said, and the page goes on.
  mutating func keeping(_ name: String, _ body: (inout Self) throws -> Void) throws {
    do {
      try body(&self)
    } catch let error as SubjectError {
      outcome.findings.skipped.append("\(name): \(error)")
    }
  }

  mutating func label(_ judgement: ReadingJudgement.Outcome?) throws {
    outcome.findings.judgement = judgement
    let start = ContinuousClock.now
    let found = try runner.outcome(of: Prediction(includesLogits: true), on: subject(images))
    let expected = Double(classifier.network.multiplyAdds) * Prediction.expectedPace
    // Labels that were kept cost nothing, and say nothing of the next pass.
    pace = max((ContinuousClock.now - start) / .seconds(1) / Double(max(1, images.count)), expected / 2)
    outcome.findings.duplicates = try runner.outcome(of: NearDuplicates(), on: subject(images))
    outcome.findings.take(found, classes: classifier.network.classCount)
  }

  mutating func look() throws {
    guard let count = fitting(.channels) else { return }
    let start = ContinuousClock.now
    outcome.findings.activity = try runner.outcome(of: Activity(), on: subject(images, count))
    // The first passes are slower than those to come.
    let seen = (ContinuousClock.now - start) / .seconds(1) / Double(2 * count)
    pace = min(pace, max(seen, Double(classifier.network.multiplyAdds) * Prediction.expectedPace / 2))
  }

  mutating func search() throws {
    guard let count = fitting(.distances) else { return }
    let (runner, masking, images) = (runner, Masking(seed: examination.seed), subject(judged, count))
    outcome.findings.masking = try timing(.distances, count) { try runner.outcome(of: masking, on: images) }
  }

  mutating func alter() throws {
    for part in [ExaminationPart.corruptions, .changes] where outcome.findings.alterations == nil {
      guard let count = fitting(part) else { continue }
      outcome.findings.alterations = try runner.outcome(
        of: examination.alterations(part, covering: outcome.findings.activity?.strongest),
        on: subject(judged, count))
    }
    if let count = fitting(.outliers) {
      outcome.findings.outliers = try runner.outcome(
        of: Outliers(seed: examination.seed), on: subject(judged, count))
    }
  }

  /// One vector for all images, at fixed norms.
  mutating func perturb() throws {
    if let count = fitting(.noise) {
      outcome.noise = try runner.outcome(
        of: NoiseTolerance(seed: examination.seed), on: subject(learnt, count))
    }
    outcome.radius = examination.radius ?? outcome.noise?.radius.map { $0 / 5 }
    guard let radius = outcome.radius, radius > 0, let count = fitting(.universal) else { return }
    let found = try runner.outcome(
      of: examination.even(radius: radius, images: count), on: subject(learnt, count))
    tried = fitting(.rates)
    let even = Directions.given(Basis(name: "even", vectors: found.perturbation))
    self.even = even
    try follow("even universal", even, radius)
    try follow("one random vector", .random(seed: examination.seed), radius)
  }

  private mutating func follow(_ name: String, _ directions: Directions, _ radius: Double) throws {
    guard let count = tried else { return }
    let found = try runner.outcome(
      of: examination.curve(of: Direction(directions), radius: radius),
      on: subject(judged, count))
    outcome.universals.append(.init(name: name, points: found.points))
  }

  /// The boundary around the image at the median distance: two planes, and all curvatures at its boundary point.
  mutating func cut() throws {
    guard let radius = outcome.radius, radius > 0, let middle = outcome.findings.masking?.middle else {
      return
    }
    let image = learnt.count + middle.index
    outcome.looked = image
    let own = images.gathering([image])
    if let even, let count = fitting(.sections) {
      for directions in [even, .random(seed: examination.seed)] {
        let section = examination.section(
          along: Direction(directions), norm: middle.norm, radius: radius, count: count)
        outcome.sections.append(
          try runner.outcome(of: section, on: Subject(classifier: classifier, images: own, image: own)))
      }
    }
    guard fitting(.spectrum) != nil else { return }
    outcome.spectrum = try runner.outcome(
      of: examination.spectrum, on: Subject(classifier: classifier, images: own))
  }

  /// S_c, and how much the boundary of unseen images bends along it.
  mutating func bend() throws {
    guard let radius = outcome.radius, radius > 0, let count = fitting(.curvature) else { return }
    let found = try runner.outcome(
      of: examination.curvature(radius: radius, points: count), on: subject(learnt, count))
    outcome.curvature = found
    let basis = Directions.given(Basis(name: "S_c", vectors: found.basis))
    try follow("S_c 1", basis, radius)
    guard let few = fitting(.bending) else { return }
    outcome.shape = try runner.outcome(
      of: examination.bending(along: basis, radius: radius), on: subject(judged, few))
  }
}
