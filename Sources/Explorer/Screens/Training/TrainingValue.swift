public import Experiments
internal import Geometry

/// One number of a checkpoint, with the ends of what it spreads over.
public struct TrainingValue: Hashable, Sendable {
  /// In the unit of its strip; shares from 0 to 1.
  public var value: Double
  /// Of the 95 % interval; for a spectrum its smallest value.
  public var lower: Double
  /// The other end; for a spectrum its largest value.
  public var upper: Double

  /// The value within its interval.
  public init(_ value: Double, _ lower: Double, _ upper: Double) {
    (self.value, self.lower, self.upper) = (value, lower, upper)
  }

  /// The share of right labels, with Wilson's interval; nil where nobody knows the truth.
  public init?(_ labels: Prediction.Outcome) {
    let known = labels.predictions.filter { $0.truth != nil }.count
    guard let accuracy = labels.accuracy else { return nil }
    let share = Proportion(Int((accuracy * Double(known)).rounded()), of: known)
    self.init(accuracy, share.interval.lowerBound, share.interval.upperBound)
  }

  /// The median of ‖r‖, with the interval of a median; nil where no other label was found.
  public init?(_ distances: Robustness.Outcome) {
    guard let median = distances.medianNorm else { return nil }
    let norms = Statistics(distances.each.filter(\.isFooled).map(\.norm))
    self.init(median, norms.medianInterval?.lowerBound ?? median, norms.medianInterval?.upperBound ?? median)
  }

  /// The share of unseen labels that a vector changes, with Wilson's interval; nil where none were judged.
  public init?(_ vector: UniversalFooling.Outcome) {
    guard let judged = vector.validation else { return nil }
    self.init(judged.rate, judged.interval[0], judged.interval[1])
  }

  /// The largest principal curvature, above the smallest; nil where the density has no values.
  public init?(_ spectrum: PointSpectrum.Outcome) {
    guard let largest = spectrum.nodes.first?.value, let smallest = spectrum.nodes.last?.value else {
      return nil
    }
    self.init(largest, smallest, largest)
  }
}
