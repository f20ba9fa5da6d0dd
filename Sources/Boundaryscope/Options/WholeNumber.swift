internal import ArgumentParser
internal import Experiments

/// Whole numbers that options take, each kind within its bounds.
enum WholeNumber {
  typealias Parser = @Sendable (String) throws -> Int

  static let images = parser(Counts.images)
  static let draws = parser(Counts.draws)
  static let vectors = parser(Counts.vectors)
  static let iterations = parser(Counts.iterations)
  static let steps = parser(Counts.steps)
  static let starts = parser(Counts.starts)
  static let passes = parser(Counts.passes)
  static let gradients = parser(Counts.gradients)
  static let rounds = parser(1...10_000)
  static let threads = parser(1...1024)
  static let index = parser(Counts.index)
  /// Counted from 1.
  static let number = parser(1...2_147_483_647)
  /// Over the height or the width of an image.
  static let cycles = parser(0...16_384)
  /// In pixels.
  static let side = parser(1...16_384)

  private static func parser(_ bounds: ClosedRange<Int>) -> Parser {
    { text in
      guard let number = Int(text), bounds.contains(number) else {
        throw ValidationError("expected a whole number between \(bounds.lowerBound) and \(bounds.upperBound)")
      }
      return number
    }
  }
}
