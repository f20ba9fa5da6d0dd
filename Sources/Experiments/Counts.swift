/// The bounds of whole numbers that people give: a number beyond them ends no run that anyone waits for, or needs more
/// memory than there is.
public enum Counts {
  /// Of images, or of boundary points.
  public static let images = 1...10_000_000
  /// Of random vectors or perturbations, and of places along a way.
  public static let draws = 1...1_000_000
  /// Of vectors that span a subspace.
  public static let vectors = 1...100_000
  /// Of a Krylov space.
  public static let iterations = 1...100_000
  /// Products or gradients beyond what is made anyway.
  public static let steps = 0...10_000_000
  /// Of an ascent, or of a spectrum's density.
  public static let starts = 1...10_000
  /// Of a universal perturbation, over its images.
  public static let passes = 1...100_000
  /// Of a stochastic ascent, in all of its passes.
  public static let gradients = 1...1_000_000_000
  /// Of images in a set, nodes in a network, steps in a tour.
  public static let index = 0...2_147_483_647
}
