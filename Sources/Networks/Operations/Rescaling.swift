public import Tensors

/// y[n, c, h, w] = scale[c]·x[n, order[c], h, w] + shift[c]: how a model wants its pixels.
public struct Rescaling: LinearOperation {
  /// A factor for each channel of y.
  public let scale: [Float]
  /// What is added, one number for each channel of y.
  public let shift: [Float]
  /// The channel of x that each channel of y is made of; nil for the same one.
  public let order: [Int]?

  /// Takes as order which channel of x each channel of y is; their own where nil.
  public init(scale: [Float], shift: [Float], order: [Int]?) {
    precondition(scale.count == shift.count, "\(scale.count) scales and \(shift.count) shifts")
    precondition(order == nil || order!.count == scale.count, "an order of \(scale.count) channels")
    self.scale = scale
    self.shift = shift
    self.order = order
  }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    let needed = order.map { ($0.max() ?? -1) + 1 } ?? scale.count
    guard s.rank >= 2, order == nil ? s[1] == needed : s[1] >= needed else {
      throw ShapeError("takes N×\(needed)×…, not \(s)")
    }
    return output(s)
  }

  public func forward(_ inputs: [Tensor]) -> Tensor { scaled(inputs[0], shift) }

  public func linear(_ x: Tensor) -> Tensor { scaled(x, nil) }

  private func output(_ s: Shape) -> Shape { Shape([s[0], scale.count] + s.extents.dropFirst(2)) }

  private func scaled(_ x: Tensor, _ shift: [Float]?) -> Tensor {
    let (channels, size) = (x.shape[1], x.shape.product(of: 2..<x.shape.rank))
    return Tensor(shape: output(x.shape)) { out in
      x.elements.withUnsafeBufferPointer { x in
        for n in 0..<x.planes(of: channels * size) {
          for c in scale.indices {
            let (source, target) = ((n * channels + (order?[c] ?? c)) * size, (n * scale.count + c) * size)
            let (a, b) = (scale[c], shift?[c] ?? 0)
            for i in 0..<size { out[target + i] = a * x[source + i] + b }
          }
        }
      }
    }
  }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor {
    let (channels, size) = (shape[1], shape.product(of: 2..<shape.rank))
    return Tensor(shape: shape) { out in
      out.update(repeating: 0)
      cotangent.elements.withUnsafeBufferPointer { yBar in
        for n in 0..<yBar.planes(of: scale.count * size) {
          for c in scale.indices {
            let (target, source) = ((n * channels + (order?[c] ?? c)) * size, (n * scale.count + c) * size)
            for i in 0..<size { out[target + i] += scale[c] * yBar[source + i] }
          }
        }
      }
    }
  }
}
