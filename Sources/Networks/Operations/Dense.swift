public import Tensors

/// y = x·Wᵀ + b along the last axis, …×D → …×K: ONNX `Gemm`, and `MatMul` with a constant right factor.
public struct Dense: LinearOperation {
  let factor: DenseProduct
  /// b, one number an output, K of them; nil for zeros.
  public let bias: [Float]?

  /// Takes weights of K×D.
  public init(weights: Tensor, bias: [Float]?) {
    precondition(weights.shape.rank == 2, "weights of \(weights.shape), not K×D")
    precondition(
      bias == nil || bias!.count == weights.shape[0], "one bias for each of \(weights.shape[0]) outputs")
    factor = DenseProduct(weights: weights)
    self.bias = bias
  }

  /// K×D.
  public var weights: Tensor { factor.weights }

  var outputs: Int { weights.shape[0] }
  var inputs: Int { weights.shape[1] }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    guard s.rank > 0, s[s.rank - 1] == self.inputs else {
      throw ShapeError("takes …×\(self.inputs), not \(s)")
    }
    return Shape(s.extents.dropLast() + [outputs])
  }

  public func forward(_ inputs: [Tensor]) -> Tensor { product(inputs[0], bias) }

  public func linear(_ x: Tensor) -> Tensor { product(x, nil) }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor {
    adjoint(cotangent, period: 1, to: shape)
  }

  /// The same where rows `period` apart passed one gate.
  func adjoint(_ cotangent: Tensor, period: Int, to shape: Shape) -> Tensor {
    let rows = inputs > 0 ? shape.count / inputs : 0
    return Tensor(shape: shape) { out in
      guard let xBar = out.baseAddress else { return }
      factor.adjoint(cotangent.elements, rows: rows, period: period, into: xBar)
    }
  }

  func product(_ x: Tensor, _ bias: [Float]?, rectifies: Bool = false) -> Tensor {
    let rows = x.shape.extents.dropLast().reduce(1, *)
    return Tensor(shape: Shape(x.shape.extents.dropLast() + [outputs])) { out in
      guard let y = out.baseAddress else { return }
      factor.apply(x.elements, rows: rows, bias: bias, rectifies: rectifies, into: y)
    }
  }

  public func multiplyAdds(_ inputs: [Shape]) -> Int { inputs[0].count * outputs }

  public var parameterCount: Int { weights.shape.count + (bias?.count ?? 0) }
}
