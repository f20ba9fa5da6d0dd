internal import Experiments
internal import Networks

/// The numbers of the header that every screen shares.
struct Parameters: Hashable, Sendable {
  /// ξ, the norm of a universal perturbation, in pixel units.
  var radius = 3.0
  /// Whether ξ was chosen; else it follows the random-noise norm as soon as that is known.
  var isRadiusChosen = false
  /// h, the scale of the secant, in pixel units; nil follows ξ.
  var chosenStep: Double?
  var seed: UInt64 = 1
  /// How S_c is found, h and the seed aside.
  var curvature = SharedCurvature(product: .secant(step: 3))

  /// h: that of the best recipe measured, h = ξ, unless chosen.
  var step: Double { chosenStep ?? radius }

  /// The recipe of S_c with h and the seed of the header.
  var sharedCurvature: SharedCurvature {
    var shared = curvature
    if case .secant = shared.product {
      shared.product = .secant(step: Float(step))
    } else {
      shared.ascent = 0
    }
    shared.seed = seed
    return shared
  }

  /// Steps that keep a number readable: about ten a factor of ten.
  private static let ladder = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8]

  /// The next number of the ladder above or below.
  static func rung(_ value: Double, by steps: Int) -> Double {
    guard value.isFinite, value > 0 else { return 1 }
    var value = value
    for _ in 0..<abs(steps) { value = steps > 0 ? above(value) : below(value) }
    return min(1e4, max(1e-4, value))
  }

  private static func above(_ value: Double) -> Double {
    var decade = 1e-5
    while decade < 1e5 {
      for step in ladder where step * decade > value * 1.0001 { return step * decade }
      decade *= 10
    }
    return value
  }

  private static func below(_ value: Double) -> Double {
    var decade = 1e5
    while decade > 1e-6 {
      for step in ladder.reversed() where step * decade < value * 0.9999 { return step * decade }
      decade /= 10
    }
    return value
  }
}
