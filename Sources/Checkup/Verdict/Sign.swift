public import Experiments

/// One check for trouble: whether it was found, on what evidence, against which published threshold.
public struct Sign: Codable, Sendable, Equatable {
  public var name: String
  /// Whether the trouble is there; false where too few images were seen to say so.
  public var found: Bool
  /// The number that was compared; nil where there is none.
  @OrNull public var value: Double?
  /// What the number was compared with; nil where there is none.
  @OrNull public var threshold: Double?
  /// What was seen, with its numbers.
  public var evidence: String
  /// What to do next.
  public var action: String
  /// Where the check comes from.
  public var source: String
  /// How much it matters: signs are told in this order, 0 first.
  public var rank: Int

  init(
    _ name: String, rank: Int, found: Bool, value: Double? = nil, threshold: Double? = nil, evidence: String,
    action: String, source: String
  ) {
    (self.name, self.rank, self.found, self.value, self.threshold) = (name, rank, found, value, threshold)
    (self.evidence, self.action, self.source) = (evidence, action, source)
  }
}

/// A sentence of the verdict, with what bears it and what to do.
public struct Conclusion: Codable, Sendable, Equatable {
  /// What is concluded, as a whole sentence.
  public var sentence: String
  /// What was seen, with its numbers.
  public var evidence: String
  /// What to do next; what was not tried, where nothing was found.
  public var action: String
}
