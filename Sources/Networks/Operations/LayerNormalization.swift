public import Tensors

/// y = scale·x̂ + bias with x̂ = (x − mean)/√(variance + ε) over the axes from `axis` on.
public struct LayerNormalization: Operation {
  /// The first axis of the means; counts from the end where it is negative; not that of a batch of several.
  public let axis: Int
  /// The factor of x̂; it broadcasts to x.
  public let scale: Tensor
  /// What is added in the end; it broadcasts to x; nil for zeros.
  public let bias: Tensor?
  /// ε, added to the variance under the root.
  public let epsilon: Float

  /// Takes an axis that counts from the end where it is negative, a scale and a bias that broadcast to x.
  public init(axis: Int, scale: Tensor, bias: Tensor?, epsilon: Float) {
    self.axis = axis
    self.scale = scale
    self.bias = bias
    self.epsilon = epsilon
  }

  public var regularity: Regularity { .smooth }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    try s.forbidBatch(along: try s.axis(axis))
    for other in [scale, bias ?? scale] where s.broadcast(with: other.shape) != s {
      throw ShapeError("a scale or bias of \(other.shape) does not broadcast to \(s)")
    }
    return s
  }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    if let rows = rows(inputs[0].shape) {
      return rows.normalized(inputs[0], scale: scale.elements, bias: bias?.elements, epsilon: epsilon)
    }
    let y = combine(.product, standardized(inputs[0]).xHat, scale)
    return bias.map { combine(.sum, y, $0) } ?? y
  }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    if let rows = rows(point.inputs[0].shape) {
      return rows.normalizationProduct(
        point.inputs[0], tangents[0]!, after: scale.elements, epsilon: epsilon)
    }
    let (xHat, s) = standardized(point.inputs[0])
    return combine(.product, projected(tangents[0]!, xHat, s), scale)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    pullbacks(cotangent, batches: 1, at: point)
  }

  public func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    if let rows = rows(point.inputs[0].shape) {
      return [
        rows.normalizationProduct(point.inputs[0], cotangents, before: scale.elements, epsilon: epsilon)
      ]
    }
    let (xHat, s) = standardized(point.inputs[0])
    let count = cotangents.count / batches
    let parts = (0..<batches).map {
      projected(combine(.product, cotangents[$0 * count..<($0 + 1) * count], scale), xHat, s)
    }
    return [Tensor(concatenating: parts)]
  }

  /// With w = scale·ȳ, P the symmetric Jacobian of x̂ and s the deviation:
  /// −(ṡ/s)·Pw − (x̂̇·mean(x̂w) + x̂·mean(x̂̇w))/s, where x̂̇ = Pẋ and ṡ = mean(x̂ẋ).
  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard let xDot = tangents[0] else { return nil }
    let (xHat, s) = standardized(point.inputs[0])
    let w = combine(.product, cotangent, scale)
    let moved = projected(xDot, xHat, s)
    let drift = combine(.product, mean(combine(.product, xHat, xDot)), projected(w, xHat, s))
    let turn = combine(.product, moved, mean(combine(.product, xHat, w)))
    let back = combine(.product, xHat, mean(combine(.product, moved, w)))
    return [-1 * combine(.quotient, drift + turn + back, s)]
  }

  public var parameterCount: Int { scale.shape.count + (bias?.shape.count ?? 0) }

  /// The rows along which x is normalised, where scale and bias have a number for each of their elements.
  private func rows(_ shape: Shape) -> Rows? {
    let first = axis < 0 ? axis + shape.rank : axis
    let length = shape.product(of: first..<shape.rank)
    let isAlong = [scale, bias ?? scale].allSatisfy { $0.shape.count == length }
    return isAlong && length > 0 ? Rows(length: length) : nil
  }

  /// P·v = (v − mean(v) − x̂·mean(x̂v))/s.
  private func projected(_ v: Tensor, _ xHat: Tensor, _ s: Tensor) -> Tensor {
    let centred = combine(.difference, v, mean(v))
    return combine(
      .quotient, combine(.difference, centred, combine(.product, xHat, mean(combine(.product, xHat, v)))), s)
  }

  private func standardized(_ x: Tensor) -> (xHat: Tensor, deviation: Tensor) {
    let centred = combine(.difference, x, mean(x))
    let variance = mean(combine(.product, centred, centred))
    let deviation = Elementwise(.sqrt).values(Affine(scale: 1, shift: epsilon).forward([variance]))
    return (combine(.quotient, centred, deviation), deviation)
  }

  private func mean(_ x: Tensor) -> Tensor {
    let first = axis < 0 ? axis + x.shape.rank : axis
    let axes = Array(first..<x.shape.rank)
    return 1 / Float(max(1, x.shape.product(of: first..<x.shape.rank)))
      * x.summed(to: x.shape.collapsed(axes))
  }
}
