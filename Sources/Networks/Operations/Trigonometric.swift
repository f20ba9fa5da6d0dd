internal import Glibc
public import Tensors

/// A circular or hyperbolic function, or the inverse of one.
public enum TrigonometricFunction: String, Hashable, Sendable, CaseIterable {
  case sin, cos, tan, asin, acos, atan
  case sinh, cosh, asinh, acosh, atanh

  /// φ(x), φ′(x), φ″(x).
  func derivatives(_ x: Float) -> (Float, Float, Float) {
    switch self {
    case .sin: return (sinf(x), cosf(x), -sinf(x))
    case .cos: return (cosf(x), -sinf(x), -cosf(x))
    case .tan:
      let t = tanf(x)
      return (t, 1 + t * t, 2 * t * (1 + t * t))
    case .asin: return inverse(asinf(x), 1 - x * x, x)
    case .acos:
      let (y, slope, bend) = inverse(acosf(x), 1 - x * x, x)
      return (y, -slope, -bend)
    case .atan:
      let d = 1 / (1 + x * x)
      return (atanf(x), d, -2 * x * d * d)
    case .sinh: return (sinhf(x), coshf(x), sinhf(x))
    case .cosh: return (coshf(x), sinhf(x), coshf(x))
    case .asinh: return inverse(asinhf(x), 1 + x * x, -x)
    case .acosh: return inverse(acoshf(x), x * x - 1, -x)
    case .atanh:
      let d = 1 / (1 - x * x)
      return (atanhf(x), d, 2 * x * d * d)
    }
  }

  /// A value with slope q^(−1/2) and second derivative turn·q^(−3/2).
  private func inverse(_ value: Float, _ q: Float, _ turn: Float) -> (Float, Float, Float) {
    let slope = 1 / q.squareRoot()
    return (value, slope, turn * slope * slope * slope)
  }
}

/// y = φ(x) for every element, with a circular or hyperbolic φ: what positions are encoded by.
public struct Trigonometric: PointwiseOperation {
  public let function: TrigonometricFunction

  public init(_ function: TrigonometricFunction) { self.function = function }

  public var regularity: Regularity { .smooth }

  public func values(_ x: Tensor) -> Tensor { map(x) { $0.0 } }
  public func slopes(_ x: Tensor) -> Tensor { map(x) { $0.1 } }
  public func bends(_ x: Tensor) -> Tensor? { map(x) { $0.2 } }

  private func map(_ x: Tensor, _ pick: ((Float, Float, Float)) -> Float) -> Tensor {
    Tensor(shape: x.shape) { out in
      x.elements.withUnsafeBufferPointer { x in
        for i in 0..<out.count { out[i] = pick(function.derivatives(x[i])) }
      }
    }
  }
}
