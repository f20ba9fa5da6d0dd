public import Tensors

/// The same elements in another shape.
public struct Reshape: LinearOperation {
  private let entry: [Int]?
  private let exact: Shape?

  /// Keeps the first extent, that of the batch.
  ///
  /// - Parameter entry: the extents of one entry.
  public init(entry: [Int]) {
    self.entry = entry
    exact = nil
  }

  public init(exactly shape: Shape) {
    entry = nil
    exact = shape
  }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    guard exact != nil || s.rank > 0 else { throw ShapeError("a scalar has no batch to keep") }
    guard target(s).count == s.count else { throw ShapeError("\(s) does not fill \(target(s))") }
    return target(s)
  }

  public func linear(_ x: Tensor) -> Tensor { x.reshaped(to: target(x.shape)) }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor { cotangent.reshaped(to: shape) }

  /// Whether it keeps the first extent whatever that is.
  var keepsBatch: Bool { exact == nil }

  private func target(_ s: Shape) -> Shape { exact ?? Shape([s[0]] + entry!) }
}

/// The input repeated to a shape it broadcasts to: `Expand`.
public struct Expansion: LinearOperation {
  /// What the input broadcasts with: where it has extent 1 the input keeps its own.
  public let target: Shape

  public init(to target: Shape) { self.target = target }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    try broadcast([inputs[0], target])
  }

  public func linear(_ x: Tensor) -> Tensor {
    guard let shape = x.shape.broadcast(with: target) else { preconditionFailure("\(x.shape) to \(target)") }
    return x.broadcast(to: shape)
  }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor { cotangent.summed(to: shape) }
}
