public import Networks
public import Tensors

/// A random tensor, normal with mean 0 and the given deviation about `centre`.
public func randomTensor(
  _ shape: Shape, seed: UInt64, deviation: Float = 1, centre: Float = 0
) -> Tensor {
  var random = SeededGenerator(seed: seed)
  let elements = random.gaussianVector(shape.count).map { centre + deviation * $0 }
  return Tensor(shape: shape, elements: elements)
}

/// One operation with inputs at which to check it.
public struct OperationCase: Sendable, CustomStringConvertible {
  public let description: String
  public let operation: any Operation
  public let inputs: [Tensor]
  public let varies: [Bool]

  public init(
    _ description: String, _ operation: any Operation, _ inputs: [Tensor], varies: [Bool]? = nil
  ) {
    self.description = description
    self.operation = operation
    self.inputs = inputs
    self.varies = varies ?? inputs.map { _ in true }
  }

  public var point: Point { point(inputs) }

  public func point(_ inputs: [Tensor]) -> Point {
    Point(inputs: inputs, output: operation.forward(inputs), varies: varies)
  }

  /// Random directions for the inputs that vary, nil for the others.
  public func directions(seed: UInt64) -> [Tensor?] {
    inputs.indices.map { varies[$0] ? randomTensor(inputs[$0].shape, seed: seed + UInt64($0)) : nil }
  }

  /// The inputs moved by h along the directions.
  public func moved(_ directions: [Tensor?], by h: Float) -> [Tensor] {
    zip(inputs, directions).map { x, v in v.map { x.adding(h, $0) } ?? x }
  }

  /// (φ(x + hv) − φ(x − hv))/2h.
  public func pushforwardByDifferences(_ directions: [Tensor?], step h: Float) -> Tensor {
    let ahead = operation.forward(moved(directions, by: h))
    let behind = operation.forward(moved(directions, by: -h))
    return 1 / (2 * h) * (ahead - behind)
  }

  /// The same difference of the pullbacks of one cotangent.
  public func curvatureByDifferences(of cotangent: Tensor, _ directions: [Tensor?], step h: Float)
    -> [Tensor?]
  {
    let ahead = operation.pullback(cotangent, at: point(moved(directions, by: h)))
    let behind = operation.pullback(cotangent, at: point(moved(directions, by: -h)))
    return zip(ahead, behind).map { a, b in a.map { 1 / (2 * h) * ($0 - b!) } }
  }
}
