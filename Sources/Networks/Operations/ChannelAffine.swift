public import Tensors

/// y[n, c, …] = scale[c]·x[n, c, …] + shift[c]: batch normalisation in inference.
public struct ChannelAffine: LinearOperation {
  /// A factor for each channel.
  public let scale: [Float]
  /// What is added, one number for each channel.
  public let shift: [Float]

  public init(scale: [Float], shift: [Float]) {
    precondition(scale.count == shift.count, "\(scale.count) scales and \(shift.count) shifts")
    self.scale = scale
    self.shift = shift
  }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    guard s.rank >= 2, s[1] == scale.count else { throw ShapeError("takes N×\(scale.count)×…, not \(s)") }
    return s
  }

  public func forward(_ inputs: [Tensor]) -> Tensor { scaled(inputs[0], shift) }

  public func linear(_ x: Tensor) -> Tensor { scaled(x, nil) }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor { scaled(cotangent, nil) }

  public var parameterCount: Int { 2 * scale.count }

  private func scaled(_ x: Tensor, _ shift: [Float]?) -> Tensor {
    Tensors.scaled(x, scale, shift, planes: x.shape.product(of: 2..<x.shape.rank))
  }
}

extension UnsafeBufferPointer<Float> {
  /// How many planes of so many elements it holds.
  func planes(of size: Int) -> Int { size > 0 ? count / size : 0 }
}
