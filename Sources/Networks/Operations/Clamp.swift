public import Tensors

/// y = min(max(x, lower), upper): `Clip`.
public struct Clamp: PointwiseOperation {
  public let lower: Float?
  public let upper: Float?

  public init(lower: Float?, upper: Float?) {
    self.lower = lower
    self.upper = upper
  }

  public var regularity: Regularity { .piecewiseLinear }

  public func values(_ x: Tensor) -> Tensor {
    let (low, high) = bounds
    return Tensor(shape: x.shape) { out in
      x.elements.withUnsafeBufferPointer { x in
        for i in 0..<out.count {
          let y = x[i] < low ? low : x[i]
          out[i] = y > high ? high : y
        }
      }
    }
  }

  public func slopes(_ x: Tensor) -> Tensor {
    let (low, high) = bounds
    return Tensor(shape: x.shape) { out in
      x.elements.withUnsafeBufferPointer { x in
        for i in 0..<out.count { out[i] = x[i] > low && x[i] < high ? 1 : 0 }
      }
    }
  }

  public func bends(_ x: Tensor) -> Tensor? { nil }

  public func softened(beta: Float) -> any Operation {
    Elementwise(.softClamp(lower: bounds.low, upper: bounds.high, beta: beta))
  }

  private var bounds: (low: Float, high: Float) { (lower ?? -.infinity, upper ?? .infinity) }
}

/// y = |x|.
public struct AbsoluteValue: PointwiseOperation {
  public init() {}

  public var regularity: Regularity { .piecewiseLinear }

  public func values(_ x: Tensor) -> Tensor { combine(.product, x, slopes(x)) }

  public func slopes(_ x: Tensor) -> Tensor {
    Tensor(shape: x.shape) { out in
      x.elements.withUnsafeBufferPointer { x in
        for i in 0..<out.count { out[i] = x[i] > 0 ? 1 : x[i] < 0 ? -1 : 0 }
      }
    }
  }

  public func bends(_ x: Tensor) -> Tensor? { nil }

  public func softened(beta: Float) -> any Operation { Elementwise(.softAbsolute(beta: beta)) }
}
