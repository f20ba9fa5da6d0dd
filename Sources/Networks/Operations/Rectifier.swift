public import Tensors

/// y = x where x > 0, slope·x elsewhere: `Relu`, `LeakyRelu`.
public struct Rectifier: Operation {
  /// The slope at x ≤ 0; 0 for `Relu`.
  public let slope: Float

  public init(slope: Float = 0) { self.slope = slope }

  public var regularity: Regularity { .piecewiseLinear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { inputs[0] }

  public func forward(_ inputs: [Tensor]) -> Tensor { gate(inputs[0], by: inputs[0]) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    gate(tangents[0]!, by: point.inputs[0])
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    [gate(cotangent, by: point.inputs[0])]
  }

  public func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    [gate(cotangents, by: point.inputs[0])]
  }

  /// softplus_β in the place of the kink.
  public func softened(beta: Float) -> any Operation {
    slope == 0
      ? Elementwise(.softplus(beta: beta)) : Elementwise(.softRectifier(slope: slope, beta: beta))
  }

  /// v where x > 0, slope·v elsewhere; v may hold several batches of x's entries, one behind the other.
  private func gate(_ v: Tensor, by x: Tensor) -> Tensor {
    slope == 0
      ? gated(v, by: x) : ScalarFunction.leakyRectifier(slope: slope).evaluate(.slope, at: x, times: v)
  }
}

/// y = x where x > 0, slopes·x elsewhere, with slopes that broadcast to x: `PRelu`.
public struct ParametricRectifier: PointwiseOperation {
  public let slopes: Tensor
  /// Sharpness of the softplus in the place of the kink; nil for the kink itself.
  let beta: Float?

  public init(slopes: Tensor) { self.init(slopes: slopes, beta: nil) }

  private init(slopes: Tensor, beta: Float?) {
    self.slopes = slopes
    self.beta = beta
  }

  public var regularity: Regularity { beta == nil ? .piecewiseLinear : .smooth }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    guard inputs[0].broadcast(with: slopes.shape) == inputs[0] else {
      throw ShapeError("slopes of \(slopes.shape) do not broadcast to \(inputs[0])")
    }
    return inputs[0]
  }

  public func values(_ x: Tensor) -> Tensor { mix(x, x, rectified(x, .value)) }
  public func slopes(_ x: Tensor) -> Tensor {
    mix(x, Tensor(repeating: 1, shape: x.shape), rectified(x, .slope))
  }
  public func bends(_ x: Tensor) -> Tensor? {
    beta == nil ? nil : mix(x, Tensor(zeros: x.shape), rectified(x, .bend))
  }

  public func softened(beta: Float) -> any Operation { ParametricRectifier(slopes: slopes, beta: beta) }

  public var parameterCount: Int { slopes.shape.count }

  /// slopes·v + (1 − slopes)·r.
  private func mix(_ x: Tensor, _ v: Tensor, _ r: Tensor) -> Tensor {
    combine(.sum, r, combine(.product, combine(.difference, v, r), slopes))
  }

  /// The rectifier of slope 0 or its softplus, or a derivative of it.
  private func rectified(_ x: Tensor, _ derivative: ScalarFunction.Derivative) -> Tensor {
    if let beta { return ScalarFunction.softplus(beta: beta).evaluate(derivative, at: x) }
    return switch derivative {
    case .value: gated(x, by: x)
    case .slope: gated(Tensor(repeating: 1, shape: x.shape), by: x)
    case .bend: Tensor(zeros: x.shape)
    }
  }
}
