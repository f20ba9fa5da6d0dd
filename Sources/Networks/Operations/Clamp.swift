public import Tensors

/// y = min(max(x, lower), upper): `Clip`.
public struct Clamp: FunctionOperation {
  /// The least value of y, unless ``upper`` is below it; nil for no bound.
  public let lower: Float?
  /// The largest value of y; nil for no bound.
  public let upper: Float?

  public init(lower: Float?, upper: Float?) {
    self.lower = lower
    self.upper = upper
  }

  public var regularity: Regularity { .piecewiseLinear }

  public var function: ScalarFunction { .clamp(lower: bounds.low, upper: bounds.high) }

  public func softened(beta: Float) -> any Operation {
    Elementwise(.softClamp(lower: bounds.low, upper: bounds.high, beta: beta))
  }

  private var bounds: (low: Float, high: Float) { (lower ?? -.infinity, upper ?? .infinity) }
}

/// y = |x|.
public struct AbsoluteValue: FunctionOperation {
  public init() {}

  public var regularity: Regularity { .piecewiseLinear }

  public var function: ScalarFunction { .absolute }

  public func softened(beta: Float) -> any Operation { Elementwise(.softAbsolute(beta: beta)) }
}
