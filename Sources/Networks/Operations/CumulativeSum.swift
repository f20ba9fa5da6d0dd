public import Tensors

/// yₖ = Σ xⱼ over j ≤ k along an axis: `CumSum`.
public struct CumulativeSum: LinearOperation {
  /// Counts from the end where it is negative; not that of a batch of several.
  public let axis: Int
  /// Whether xₖ itself is left out.
  public let isExclusive: Bool
  /// Whether the sums begin at the end: j ≥ k.
  public let isReverse: Bool

  public init(axis: Int, isExclusive: Bool = false, isReverse: Bool = false) {
    self.axis = axis
    self.isExclusive = isExclusive
    self.isReverse = isReverse
  }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    try inputs[0].forbidBatch(along: try inputs[0].axis(axis))
    return inputs[0]
  }

  public func linear(_ x: Tensor) -> Tensor { sums(of: x, isReverse: isReverse) }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor {
    sums(of: cotangent, isReverse: !isReverse)
  }

  private func sums(of x: Tensor, isReverse: Bool) -> Tensor {
    let lines = Lines(x.shape, axis)
    return Tensor(shape: x.shape) { out in
      x.elements.withUnsafeBufferPointer { x in
        for line in 0..<lines.count {
          var sum: Float = 0
          for k in 0..<lines.extent {
            let i = lines.place(line, isReverse ? lines.extent - 1 - k : k)
            let next = sum + x[i]
            out[i] = isExclusive ? sum : next
            sum = next
          }
        }
      }
    }
  }
}

/// The lines of an array along an axis, and where their elements lie.
struct Lines {
  let extent: Int
  let count: Int
  private let inner: Int

  init(_ shape: Shape, _ axis: Int) {
    let axis = axis < 0 ? axis + shape.rank : axis
    extent = shape[axis]
    inner = shape.product(of: axis + 1..<shape.rank)
    count = shape.product(of: 0..<axis) * inner
  }

  /// Where element k of a line lies, or would lie in an array of another extent along the axis.
  func place(_ line: Int, _ k: Int, extent: Int? = nil) -> Int {
    (line / inner * (extent ?? self.extent) + k) * inner + line % inner
  }
}
