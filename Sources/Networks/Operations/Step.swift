internal import Glibc
public import Tensors

/// A function that is constant between its jumps: `Sign`, `Floor`, `Ceil`, `Round`.
///
/// Its derivative is zero wherever it has one, as PyTorch says too; the softened one rises over a width of 1/β.
public struct Step: PointwiseOperation {
  /// Which numbers x goes to: −1, 0 and 1, or integers.
  public enum Function: Hashable, Sendable, CaseIterable {
    case sign
    case floor
    case ceiling
    /// To the nearest integer, halves to even ones.
    case round
  }

  public let function: Function

  public init(_ function: Function) { self.function = function }

  public var regularity: Regularity { .piecewiseLinear }

  public func values(_ x: Tensor) -> Tensor {
    Tensor(shape: x.shape) { out in
      x.elements.withUnsafeBufferPointer { x in
        switch function {
        case .sign: for i in 0..<out.count { out[i] = x[i] > 0 ? 1 : x[i] < 0 ? -1 : 0 }
        case .floor: for i in 0..<out.count { out[i] = x[i].rounded(.down) }
        case .ceiling: for i in 0..<out.count { out[i] = x[i].rounded(.up) }
        case .round: for i in 0..<out.count { out[i] = x[i].rounded(.toNearestOrEven) }
        }
      }
    }
  }

  public func slopes(_ x: Tensor) -> Tensor { Tensor(zeros: x.shape) }

  public func bends(_ x: Tensor) -> Tensor? { nil }

  public func softened(beta: Float) -> any Operation {
    function == .sign ? SoftSign(beta: beta) : SoftStaircase(function, beta: beta)
  }
}

/// tanh(βx), the softened sign.
public struct SoftSign: PointwiseOperation {
  /// β, the slope at 0.
  public let beta: Float

  public var regularity: Regularity { .smooth }

  public func values(_ x: Tensor) -> Tensor { Elementwise(.tanh).values(beta * x) }

  public func slopes(_ x: Tensor) -> Tensor { beta * Elementwise(.tanh).slopes(beta * x) }

  public func bends(_ x: Tensor) -> Tensor? { Elementwise(.tanh).bends(beta * x).map { beta * beta * $0 } }
}

/// A staircase whose steps are arcs of the wrapped Cauchy distribution of width 1/β: the softened floor, ceiling, round.
///
/// ⌊x⌋ = x − ½ + Σₖ sin(2πkx)/πk; the k-th term times rᵏ with r = e^(−2π/β) gives
/// x − ½ + atan2(r·sin θ, 1 − r·cos θ)/π with θ = 2πx, whose slope is the Poisson kernel (1 − r²)/(1 − 2r·cos θ + r²).
public struct SoftStaircase: PointwiseOperation {
  /// β, the sharpness: a step takes about 1/β of x.
  public let beta: Float
  /// How far the stairs lie to the left of the floor's, and above them.
  private let (offset, rise): (Float, Float)

  init(_ function: Step.Function, beta: Float) {
    self.beta = beta
    (offset, rise) = function == .ceiling ? (0, 1) : function == .round ? (0.5, 0) : (0, 0)
  }

  public var regularity: Regularity { .smooth }

  public func values(_ x: Tensor) -> Tensor {
    map(x, isValue: true) { x, r, _ in
      let (s, c) = (sinf(2 * .pi * x), cosf(2 * .pi * x))
      return x - 0.5 + atan2f(r * s, 1 - r * c) / .pi
    }
  }

  public func slopes(_ x: Tensor) -> Tensor {
    map(x) { x, r, gap in gap * (1 + r) / Self.distance(x, r, gap) }
  }

  public func bends(_ x: Tensor) -> Tensor? {
    map(x) { x, r, gap in
      let d = Self.distance(x, r, gap)
      return -4 * .pi * r * sinf(2 * .pi * x) * gap * (1 + r) / (d * d)
    }
  }

  /// 1 − 2r·cos θ + r², without cancellation.
  private static func distance(_ x: Float, _ r: Float, _ gap: Float) -> Float {
    let s = sinf(.pi * x)
    return gap * gap + 4 * r * s * s
  }
}

extension SoftStaircase {
  /// body(x less its nearest integer, r, 1 − r); values get that integer back.
  private func map(
    _ x: Tensor, isValue: Bool = false, _ body: (_ x: Float, _ r: Float, _ gap: Float) -> Float
  ) -> Tensor {
    let (r, gap) = (expf(-2 * .pi / beta), -expm1f(-2 * .pi / beta))
    return Tensor(shape: x.shape) { out in
      x.elements.withUnsafeBufferPointer { x in
        for i in 0..<out.count {
          let place = x[i] + offset
          let whole = place.rounded()
          out[i] = body(place - whole, r, gap) + (isValue ? whole + rise : 0)
        }
      }
    }
  }
}
