public import Tensors

/// Cross-correlation of N×C×H×W images with trained filters, plus a bias: ONNX `Conv` on two axes.
public struct Convolution: LinearOperation {
  let correlation: Correlation
  /// One number a filter, O of them; nil for zeros.
  public let bias: [Float]?

  /// Takes weights of O×(C/groups)×kH×kW and one number a filter as bias.
  public init(weights: Tensor, bias: [Float]?, window: Window, groups: Int = 1) {
    precondition(
      bias == nil || bias!.count == weights.shape[0], "one bias for each of \(weights.shape[0]) filters")
    correlation = Correlation(weights: weights, window: window, groups: groups)
    self.bias = bias
  }

  /// The filters, O×(C/groups)×kH×kW.
  public var weights: Tensor { correlation.weights }
  /// Kernel, strides, dilations and padding over rows and columns.
  public var window: Window { correlation.window }
  /// Groups of filters, each over C/groups channels of its own.
  public var groups: Int { correlation.groups }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    let channels = correlation.inputChannels * groups
    guard s.rank == 4, s[1] == channels else { throw ShapeError("takes N×\(channels)×H×W, not \(s)") }
    let (h, w) = (window.outputExtent(0, input: s[2]), window.outputExtent(1, input: s[3]))
    guard h > 0, w > 0 else { throw ShapeError("a window of \(window.kernel) does not fit \(s)") }
    return [s[0], correlation.outputChannels, h, w]
  }

  public func forward(_ inputs: [Tensor]) -> Tensor { correlation.apply(inputs[0], bias: bias) }

  public func linear(_ x: Tensor) -> Tensor { correlation.apply(x) }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor {
    correlation.adjoint(cotangent, to: shape)
  }

  public func multiplyAdds(_ inputs: [Shape]) -> Int {
    let output = (try? outputShape(inputs))?.count ?? 0
    return output * correlation.inputChannels * window.count
  }

  public var parameterCount: Int {
    correlation.outputChannels * correlation.inputChannels * window.count + (bias?.count ?? 0)
  }
}
