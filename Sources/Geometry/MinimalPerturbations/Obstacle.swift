/// Why no boundary point was found for an image.
public enum Obstacle: String, Codable, CaseIterable, Sendable {
  /// Two classes share the largest logit at x: x lies on the boundary itself, and r has no side to come from.
  case tie
  /// The margin of no candidate has a gradient at x: to first order the label does not depend on the image.
  case flat
  /// The iterations ended, logits overflowed, or the label changed by a jump that has no normal.
  case lost
}
