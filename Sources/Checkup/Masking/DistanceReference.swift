internal import Glibc

/// What the distances of a model are read against: a bundled network's, in units that compare.
///
/// ℓ2 lengths compare among images of one size alone; ε = 255·‖r‖/√d, the change of each of d values that is as long,
/// compares among all. Medians over images 500 to 563 of `shapes`, of each image the smallest of ``Masking``'s searches;
/// the tests find them anew.
public struct DistanceReference: Codable, Sendable, Equatable {
  public var name: String
  /// How it was trained, in a few words.
  public var training: String
  /// In pixel units.
  public var median: Double
  /// d, elements of an image.
  public var pixels: Int

  /// An ordinary network, and the same one trained on for robustness by curvature regularisation (CURE, CVPR 2019).
  public static let bundled = [
    DistanceReference(
      name: "lenet-shapes", training: "ordinary", median: 0.26896, pixels: 3072),
    DistanceReference(
      name: "lenet-cure-shapes", training: "robust: CURE", median: 0.31982, pixels: 3072),
  ]

  /// ε of the median: 255·‖r‖/√d, in 1/255.
  public var epsilon: Double { Self.epsilon(of: median, pixels: pixels) }

  /// A norm as the change of every value, in 1/255.
  public static func epsilon(of norm: Double, pixels: Int) -> Double {
    255 * norm / Double(max(1, pixels)).squareRoot()
  }
}
