public import Tensors

/// y = φ(x) for every element, with a smooth φ.
public struct Elementwise: FunctionOperation {
  public let function: ScalarFunction

  public init(_ function: ScalarFunction) { self.function = function }

  public var regularity: Regularity { .smooth }
}

/// A pointwise operation whose φ is one of the known functions.
///
/// Its derivatives go into their products as they are computed.
public protocol FunctionOperation: PointwiseOperation {
  /// φ
  var function: ScalarFunction { get }
}

extension FunctionOperation {
  public func values(_ x: Tensor) -> Tensor { function.evaluate(.value, at: x) }
  public func slopes(_ x: Tensor) -> Tensor { function.evaluate(.slope, at: x) }
  public func bends(_ x: Tensor) -> Tensor? {
    regularity < .smooth ? nil : function.evaluate(.bend, at: x)
  }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    function.evaluate(.slope, at: point.inputs[0], times: tangents[0]!)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    [function.evaluate(.slope, at: point.inputs[0], times: cotangent)]
  }

  public func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    pullback(cotangents, at: point)
  }

  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard let tangent = tangents[0], regularity == .smooth else { return nil }
    return [
      combine(.product, function.evaluate(.bend, at: point.inputs[0], times: tangent), cotangent)
    ]
  }
}
