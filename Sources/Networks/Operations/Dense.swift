public import Tensors

/// y = x·Wᵀ + b along the last axis, …×D → …×K: ONNX `Gemm`, and `MatMul` with a constant right factor.
public struct Dense: LinearOperation {
  /// K×D.
  public let weights: Tensor
  public let bias: [Float]?

  /// Takes weights of K×D.
  public init(weights: Tensor, bias: [Float]?) {
    precondition(weights.shape.rank == 2, "weights of \(weights.shape), not K×D")
    precondition(
      bias == nil || bias!.count == weights.shape[0], "one bias for each of \(weights.shape[0]) outputs")
    self.weights = weights
    self.bias = bias
  }

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
    let rows = inputs > 0 ? shape.count / inputs : 0
    return Tensor(shape: shape) { out in
      guard let xBar = out.baseAddress else { return }
      multiply(cotangent.elements, weights.elements, into: xBar, rows: rows, columns: inputs, inner: outputs)
    }
  }

  private func product(_ x: Tensor, _ bias: [Float]?) -> Tensor {
    let rows = x.shape.extents.dropLast().reduce(1, *)
    return Tensor(shape: Shape(x.shape.extents.dropLast() + [outputs])) { out in
      guard let y = out.baseAddress else { return }
      if let bias {
        for r in 0..<rows { (y + r * outputs).update(from: bias, count: outputs) }
      }
      multiply(
        x.elements, weights.elements, bTransposed: true, into: y, rows: rows, columns: outputs, inner: inputs,
        keeping: bias == nil ? 0 : 1)
    }
  }

  public func multiplyAdds(_ inputs: [Shape]) -> Int { inputs[0].count * outputs }

  public var parameterCount: Int { weights.shape.count + (bias?.count ?? 0) }
}
