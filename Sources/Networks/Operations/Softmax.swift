internal import Glibc
public import Tensors

/// p = e^x / Σ e^x along an axis.
public struct Softmax: Operation {
  /// Counts from the end where it is negative; not that of a batch of several.
  public let axis: Int

  /// - Parameter axis: counts from the end where it is negative.
  public init(axis: Int) { self.axis = axis }

  public var regularity: Regularity { .smooth }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { try checked(inputs[0], axis) }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    rows(inputs[0])?.softmax(inputs[0]) ?? softmax(inputs[0], axis)
  }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    product(point.output, tangents[0]!)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    [product(point.output, cotangent)]
  }

  public func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    if let rows = rows(point.output) { return [rows.softmaxProduct(point.output, cotangents)] }
    let count = cotangents.count / batches
    let parts = (0..<batches).map { product(point.output, cotangents[$0 * count..<($0 + 1) * count]) }
    return [Tensor(concatenating: parts)]
  }

  /// With ṗ = p∘(ẋ − ⟨p, ẋ⟩): x̄̇ = ṗ∘(ȳ − ⟨p, ȳ⟩) − p·⟨ṗ, ȳ⟩.
  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard let tangent = tangents[0] else { return nil }
    let p = point.output
    let pDot = product(p, tangent)
    let mean = alongSum(combine(.product, p, cotangent), axis)
    let bend = alongSum(combine(.product, pDot, cotangent), axis)
    return [
      combine(
        .difference, combine(.product, pDot, combine(.difference, cotangent, mean)),
        combine(.product, p, bend))
    ]
  }

  /// The symmetric Jacobian: p∘(v − ⟨p, v⟩).
  private func product(_ p: Tensor, _ v: Tensor) -> Tensor {
    if let rows = rows(p) { return rows.softmaxProduct(p, v) }
    return combine(.product, p, combine(.difference, v, alongSum(combine(.product, p, v), axis)))
  }
}

extension Softmax {
  /// Where the axis is the last: the rows along it.
  private func rows(_ x: Tensor) -> Rows? {
    let last = x.shape.rank - 1
    return axis == -1 || axis == last ? Rows(length: x.shape[last]) : nil
  }
}

/// y = x − log Σ e^x along an axis.
public struct LogSoftmax: Operation {
  /// Counts from the end where it is negative; not that of a batch of several.
  public let axis: Int

  /// - Parameter axis: counts from the end where it is negative.
  public init(axis: Int) { self.axis = axis }

  public var regularity: Regularity { .smooth }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { try checked(inputs[0], axis) }

  public func forward(_ inputs: [Tensor]) -> Tensor { logSoftmax(inputs[0], axis) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    let p = Elementwise(.exp).values(point.output)
    return combine(.difference, tangents[0]!, alongSum(combine(.product, p, tangents[0]!), axis))
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    let p = Elementwise(.exp).values(point.output)
    return [combine(.difference, cotangent, combine(.product, p, alongSum(cotangent, axis)))]
  }

  /// −p∘(ẋ − ⟨p, ẋ⟩)·Σȳ.
  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard let tangent = tangents[0] else { return nil }
    let p = Elementwise(.exp).values(point.output)
    let pDot = combine(
      .product, p, combine(.difference, tangent, alongSum(combine(.product, p, tangent), axis)))
    return [combine(.product, pDot, -1 * alongSum(cotangent, axis))]
  }
}

private func checked(_ shape: Shape, _ axis: Int) throws(ShapeError) -> Shape {
  try shape.forbidBatch(along: try shape.axis(axis))
  return shape
}

/// Σ along an axis, its extent then 1.
private func alongSum(_ x: Tensor, _ axis: Int) -> Tensor {
  x.summed(to: x.shape.collapsed([axis < 0 ? axis + x.shape.rank : axis]))
}

private func softmax(_ x: Tensor, _ axis: Int) -> Tensor { Elementwise(.exp).values(logSoftmax(x, axis)) }

private func logSoftmax(_ x: Tensor, _ axis: Int) -> Tensor {
  let axis = axis < 0 ? axis + x.shape.rank : axis
  let (count, inner) = (x.shape[axis], x.shape.product(of: axis + 1..<x.shape.rank))
  return Tensor(shape: x.shape) { out in
    x.elements.withUnsafeBufferPointer { x in
      for line in 0..<(count > 0 ? x.count / count : 0) {
        let start = line / inner * count * inner + line % inner
        var largest = x[start]
        for k in 1..<max(1, count) { largest = max(largest, x[start + k * inner]) }
        var sum: Float = 0
        for k in 0..<count { sum += expf(x[start + k * inner] - largest) }
        // Not x − (largest + log): large scores would swallow the logarithm.
        let logarithm = logf(sum)
        for k in 0..<count { out[start + k * inner] = (x[start + k * inner] - largest) - logarithm }
      }
    }
  }
}
