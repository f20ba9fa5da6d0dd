internal import Tensors

/// A convolution with the rectifier and the maximum over windows that follow it, computed together.
///
/// What lies between them never leaves the processor's cache. Made by ``Graph/fused()``.
struct ConvolutionBlock: Operation {
  let convolution: Convolution
  let rectifies: Bool
  let pool: MaxPool?

  var regularity: Regularity { .piecewiseLinear }

  func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let shape = try convolution.outputShape(inputs)
    return try pool?.outputShape([shape]) ?? shape
  }

  func forward(_ inputs: [Tensor]) -> Tensor { evaluate(inputs[0], recordsTaps: false).output }

  func forwardRecording(_ inputs: [Tensor]) -> (output: Tensor, record: [UInt8]) {
    evaluate(inputs[0], recordsTaps: true)
  }

  private func evaluate(_ x: Tensor, recordsTaps: Bool) -> (output: Tensor, record: [UInt8]) {
    let (filters, bias) = (convolution.correlation, convolution.bias)
    guard let pooling = pooling(x.shape) else {
      return (filters.apply(x, bias: bias, rectifies: rectifies), [])
    }
    let found = filters.apply(x, bias: bias, rectifies: rectifies, pooling: pooling, recordsTaps: recordsTaps)
    return (found.maxima, found.taps)
  }

  func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    var tangent = convolution.linear(tangents[0]!)
    if let pooling = pooling(point.inputs[0].shape) { tangent = pooling.pick(tangent, taps: point.record) }
    return rectifies ? gated(tangent, by: point.output) : tangent
  }

  func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    pullbacks(cotangent, batches: 1, at: point)
  }

  func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    let shape = point.inputs[0].shape
    let gate: Correlation.Gate? =
      if let pooling = pooling(shape) {
        .maximum(pooling, taps: point.record, rectified: rectifies ? point.output : nil)
      } else {
        rectifies ? .rectifier(point.output) : nil
      }
    return [
      convolution.correlation.adjoint(cotangents, through: gate, to: shape.batches(batches))
    ]
  }

  func multiplyAdds(_ inputs: [Shape]) -> Int { convolution.multiplyAdds(inputs) }

  var parameterCount: Int { convolution.parameterCount }

  private func pooling(_ s: Shape) -> Pooling? {
    guard let pool, let shape = try? convolution.outputShape([s]) else { return nil }
    return Pooling(pool.window, height: shape[2], width: shape[3], roundsUp: pool.roundsUp)
  }
}

/// A dense layer and the rectifier behind it, made by ``Graph/fused()``.
struct DenseBlock: Operation {
  let dense: Dense

  var regularity: Regularity { .piecewiseLinear }

  func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { try dense.outputShape(inputs) }

  func forward(_ inputs: [Tensor]) -> Tensor { dense.product(inputs[0], dense.bias, rectifies: true) }

  func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    gated(dense.linear(tangents[0]!), by: point.output)
  }

  func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    pullbacks(cotangent, batches: 1, at: point)
  }

  func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    let shape = point.inputs[0].shape
    let rows = shape.extents.dropLast().reduce(1, *)
    return [
      dense.adjoint(
        gated(cotangents, by: point.output), period: rows, to: shape.batches(batches))
    ]
  }

  func multiplyAdds(_ inputs: [Shape]) -> Int { dense.multiplyAdds(inputs) }

  var parameterCount: Int { dense.parameterCount }
}

/// x₁ + x₂ of one shape and the rectifier behind it, where a residual network's branches meet.
///
/// Made by ``Graph/fused()``.
struct RectifiedSum: Operation {
  var regularity: Regularity { .piecewiseLinear }

  func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { inputs[0] }

  func forward(_ inputs: [Tensor]) -> Tensor { rectifiedSum(inputs[0], inputs[1]) }

  func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    gated(sum(tangents[0], tangents[1], as: point.output.shape), by: point.output)
  }

  func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    pullbacks(cotangent, batches: 1, at: point)
  }

  func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    let share = gated(cotangents, by: point.output)
    return point.wanted { _ in share }
  }
}
