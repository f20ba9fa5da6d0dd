public import Tensors

/// x₁ + x₂ with broadcasting.
public struct Addition: Operation {
  public init() {}

  public var regularity: Regularity { .linear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { try broadcast(inputs) }

  public func forward(_ inputs: [Tensor]) -> Tensor { combine(.sum, inputs[0], inputs[1]) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    sum(tangents[0], tangents[1], as: point.output.shape)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    point.wanted { cotangent.summed(to: point.inputs[$0].shape) }
  }

  public func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    point.wanted { cotangents.summed(to: point.inputs[$0].shape.batches(batches)) }
  }
}

/// x₁ − x₂ with broadcasting.
public struct Subtraction: Operation {
  public init() {}

  public var regularity: Regularity { .linear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { try broadcast(inputs) }

  public func forward(_ inputs: [Tensor]) -> Tensor { combine(.difference, inputs[0], inputs[1]) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    sum(tangents[0], tangents[1].map { -1 * $0 }, as: point.output.shape)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    point.wanted { i in
      let sum = cotangent.summed(to: point.inputs[i].shape)
      return i == 0 ? sum : -1 * sum
    }
  }
}

/// x₁·x₂ element by element, with broadcasting.
public struct Multiplication: Operation {
  public init() {}

  public var regularity: Regularity { .smooth }

  public func regularity(varying: [Bool]) -> Regularity { varying[0] && varying[1] ? .smooth : .linear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { try broadcast(inputs) }

  public func forward(_ inputs: [Tensor]) -> Tensor { combine(.product, inputs[0], inputs[1]) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    sum(
      tangents[0].map { combine(.product, $0, point.inputs[1]) },
      tangents[1].map { combine(.product, point.inputs[0], $0) }, as: point.output.shape)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    point.wanted { combine(.product, cotangent, point.inputs[1 - $0]).summed(to: point.inputs[$0].shape) }
  }

  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard point.varies[0], point.varies[1] else { return nil }
    return point.wanted { i in
      tangents[1 - i].map { combine(.product, cotangent, $0).summed(to: point.inputs[i].shape) }
    }
  }
}

/// x₁/x₂ element by element, with broadcasting.
public struct Division: Operation {
  public init() {}

  public var regularity: Regularity { .smooth }

  public func regularity(varying: [Bool]) -> Regularity { varying[1] ? .smooth : .linear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { try broadcast(inputs) }

  public func forward(_ inputs: [Tensor]) -> Tensor { combine(.quotient, inputs[0], inputs[1]) }

  /// (ẋ₁ − y·ẋ₂)/x₂.
  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    let bent = tangents[1].map { -1 * combine(.product, point.output, $0) }
    return combine(.quotient, sum(tangents[0], bent, as: point.output.shape), point.inputs[1])
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    let share = combine(.quotient, cotangent, point.inputs[1])
    return point.wanted { i in
      i == 0
        ? share.summed(to: point.inputs[0].shape)
        : -1 * combine(.product, share, point.output).summed(to: point.inputs[1].shape)
    }
  }

  /// x̄̇₁ = −ȳẋ₂/x₂² and x̄̇₂ = ȳ(2yẋ₂ − ẋ₁)/x₂².
  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard point.varies[1] else { return nil }
    let share = combine(.quotient, combine(.quotient, cotangent, point.inputs[1]), point.inputs[1])
    return point.wanted { i in
      if i == 0 {
        return tangents[1].map { -1 * combine(.product, share, $0).summed(to: point.inputs[0].shape) }
      }
      let moved = sum(
        tangents[1].map { 2 * combine(.product, point.output, $0) }, tangents[0].map { -1 * $0 },
        as: point.output.shape)
      return combine(.product, share, moved).summed(to: point.inputs[1].shape)
    }
  }
}

/// The shape of two operands broadcast against each other.
func broadcast(_ inputs: [Shape]) throws(ShapeError) -> Shape {
  guard let shape = inputs[0].broadcast(with: inputs[1]) else {
    throw ShapeError("\(inputs[0]) and \(inputs[1]) do not broadcast")
  }
  return shape
}

/// The sum of the terms that there are, broadcast to `shape`.
func sum(_ x: Tensor?, _ y: Tensor?, as shape: Shape) -> Tensor {
  switch (x, y) {
  case (let x?, let y?): combine(.sum, x, y).broadcast(to: shape)
  case (let x?, nil): x.broadcast(to: shape)
  case (nil, let y?): y.broadcast(to: shape)
  case (nil, nil): Tensor(zeros: shape)
  }
}

extension Point {
  /// A cotangent for each input that depends on the image, nil for the others.
  func wanted(_ cotangent: (Int) -> Tensor?) -> [Tensor?] {
    inputs.indices.map { varies[$0] ? cotangent($0) : nil }
  }
}
