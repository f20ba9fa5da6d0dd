public import Tensors

/// c ? x₁ : x₂ element by element, with broadcasting; c holds flags, 1 or 0: `Where`.
///
/// As c·x₁ + (1 − c)·x₂, which also means something for the softened flags between 0 and 1. An infinite element that is
/// not chosen leaves no trace.
public struct Choice: Operation {
  /// Whether the flags may lie between 0 and 1.
  let isSoft: Bool

  public init() { isSoft = false }

  private init(isSoft: Bool) { self.isSoft = isSoft }

  public var regularity: Regularity { isSoft ? .smooth : .piecewiseLinear }

  public func regularity(varying: [Bool]) -> Regularity { varying[0] ? regularity : .linear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    try broadcast([try broadcast([inputs[0], inputs[1]]), inputs[2]])
  }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    let shape = shape(inputs)
    return mix(inputs[0], inputs[1], inputs[2], as: shape)
  }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    let (c, shape) = (point.inputs[0], point.output.shape)
    let chosen = sum(
      tangents[1].map { combine(.product, c, $0) }, tangents[2].map { combine(.product, rest(c), $0) },
      as: shape)
    guard isSoft, let moved = tangents[0] else { return chosen }
    return chosen + combine(.product, moved, difference(point)).broadcast(to: shape)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    let c = point.inputs[0]
    return point.wanted { i in
      let flow =
        switch i {
        case 0: isSoft ? combine(.product, cotangent, difference(point)) : Tensor(zeros: cotangent.shape)
        case 1: combine(.product, cotangent, c)
        default: combine(.product, cotangent, rest(c))
        }
      return flow.summed(to: point.inputs[i].shape)
    }
  }

  /// ȳ(ẋ₁ − ẋ₂) for the flags, ±ȳċ for the values.
  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard isSoft, point.varies[0] else { return nil }
    let apart = sum(tangents[1], tangents[2].map { -1 * $0 }, as: cotangent.shape)
    let moved = tangents[0].map { combine(.product, cotangent, $0) } ?? Tensor(zeros: cotangent.shape)
    return point.wanted { i in
      let bend = i == 0 ? combine(.product, cotangent, apart) : i == 1 ? moved : -1 * moved
      return bend.summed(to: point.inputs[i].shape)
    }
  }

  public func softened(beta: Float) -> any Operation { Choice(isSoft: true) }

  private func shape(_ inputs: [Tensor]) -> Shape {
    guard let shape = try? outputShape(inputs.map(\.shape)) else {
      preconditionFailure("\(inputs.map(\.shape)) do not broadcast")
    }
    return shape
  }

  private func mix(_ c: Tensor, _ a: Tensor, _ b: Tensor, as shape: Shape) -> Tensor {
    let (c, a, b) = (
      c.broadcast(to: shape).elements, a.broadcast(to: shape).elements, b.broadcast(to: shape).elements
    )
    return Tensor(shape: shape) { out in
      for i in 0..<out.count {
        out[i] = c[i] == 1 ? a[i] : c[i] == 0 ? b[i] : c[i] * a[i] + (1 - c[i]) * b[i]
      }
    }
  }

  private func rest(_ c: Tensor) -> Tensor { Affine(scale: -1, shift: 1).forward([c]) }

  private func difference(_ point: Point) -> Tensor { combine(.difference, point.inputs[1], point.inputs[2]) }
}

/// 1 where x₁ ≥ x₂, or x₁ > x₂, and 0 elsewhere, with broadcasting: `GreaterOrEqual`, `Greater`.
public struct Comparison: Operation {
  /// Whether equals give 0: x₁ > x₂ instead of x₁ ≥ x₂.
  public let isStrict: Bool
  /// Sharpness of the logistic function in the place of the step; nil for the step itself.
  let beta: Float?

  public init(isStrict: Bool) {
    self.isStrict = isStrict
    beta = nil
  }

  private init(isStrict: Bool, beta: Float) {
    self.isStrict = isStrict
    self.beta = beta
  }

  public var regularity: Regularity { beta == nil ? .piecewiseLinear : .smooth }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { try broadcast(inputs) }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    if let beta { return Elementwise(.sigmoid).values(beta * combine(.difference, inputs[0], inputs[1])) }
    if isStrict { return Affine(scale: -1, shift: 1).forward([combine(.firstAtMost, inputs[0], inputs[1])]) }
    return combine(.firstAtLeast, inputs[0], inputs[1])
  }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    guard let slopes = slopes(point) else { return Tensor(zeros: point.output.shape) }
    return combine(.product, slopes, sum(tangents[0], tangents[1].map { -1 * $0 }, as: point.output.shape))
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    let flow = slopes(point).map { combine(.product, $0, cotangent) } ?? Tensor(zeros: cotangent.shape)
    return point.wanted { ($0 == 0 ? flow : -1 * flow).summed(to: point.inputs[$0].shape) }
  }

  /// ±β²·s(1 − s)(1 − 2s)·(ẋ₁ − ẋ₂)·ȳ.
  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard let beta else { return nil }
    let x = beta * combine(.difference, point.inputs[0], point.inputs[1])
    let bends = beta * beta * Elementwise(.sigmoid).bends(x)!  // a smooth function has them
    let apart = sum(tangents[0], tangents[1].map { -1 * $0 }, as: point.output.shape)
    let bent = combine(.product, combine(.product, bends, apart), cotangent)
    return point.wanted { ($0 == 0 ? bent : -1 * bent).summed(to: point.inputs[$0].shape) }
  }

  public func softened(beta: Float) -> any Operation { Comparison(isStrict: isStrict, beta: beta) }

  private func slopes(_ point: Point) -> Tensor? {
    beta.map { beta in
      beta * Elementwise(.sigmoid).slopes(beta * combine(.difference, point.inputs[0], point.inputs[1]))
    }
  }
}
