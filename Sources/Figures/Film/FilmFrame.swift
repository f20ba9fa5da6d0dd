package import Experiments
internal import Explorer

extension TrainingFilm {
  /// What is found of one checkpoint.
  package struct Frame: Encodable, Sendable {
    package let checkpoint: String
    /// Why it has no numbers, such as weights that are not finite; nil where it has.
    package var problem: String?
    /// Images that accuracy and distance are of.
    package let count: Int
    /// Share of labels that are right; nil where nobody knows the truth.
    package var accuracy: Double? { values[.accuracy]?.value }
    /// Median distance to the boundary, px; nil where no other label was found.
    package var medianNorm: Double? { values[.distance]?.value }
    /// Unseen images that ``fooling`` is judged on: the second half.
    package let judged: Int
    /// Share of their labels that one universal vector of norm ξ changes, learnt from the first half.
    package var fooling: Double? { values[.fooling]?.value }
    /// Smallest and largest principal curvature at the image's boundary point, 1/px; nil where it has none.
    package var curvatures: [Double]? { values[.curvature].map { [$0.lower, $0.upper] } }
    /// Ends of the 95 % intervals of `accuracy`, `medianNorm` and `fooling`, by these names.
    package var intervals: [String: [Double]] {
      let named: [(String, TrainingStrip)] = [
        ("accuracy", .accuracy), ("medianNorm", .distance), ("fooling", .fooling),
      ]
      return Dictionary(
        uniqueKeysWithValues: named.compactMap { name, strip in
          values[strip].map { (name, [$0.lower, $0.upper]) }
        })
    }
    /// What was measured, with the ends of intervals.
    var values: [TrainingStrip: TrainingValue] = [:]
    /// The plane, in the axes of the film; nil where it has no numbers.
    package var section: SectionMap.Outcome?

    private enum CodingKeys: CodingKey {
      case checkpoint, problem, count, accuracy, medianNorm, judged, fooling, intervals, curvatures, section
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(checkpoint, forKey: .checkpoint)
      try container.encode(problem, forKey: .problem)
      try container.encode(count, forKey: .count)
      try container.encode(accuracy, forKey: .accuracy)
      try container.encode(medianNorm, forKey: .medianNorm)
      try container.encode(judged, forKey: .judged)
      try container.encode(fooling, forKey: .fooling)
      try container.encode(intervals, forKey: .intervals)
      try container.encode(curvatures, forKey: .curvatures)
      try container.encodeIfPresent(section, forKey: .section)
    }
  }
}
