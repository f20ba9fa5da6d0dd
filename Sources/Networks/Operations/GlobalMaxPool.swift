public import Tensors

/// The largest element of every plane, N×C×… → N×C×1×….
public struct GlobalMaxPool: Operation {
  /// Sharpness of the log-sum-exp in the place of the maximum; nil for the maximum itself.
  let beta: Float?

  public init() { beta = nil }

  private init(beta: Float) { self.beta = beta }

  public var regularity: Regularity { beta == nil ? .piecewiseLinear : .smooth }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    guard inputs[0].rank >= 3, inputs[0].count > 0 else { throw ShapeError("takes N×C×…, not \(inputs[0])") }
    return inputs[0].collapsed(Array(2..<inputs[0].rank))
  }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    let x = flattened(inputs[0])
    let s = inputs[0].shape
    return pool(x.shape).forward([x]).reshaped(to: s.collapsed(Array(2..<s.rank)))
  }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    let flat = flattened(point)
    return pool(flat.inputs[0].shape).pushforward(tangents.map { $0.map(flattened) }, at: flat)
      .reshaped(to: point.output.shape)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    let flat = flattened(point)
    return pool(flat.inputs[0].shape).pullback(flattened(cotangent), at: flat)
      .map { $0?.reshaped(to: point.inputs[0].shape) }
  }

  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    let flat = flattened(point)
    return pool(flat.inputs[0].shape)
      .curvature(of: flattened(cotangent), along: tangents.map { $0.map(flattened) }, at: flat)?
      .map { $0?.reshaped(to: point.inputs[0].shape) }
  }

  public func softened(beta: Float) -> any Operation { GlobalMaxPool(beta: beta) }

  /// The pooling whose window is the whole plane.
  private func pool(_ s: Shape) -> any Operation {
    let window = Window(kernel: [1, s[3]])
    return beta.map { SoftMaxPool(window: window, beta: $0) } ?? MaxPool(window: window)
  }

  private func flattened(_ x: Tensor) -> Tensor {
    x.reshaped(to: [x.shape[0], x.shape[1], 1, x.shape.product(of: 2..<x.shape.rank)])
  }

  private func flattened(_ point: Point) -> Point {
    Point(inputs: point.inputs.map(flattened), output: flattened(point.output), varies: point.varies)
  }
}
