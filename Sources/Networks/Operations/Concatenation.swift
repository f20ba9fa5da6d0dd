public import Tensors

/// Any number of inputs one behind the other along an axis.
///
/// What is there once goes with every entry of a batch, such as the class token of a vision transformer.
public struct Concatenation: Operation {
  /// Counts from the end where it is negative.
  public let axis: Int

  /// - Parameter axis: counts from the end where it is negative.
  public init(axis: Int) { self.axis = axis }

  public var regularity: Regularity { .linear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let axis = try inputs[0].axis(axis)
    let repeated = repeated(inputs)
    for s in repeated where s.rank != repeated[0].rank || s.collapsed([axis]) != repeated[0].collapsed([axis])
    {
      throw ShapeError("\(inputs[0]) and \(s) do not join along axis \(axis)")
    }
    var extents = repeated[0].extents
    extents[axis] = inputs.reduce(0) { $0 + $1[axis] }
    return Shape(extents)
  }

  /// The shapes with those of one entry as often as there are entries.
  private func repeated(_ shapes: [Shape]) -> [Shape] {
    guard axis != 0, axis != -shapes[0].rank, shapes.allSatisfy({ $0.rank > 0 }) else { return shapes }
    let count = shapes.map { $0[0] }.max() ?? 1
    return shapes.map { $0[0] == 1 ? $0.batch(of: count) : $0 }
  }

  public func forward(_ inputs: [Tensor]) -> Tensor { join(inputs.map { $0 }, inputs.map(\.shape)) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    join(tangents, point.inputs.map(\.shape))
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    let shapes = repeated(point.inputs.map(\.shape))
    let widths = widths(shapes)
    let pitch = widths.reduce(0, +)
    return point.wanted { i in
      let offset = widths[..<i].reduce(0, +)
      let part = Tensor(shape: shapes[i]) { out in
        guard let xBar = out.baseAddress, widths[i] > 0 else { return }
        cotangent.elements.withUnsafeBufferPointer { yBar in
          copyLines(
            yBar.baseAddress! + offset, sourcePitch: pitch, to: xBar, targetPitch: widths[i],
            lines: out.count / widths[i], width: widths[i])
        }
      }
      return part.summed(to: point.inputs[i].shape)
    }
  }

  /// Elements that each input contributes to one line of the output.
  private func widths(_ shapes: [Shape]) -> [Int] {
    let rank = shapes[0].rank
    let axis = axis < 0 ? axis + rank : axis
    return shapes.map { $0.product(of: axis..<rank) }
  }

  /// The inputs joined, zeros for those that are nil.
  private func join(_ inputs: [Tensor?], _ shapes: [Shape]) -> Tensor {
    let inputs = zip(inputs, repeated(shapes)).map { $0?.broadcast(to: $1) }
    let widths = widths(shapes)
    let pitch = widths.reduce(0, +)
    guard let shape = try? outputShape(shapes) else { preconditionFailure("\(shapes) do not join") }
    return Tensor(shape: shape) { out in
      out.update(repeating: 0)
      guard let y = out.baseAddress, pitch > 0 else { return }
      var offset = 0
      for (input, width) in zip(inputs, widths) {
        input?.elements.withUnsafeBufferPointer { x in
          guard let x = x.baseAddress else { return }
          copyLines(
            x, sourcePitch: width, to: y + offset, targetPitch: pitch, lines: out.count / pitch, width: width)
        }
        offset += width
      }
    }
  }
}
