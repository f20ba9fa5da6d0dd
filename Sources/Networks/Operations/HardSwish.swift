public import Tensors

/// y = x·min(max(αx + β, 0), 1): `HardSwish` with α = 1/6 and β = 1/2.
///
/// It bends between the kinks of the share, 2α, and its slope jumps at them.
public struct HardSwish: FunctionOperation {
  /// α, the slope of the share between its kinks.
  public let alpha: Float
  /// β, the share at x = 0 before it is brought into [0, 1].
  public let beta: Float

  public init(alpha: Float = 1 / 6, beta: Float = 0.5) {
    self.alpha = alpha
    self.beta = beta
  }

  public var regularity: Regularity { .smooth }
  public func hasKinks(varying: [Bool]) -> Bool { true }

  public var function: ScalarFunction { .hardSwish(alpha: alpha, beta: beta) }

  public func softened(beta sharpness: Float) -> any Operation {
    Elementwise(.softHardSwish(alpha: alpha, beta: beta, sharpness: sharpness))
  }
}
