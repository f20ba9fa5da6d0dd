public import Tensors

/// max(x₁, x₂) with broadcasting; the first of equals.
public struct PairwiseMaximum: Operation {
  public init() {}

  public var regularity: Regularity { .piecewiseLinear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { try broadcast(inputs) }

  public func forward(_ inputs: [Tensor]) -> Tensor { combine(.maximum, inputs[0], inputs[1]) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    mix(tangents, share: combine(.firstAtLeast, point.inputs[0], point.inputs[1]))
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    split(cotangent, share: combine(.firstAtLeast, point.inputs[0], point.inputs[1]), at: point)
  }

  public func softened(beta: Float) -> any Operation { SoftPairwiseMaximum(beta: beta) }
}

/// min(x₁, x₂) with broadcasting; the first of equals.
public struct PairwiseMinimum: Operation {
  public init() {}

  public var regularity: Regularity { .piecewiseLinear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { try broadcast(inputs) }

  public func forward(_ inputs: [Tensor]) -> Tensor { combine(.minimum, inputs[0], inputs[1]) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    mix(tangents, share: combine(.firstAtMost, point.inputs[0], point.inputs[1]))
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    split(cotangent, share: combine(.firstAtMost, point.inputs[0], point.inputs[1]), at: point)
  }

  public func softened(beta: Float) -> any Operation { SoftPairwiseMaximum(beta: -beta) }
}

/// log(e^βx₁ + e^βx₂)/β: the softened maximum, or minimum where β is negative.
public struct SoftPairwiseMaximum: Operation {
  /// β, the sharpness, not 0: y is beyond the sharp one by at most log 2/|β|.
  public let beta: Float

  public init(beta: Float) { self.beta = beta }

  public var regularity: Regularity { .smooth }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { try broadcast(inputs) }

  /// x₂ + softplus_β(x₁ − x₂); the same with softplus_|β| below for a minimum.
  public func forward(_ inputs: [Tensor]) -> Tensor {
    let excess = combine(.difference, inputs[0], inputs[1])
    let soft = Elementwise(.softplus(beta: abs(beta)))
    let bent = beta > 0 ? soft.values(excess) : -1 * soft.values(-1 * excess)
    return combine(.sum, inputs[1], bent)
  }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    mix(tangents, share: share(point))
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    split(cotangent, share: share(point), at: point)
  }

  /// β·p(1 − p)·(ẋ₁ − ẋ₂)·ȳ for the first, its opposite for the second.
  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    let bends = Elementwise(.sigmoid).slopes(beta * combine(.difference, point.inputs[0], point.inputs[1]))
    let apart = sum(tangents[0], tangents[1].map { -1 * $0 }, as: point.output.shape)
    let bent = combine(.product, combine(.product, beta * bends, apart), cotangent)
    return point.wanted { ($0 == 0 ? bent : -1 * bent).summed(to: point.inputs[$0].shape) }
  }

  private func share(_ point: Point) -> Tensor {
    Elementwise(.sigmoid).values(beta * combine(.difference, point.inputs[0], point.inputs[1]))
  }
}

/// share·ẋ₁ + (1 − share)·ẋ₂.
private func mix(_ tangents: [Tensor?], share: Tensor) -> Tensor {
  sum(
    tangents[0].map { combine(.product, share, $0) }, tangents[1].map { combine(.product, rest(share), $0) },
    as: share.shape)
}

private func split(_ cotangent: Tensor, share: Tensor, at point: Point) -> [Tensor?] {
  point.wanted {
    combine(.product, $0 == 0 ? share : rest(share), cotangent).summed(to: point.inputs[$0].shape)
  }
}

private func rest(_ share: Tensor) -> Tensor { Affine(scale: -1, shift: 1).forward([share]) }
