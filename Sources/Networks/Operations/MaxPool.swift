internal import Glibc
public import Tensors

/// The largest element under a window, over the last two axes of N×C×H×W.
public struct MaxPool: Operation {
  /// Kernel, strides, dilations and padding over rows and columns; the padding is never the largest.
  public let window: Window
  /// Whether a last, partly outside place counts: ONNX `ceil_mode`.
  public let roundsUp: Bool

  public init(window: Window, roundsUp: Bool = false) {
    self.window = window
    self.roundsUp = roundsUp
  }

  public var regularity: Regularity { .piecewiseLinear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    try pooledShape(inputs[0], window, roundsUp)
  }

  public func forward(_ inputs: [Tensor]) -> Tensor { pooling(inputs[0].shape).maxima(inputs[0]) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    let pooling = pooling(point.inputs[0].shape)
    return pooling.pick(tangents[0]!, at: pooling.arguments(of: point.inputs[0]))
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    let shape = point.inputs[0].shape
    let pooling = pooling(shape)
    return [pooling.place(cotangent, at: pooling.arguments(of: point.inputs[0]), in: shape)]
  }

  public func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    let shape = point.inputs[0].shape
    let pooling = pooling(shape)
    let arguments = pooling.arguments(of: point.inputs[0])
    let parts = (0..<batches).map { b in
      pooling.place(cotangents[b * shape[0]..<(b + 1) * shape[0]], at: arguments, in: shape)
    }
    return [Tensor(concatenating: parts)]
  }

  public func softened(beta: Float) -> any Operation {
    SoftMaxPool(window: window, roundsUp: roundsUp, beta: beta)
  }

  private func pooling(_ s: Shape) -> Pooling {
    Pooling(window, height: s[2], width: s[3], roundsUp: roundsUp)
  }
}

/// log Σ e^βx / β under a window: the softened maximum.
public struct SoftMaxPool: Operation {
  /// That of the maximum; its padding takes no part in the sums.
  public let window: Window
  /// Whether a last, partly outside place counts: ONNX `ceil_mode`.
  public let roundsUp: Bool
  /// β > 0, the sharpness: y lies above the maximum by at most log(taps)/β.
  public let beta: Float

  public init(window: Window, roundsUp: Bool = false, beta: Float) {
    self.window = window
    self.roundsUp = roundsUp
    self.beta = beta
  }

  public var regularity: Regularity { .smooth }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    try pooledShape(inputs[0], window, roundsUp)
  }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0]
    let (pooling, planes, shape) = geometry(x.shape)
    return Tensor(shape: shape) { out in
      x.elements.withUnsafeBufferPointer { x in
        pooling.forEachPlace(planes: planes) { o, taps in
          var largest = -Float.infinity
          for i in taps { largest = max(largest, x[i]) }
          var sum: Float = 0
          for i in taps { sum += expf(beta * (x[i] - largest)) }
          out[o] = largest + logf(sum) / beta
        }
      }
    }
  }

  /// Σ pᵢẋᵢ with pᵢ = e^β(xᵢ − y).
  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    let (x, y, xDot) = (point.inputs[0].elements, point.output.elements, tangents[0]!.elements)
    let (pooling, planes, shape) = geometry(point.inputs[0].shape)
    return Tensor(shape: shape) { out in
      pooling.forEachPlace(planes: planes) { o, taps in
        var sum: Float = 0
        for i in taps { sum += expf(beta * (x[i] - y[o])) * xDot[i] }
        out[o] = sum
      }
    }
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    let (x, y, yBar) = (point.inputs[0].elements, point.output.elements, cotangent.elements)
    let (pooling, planes, _) = geometry(point.inputs[0].shape)
    let xBar = Tensor(shape: point.inputs[0].shape) { out in
      out.update(repeating: 0)
      pooling.forEachPlace(planes: planes) { o, taps in
        for i in taps { out[i] += expf(beta * (x[i] - y[o])) * yBar[o] }
      }
    }
    return [xBar]
  }

  /// β·pᵢ(ẋᵢ − Σ pⱼẋⱼ)·ȳ.
  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard let tangent = tangents[0] else { return nil }
    let (x, y, yBar) = (point.inputs[0].elements, point.output.elements, cotangent.elements)
    let (xDot, yDot) = (tangent.elements, pushforward(tangents, at: point).elements)
    let (pooling, planes, _) = geometry(point.inputs[0].shape)
    let bend = Tensor(shape: point.inputs[0].shape) { out in
      out.update(repeating: 0)
      pooling.forEachPlace(planes: planes) { o, taps in
        for i in taps { out[i] += beta * expf(beta * (x[i] - y[o])) * (xDot[i] - yDot[o]) * yBar[o] }
      }
    }
    return [bend]
  }

  private func geometry(_ s: Shape) -> (Pooling, planes: Int, output: Shape) {
    let (h, w) = pooledExtents(s, window, roundsUp)
    let pooling = Pooling(window, height: s[2], width: s[3], roundsUp: roundsUp)
    return (pooling, s[0] * s[1], [s[0], s[1], h, w])
  }
}

func pooledExtents(_ s: Shape, _ window: Window, _ roundsUp: Bool) -> (Int, Int) {
  (
    window.outputExtent(0, input: s[2], roundingUp: roundsUp),
    window.outputExtent(1, input: s[3], roundingUp: roundsUp)
  )
}

func pooledShape(_ s: Shape, _ window: Window, _ roundsUp: Bool) throws(ShapeError) -> Shape {
  guard s.rank == 4 else { throw ShapeError("takes N×C×H×W, not \(s)") }
  let (h, w) = pooledExtents(s, window, roundsUp)
  guard h > 0, w > 0 else { throw ShapeError("a window of \(window.kernel) does not fit \(s)") }
  return [s[0], s[1], h, w]
}
