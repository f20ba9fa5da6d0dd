public import Tensors

/// An operation that treats every element x by itself: y = φ(x).
///
/// States φ, φ′ and φ″ of a whole array; the rules of differentiation follow.
public protocol PointwiseOperation: Operation {
  func values(_ x: Tensor) -> Tensor
  /// φ′(x)
  func slopes(_ x: Tensor) -> Tensor
  /// φ″(x), nil where that is zero almost everywhere.
  func bends(_ x: Tensor) -> Tensor?
}

extension PointwiseOperation {
  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { inputs[0] }

  public func forward(_ inputs: [Tensor]) -> Tensor { values(inputs[0]) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    combine(.product, slopes(point.inputs[0]), tangents[0]!)
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    [combine(.product, slopes(point.inputs[0]), cotangent)]
  }

  public func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    if batches == 1 { return pullback(cotangents, at: point) }
    let slopes = slopes(point.inputs[0])
    let size = slopes.elements.count
    let product = combine(
      .product, slopes.reshaped(to: [1, size]), cotangents.reshaped(to: [batches, size]))
    return [product.reshaped(to: cotangents.shape)]
  }

  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard let tangent = tangents[0], let bends = bends(point.inputs[0]) else { return nil }
    return [combine(.product, combine(.product, bends, tangent), cotangent)]
  }
}
