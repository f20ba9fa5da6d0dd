public import Tensors

/// The sum over some axes: `ReduceSum`.
public struct Total: LinearOperation {
  /// Those summed over; they count from the end where they are negative.
  public let axes: [Int]
  /// Whether the summed axes stay, with extent 1.
  public let keepsAxes: Bool

  /// - Parameters:
  ///   - axes: count from the end where they are negative.
  ///   - keepsAxes: whether the summed axes stay, with extent 1.
  public init(axes: [Int], keepsAxes: Bool) {
    self.axes = axes
    self.keepsAxes = keepsAxes
  }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    reducedShape(inputs[0], try inputs[0].axes(axes), keepsAxes)
  }

  public func linear(_ x: Tensor) -> Tensor {
    let axes = try! x.shape.axes(axes)  // checked with the output's shape
    return x.summed(to: x.shape.collapsed(axes)).reshaped(to: reducedShape(x.shape, axes, keepsAxes))
  }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor {
    let axes = try! shape.axes(axes)  // checked with the output's shape
    return cotangent.reshaped(to: shape.collapsed(axes)).broadcast(to: shape)
  }
}

/// The mean over some axes: `ReduceMean`, `GlobalAveragePool`.
public struct Mean: LinearOperation {
  private let total: Total

  /// - Parameters:
  ///   - axes: count from the end where they are negative.
  ///   - keepsAxes: whether the averaged axes stay, with extent 1.
  public init(axes: [Int], keepsAxes: Bool) { total = Total(axes: axes, keepsAxes: keepsAxes) }

  /// Those averaged over; they count from the end where they are negative.
  public var axes: [Int] { total.axes }
  /// Whether the averaged axes stay, with extent 1.
  public var keepsAxes: Bool { total.keepsAxes }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { try total.outputShape(inputs) }

  public func linear(_ x: Tensor) -> Tensor { share(x.shape) * total.linear(x) }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor {
    total.adjoint(share(shape) * cotangent, to: shape)
  }

  private func share(_ s: Shape) -> Float {
    let axes = try! s.axes(axes)  // checked with the output's shape
    return 1 / Float(max(1, axes.reduce(1) { $0 * s[$1] }))
  }
}

private func reducedShape(_ s: Shape, _ axes: [Int], _ keepsAxes: Bool) -> Shape {
  keepsAxes ? s.collapsed(axes) : Shape((0..<s.rank).filter { !axes.contains($0) }.map { s[$0] })
}
