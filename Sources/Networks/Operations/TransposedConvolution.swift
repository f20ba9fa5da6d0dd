public import Tensors

/// The adjoint of a convolution, N×O×h×w → N×C×H×W: ONNX `ConvTranspose` on two axes.
///
/// Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016, chapter 4.
public struct TransposedConvolution: LinearOperation {
  /// The convolution from the output back to the input.
  let convolution: Convolution
  /// One number a channel of the output; nil for zeros.
  public let bias: [Float]?
  /// Rows and columns of the output.
  public let extents: [Int]

  /// Takes weights of O×(C/groups)×kH×kW, one number a channel of the output as bias, and the output's rows and columns.
  public init(weights: Tensor, bias: [Float]?, window: Window, groups: Int = 1, extents: [Int]) {
    precondition(extents.count == 2, "an output of \(extents) rows and columns")
    convolution = Convolution(weights: weights, bias: nil, window: window, groups: groups)
    self.bias = bias
    self.extents = extents
  }

  private var channels: Int { convolution.weights.shape[1] * convolution.groups }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    guard s.rank == 4 else { throw ShapeError("takes N×\(convolution.weights.shape[0])×H×W, not \(s)") }
    let output: Shape = [s[0], channels, extents[0], extents[1]]
    let back = try convolution.outputShape([output])
    guard back == s else { throw ShapeError("gives \(output) for \(back), not for \(s)") }
    return output
  }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    let y = linear(inputs[0])
    return bias.map { ChannelAffine(scale: $0.map { _ in 1 }, shift: $0).forward([y]) } ?? y
  }

  public func linear(_ x: Tensor) -> Tensor {
    convolution.adjoint(x, to: [x.shape[0], channels, extents[0], extents[1]])
  }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor { convolution.linear(cotangent) }

  public func multiplyAdds(_ inputs: [Shape]) -> Int {
    inputs[0].count * convolution.weights.shape[1] * convolution.window.count
  }

  public var parameterCount: Int { convolution.parameterCount + (bias?.count ?? 0) }
}
