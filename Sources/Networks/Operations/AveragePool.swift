public import Tensors

/// The mean under a window, over the last two axes of N×C×H×W.
public struct AveragePool: LinearOperation {
  /// Kernel, strides, dilations and padding over rows and columns.
  public let window: Window
  /// Whether a last, partly outside place counts: ONNX `ceil_mode`.
  public let roundsUp: Bool
  /// Whether the padding counts as zeros in a mean, not at all otherwise: ONNX `count_include_pad`.
  public let countsPadding: Bool

  /// Takes whether the padding counts as zeros, or not at all.
  public init(window: Window, roundsUp: Bool = false, countsPadding: Bool = false) {
    self.window = window
    self.roundsUp = roundsUp
    self.countsPadding = countsPadding
  }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    try pooledShape(inputs[0], window, roundsUp)
  }

  public func linear(_ x: Tensor) -> Tensor { pooling(x.shape).means(x, countingPadding: countsPadding) }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor {
    pooling(shape).spread(cotangent, to: shape, countingPadding: countsPadding)
  }

  private func pooling(_ s: Shape) -> Pooling {
    Pooling(window, height: s[2], width: s[3], roundsUp: roundsUp)
  }
}
