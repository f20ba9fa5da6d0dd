/// The bounds of whole numbers that people give: a number beyond them ends no run that anyone waits for, or needs more
/// memory than there is.
public enum Counts {
  public static let images = 1...10_000_000
  public static let draws = 1...1_000_000
  /// Of vectors that span a subspace.
  public static let vectors = 1...100_000
  /// Of a Krylov space.
  public static let iterations = 1...100_000
  /// Products or gradients beyond what is made anyway.
  public static let steps = 0...10_000_000
  public static let starts = 1...10_000
  public static let passes = 1...100_000
  public static let gradients = 1...1_000_000_000
  /// Of images in a set, nodes in a network, steps in a tour.
  public static let index = 0...2_147_483_647
}
