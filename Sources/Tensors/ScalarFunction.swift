internal import CKernels

/// A function φ of one number, with its first two derivatives.
///
/// ELU and SELU count as smooth, though their second derivative jumps at 0.
public enum ScalarFunction: Hashable, Sendable {
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
  /// x·softClamp₀¹(αx + β)
  case softHardSwish(alpha: Float, beta: Float, sharpness: Float)
  /// x above 0, slope·x below.
  case leakyRectifier(slope: Float)
  /// min(max(x, lower), upper), with a slope of 0 at its kinks.
  case clamp(lower: Float, upper: Float)
  /// |x|, with a slope of 0 at 0.
  case absolute
  /// x·min(max(αx + β, 0), 1); its slope jumps where the share does.
  case hardSwish(alpha: Float, beta: Float)
}

extension ScalarFunction {
  /// φ, φ′ or φ″.
  public enum Derivative: Int, Sendable { case value, slope, bend }

  /// φ or a derivative of it at every element of x, times `factor` where there is one.
  ///
  /// A factor may hold several batches of x's entries, one behind the other: x is repeated for each. What is not algebra
  /// is at most 4 ulp off, and does not depend on the element's place.
  public func evaluate(
    _ derivative: Derivative, at x: Tensor, times factor: Tensor? = nil, kernels: Kernels = .best
  ) -> Tensor {
    let period = x.elements.count
    precondition(
      factor == nil || factor!.elements.count == 0 || factor!.elements.count % period == 0,
      "a factor of \(factor!.shape) for \(x.shape)")
    let (name, parameters) = kernel
    let line = kernels.line(name, derivative.rawValue)
    return Tensor(shape: factor?.shape ?? x.shape) { out in
      guard let y = out.baseAddress, out.count > 0 else { return }
      x.elements.withUnsafeBufferPointer { x in
        (factor?.elements ?? []).withUnsafeBufferPointer { factor in
          forEachPart(of: period, times: out.count / period) { start, place, count in
            let own = factor.isEmpty ? nil : factor.baseAddress! + start
            line(x.baseAddress! + place, own, parameters, count, y + start)
          }
        }
      }
    }
  }

  /// Elements that a thread takes at once, and what one costs beside a multiply-add.
  private static let (partElements, cost) = (1 << 13, 16)

  /// Calls `body` for parts of `times` periods, on several threads, with where a part begins in all of them and in its
  /// own.
  private func forEachPart(
    of period: Int, times: Int, _ body: (_ start: Int, _ place: Int, _ count: Int) -> Void
  ) {
    let parts = (period + Self.partElements - 1) / Self.partElements
    together(over: parts * times, work: Self.cost * period * times) { i in
      let place = i % parts * Self.partElements
      body(i / parts * period + place, place, min(Self.partElements, period - place))
    }
  }

  /// φ(x), φ′(x) and φ″(x).
  public func derivatives(at x: Float, kernels: Kernels = .best) -> (Float, Float, Float) {
    let (name, parameters) = kernel
    func part(_ derivative: Derivative) -> Float {
      var (x, y) = (x, Float(0))
      kernels.line(name, derivative.rawValue)(&x, nil, parameters, 1, &y)
      return y
    }
    return (part(.value), part(.slope), part(.bend))
  }

  /// The kernel, and its parameters.
  private var kernel: (scalar_function, [Float]) {
    switch self {
    case .sigmoid: (function_sigmoid, [])
    case .tanh: (function_tangent, [])
    case .softplus(let beta): (function_softplus, [beta])
    case .softsign: (function_softsign, [])
    case .elu(let alpha): (function_exponential_unit, [alpha, 1])
    case .selu: (function_exponential_unit, [1.673_263_2, 1.050_701])
    case .erf: (function_error, [])
    case .gelu: (function_gelu, [])
    case .geluTanh: (function_gelu_tanh, [])
    case .silu: (function_silu, [])
    case .mish: (function_mish, [])
    case .exp: (function_exponential, [])
    case .log: (function_logarithm, [])
    case .sqrt: (function_root, [])
    case .reciprocal: (function_reciprocal, [])
    case .power(let exponent): (function_power, [exponent])
    case .softRectifier(let slope, let beta): (function_soft_rectifier, [slope, beta])
    case .softClamp(let lower, let upper, let beta): (function_soft_clamp, [lower, upper, beta])
    case .softAbsolute(let beta): (function_soft_absolute, [beta])
    case .softHardSwish(let alpha, let beta, let sharpness):
      (function_soft_hard_swish, [alpha, beta, sharpness])
    case .leakyRectifier(let slope): (function_leaky_rectifier, [slope])
    case .clamp(let lower, let upper): (function_clamp, [lower, upper])
    case .absolute: (function_absolute, [])
    case .hardSwish(let alpha, let beta): (function_hard_swish, [alpha, beta])
    }
  }
}
