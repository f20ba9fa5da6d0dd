public import Tensors

/// y = scale·x + shift, with two numbers for all elements.
public struct Affine: LinearOperation {
  /// The factor of every element.
  public let scale: Float
  /// What is added to every element, after the factor.
  public let shift: Float

  public init(scale: Float, shift: Float) {
    self.scale = scale
    self.shift = shift
  }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { inputs[0] }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    Tensors.scaled(inputs[0], [scale], [shift], planes: inputs[0].elements.count)
  }

  public func linear(_ x: Tensor) -> Tensor { Tensors.scaled(x, [scale], nil, planes: x.elements.count) }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor { linear(cotangent) }
}
