public import Tensors

/// y = φ(x) for every element, with a smooth φ.
public struct Elementwise: PointwiseOperation {
  public let function: SmoothFunction

  public init(_ function: SmoothFunction) { self.function = function }

  public var regularity: Regularity { .smooth }

  public func values(_ x: Tensor) -> Tensor { function.evaluate(.value, at: x) }
  public func slopes(_ x: Tensor) -> Tensor { function.evaluate(.slope, at: x) }
  public func bends(_ x: Tensor) -> Tensor? { function.evaluate(.bend, at: x) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    function.evaluate(.slope, at: point.inputs[0], times: tangents[0]!)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    [function.evaluate(.slope, at: point.inputs[0], times: cotangent)]
  }

  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard let tangent = tangents[0] else { return nil }
    return [
      combine(.product, function.evaluate(.bend, at: point.inputs[0], times: tangent), cotangent)
    ]
  }
}
