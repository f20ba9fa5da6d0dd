internal import Glibc
public import Tensors

/// A smooth function of one number, with its first two derivatives.
///
/// ELU and SELU count as smooth, though their second derivative jumps at 0.
public enum SmoothFunction: Hashable, Sendable {
  /// 1/(1 + e⁻ˣ)
  case sigmoid
  case tanh
  /// log(1 + e^βx)/β
  case softplus(beta: Float)
  /// x/(1 + |x|)
  case softsign
  /// x above 0, α(eˣ − 1) below.
  case elu(alpha: Float)
  /// λ·elu_α with the constants of Klambauer et al., NeurIPS 2017.
  case selu
  case erf
  /// x·Φ(x) with the normal distribution function Φ.
  case gelu
  /// The approximation of ``gelu`` by a hyperbolic tangent.
  case geluTanh
  /// x·sigmoid(x)
  case silu
  /// x·tanh(softplus(x))
  case mish
  case exp
  case log
  case sqrt
  case reciprocal
  case power(Float)
  /// slope·x + (1 − slope)·softplus_β(x), the softened leaky rectifier.
  case softRectifier(slope: Float, beta: Float)
  /// x + softplus_β(lower − x) − softplus_β(x − upper), without the terms whose limit is infinite.
  case softClamp(lower: Float, upper: Float, beta: Float)
  /// softplus_β(x) + softplus_β(−x)
  case softAbsolute(beta: Float)
}

/// y = φ(x) for every element, with a smooth φ.
public struct Elementwise: PointwiseOperation {
  public let function: SmoothFunction

  public init(_ function: SmoothFunction) { self.function = function }

  public var regularity: Regularity { .smooth }

  public func values(_ x: Tensor) -> Tensor { map(x) { $0.0 } }
  public func slopes(_ x: Tensor) -> Tensor { map(x) { $0.1 } }
  public func bends(_ x: Tensor) -> Tensor? { map(x) { $0.2 } }

  @inline(__always)
  private func map(_ x: Tensor, _ pick: ((Float, Float, Float)) -> Float) -> Tensor {
    Tensor(shape: x.shape) { out in
      x.elements.withUnsafeBufferPointer { x in
        for i in 0..<out.count { out[i] = pick(function.derivatives(x[i])) }
      }
    }
  }
}

extension SmoothFunction {
  /// φ(x), φ′(x), φ″(x).
  @inline(__always)
  func derivatives(_ x: Float) -> (Float, Float, Float) {
    switch self {
    case .sigmoid:
      let s = logistic(x)
      return (s, s * (1 - s), s * (1 - s) * (1 - 2 * s))
    case .tanh:
      let t = tanhf(x)
      return (t, 1 - t * t, -2 * t * (1 - t * t))
    case .softplus(let beta): return softplusRow(x, beta)
    case .softsign:
      let d = 1 / (1 + abs(x))
      return (x * d, d * d, (x < 0 ? 2 : -2) * d * d * d)
    case .elu(let alpha): return exponentialUnitRow(x, alpha, 1)
    case .selu: return exponentialUnitRow(x, 1.673_263_2, 1.050_701)
    case .erf:
      let slope = 1.128_379_2 * expf(-x * x)
      return (erff(x), slope, -2 * x * slope)
    case .gelu:
      let (p, d) = (0.5 * erfcf(-0.707_106_8 * x), 0.398_942_28 * expf(-0.5 * x * x))
      return (x * p, p + x * d, d * (2 - x * x))
    case .geluTanh: return geluTanhRow(x)
    case .silu:
      let s = logistic(x)
      let d = s * (1 - s)
      return (x * s, s + x * d, d * (2 + x * (1 - 2 * s)))
    case .mish: return mishRow(x)
    case .exp:
      let e = expf(x)
      return (e, e, e)
    case .log: return (logf(x), 1 / x, -1 / (x * x))
    case .sqrt:
      let s = x.squareRoot()
      return (s, 0.5 / s, -0.25 / (s * x))
    case .reciprocal:
      let r = 1 / x
      return (r, -r * r, 2 * r * r * r)
    case .power(let p):
      return (
        powf(x, p), p == 0 ? 0 : p * powf(x, p - 1), p == 0 || p == 1 ? 0 : p * (p - 1) * powf(x, p - 2)
      )
    case .softRectifier(let slope, let beta):
      let s = softplusRow(x, beta)
      return (slope * x + (1 - slope) * s.0, slope + (1 - slope) * s.1, (1 - slope) * s.2)
    case .softClamp(let lower, let upper, let beta): return softClampRow(x, lower, upper, beta)
    case .softAbsolute(let beta):
      let (s, t) = (softplusRow(x, beta), softplusRow(-x, beta))
      return (s.0 + t.0, s.1 - t.1, s.2 + t.2)
    }
  }
}

private func logistic(_ x: Float) -> Float {
  let e = expf(-abs(x))
  return x >= 0 ? 1 / (1 + e) : e / (1 + e)
}

private func softplusRow(_ x: Float, _ beta: Float) -> (Float, Float, Float) {
  let e = expf(-abs(beta * x))
  let s = beta * x >= 0 ? 1 / (1 + e) : e / (1 + e)
  return (max(x, 0) + log1pf(e) / beta, s, beta * e / ((1 + e) * (1 + e)))
}

private func exponentialUnitRow(_ x: Float, _ alpha: Float, _ scale: Float) -> (Float, Float, Float) {
  if x > 0 { return (scale * x, scale, 0) }
  let e = scale * alpha * expf(x)
  return (scale * alpha * expm1f(x), e, e)
}

private func geluTanhRow(_ x: Float) -> (Float, Float, Float) {
  let (k, c): (Float, Float) = (0.797_884_56, 0.044715)
  let t = tanhf(k * (x + c * x * x * x))
  let d = 1 - t * t
  let (u, v) = (k * (1 + 3 * c * x * x), 6 * k * c * x)
  return (0.5 * x * (1 + t), 0.5 * (1 + t) + 0.5 * x * d * u, d * u + 0.5 * x * (d * v - 2 * t * d * u * u))
}

private func mishRow(_ x: Float) -> (Float, Float, Float) {
  let (p, s, b) = softplusRow(x, 1)
  let t = tanhf(p)
  let d = (1 - t * t) * s
  let e = -2 * t * d * s + (1 - t * t) * b
  return (x * t, t + x * d, 2 * d + x * e)
}

private func softClampRow(_ x: Float, _ lower: Float, _ upper: Float, _ beta: Float) -> (Float, Float, Float)
{
  var y: (Float, Float, Float) = (x, 1, 0)
  if lower > -.infinity {
    let s = softplusRow(lower - x, beta)
    y = (y.0 + s.0, y.1 - s.1, y.2 + s.2)
  }
  if upper < .infinity {
    let s = softplusRow(x - upper, beta)
    y = (y.0 - s.0, y.1 - s.1, y.2 - s.2)
  }
  return y
}
