public import Tensors

/// An operation y = A·x + b of one input.
///
/// States A and its adjoint; all derivatives follow.
public protocol LinearOperation: Operation {
  /// A·x
  func linear(_ x: Tensor) -> Tensor

  /// Aᵀ·ȳ for an input of `shape`.
  func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor
}

extension LinearOperation {
  public var regularity: Regularity { .linear }

  public func forward(_ inputs: [Tensor]) -> Tensor { linear(inputs[0]) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor { linear(tangents[0]!) }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    [adjoint(cotangent, to: point.inputs[0].shape)]
  }

  public func pullbacks(_ cotangents: Tensor, batches: Int, at point: Point) -> [Tensor?] {
    [adjoint(cotangents, to: point.inputs[0].shape.batches(batches))]
  }
}

extension Shape {
  /// The shape of several batches of this one, one behind the other; a single one may have no axis at all.
  func batches(_ count: Int) -> Shape { count == 1 ? self : batch(of: count * self[0]) }

  /// The axis meant by an index that counts from the end where it is negative.
  func axis(_ index: Int) throws(ShapeError) -> Int {
    guard index >= -rank, index < rank else { throw ShapeError("\(self) has no axis \(index)") }
    return index < 0 ? index + rank : index
  }

  /// The same axes, in order, each once.
  func axes(_ indices: [Int]) throws(ShapeError) -> [Int] {
    var axes: Set<Int> = []
    for index in indices { axes.insert(try axis(index)) }
    return axes.sorted()
  }

  func product(of axes: Range<Int>) -> Int { extents[axes].reduce(1, *) }

  /// The same shape with the extents of these axes set to 1.
  func collapsed(_ axes: [Int]) -> Shape { Shape((0..<rank).map { axes.contains($0) ? 1 : self[$0] }) }

  /// Why an operation along the axis of a batch is refused for more than one entry.
  func forbidBatch(along axis: Int) throws(ShapeError) {
    if axis == 0 && self[0] != 1 { throw ShapeError("works across the \(self[0]) entries of a batch") }
  }
}
