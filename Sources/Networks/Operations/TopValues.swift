public import Tensors

/// The largest or smallest elements along an axis, in their order: the values of `TopK`.
///
/// Of equals the first comes first. Which elements they are stays as it is when the operation is softened.
public struct TopValues: Operation {
  public let count: Int
  /// Counts from the end where it is negative; not that of a batch of several.
  public let axis: Int
  /// Whether the largest come, falling; else the smallest, rising.
  public let takesLargest: Bool

  public init(count: Int, axis: Int, takesLargest: Bool = true) {
    self.count = count
    self.axis = axis
    self.takesLargest = takesLargest
  }

  public var regularity: Regularity { .piecewiseLinear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    let axis = try s.axis(axis)
    try s.forbidBatch(along: axis)
    guard count > 0, count <= s[axis] else {
      throw ShapeError("cannot take \(count) elements along axis \(axis) of \(s)")
    }
    return shape(s)
  }

  public func forward(_ inputs: [Tensor]) -> Tensor { pick(inputs[0], at: places(inputs[0])) }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    pick(tangents[0]!, at: places(point.inputs[0]))
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    let places = places(point.inputs[0])
    let xBar = Tensor(shape: point.inputs[0].shape) { out in
      out.update(repeating: 0)
      for (i, place) in places.enumerated() { out[place] += cotangent.elements[i] }
    }
    return [xBar]
  }

  private func shape(_ s: Shape) -> Shape {
    var extents = s.extents
    extents[axis < 0 ? axis + s.rank : axis] = count
    return Shape(extents)
  }

  private func pick(_ x: Tensor, at places: [Int]) -> Tensor {
    Tensor(shape: shape(x.shape)) { out in
      for (i, place) in places.enumerated() { out[i] = x.elements[place] }
    }
  }

  /// Where each element of the output lies in the input.
  private func places(_ x: Tensor) -> [Int] {
    let lines = Lines(x.shape, axis)
    var places = [Int](repeating: 0, count: shape(x.shape).count)
    for line in 0..<lines.count {
      let order = (0..<lines.extent).sorted {
        let (a, b) = (x.elements[lines.place(line, $0)], x.elements[lines.place(line, $1)])
        return a == b ? $0 < $1 : takesLargest ? a > b : a < b
      }
      for (rank, k) in order.prefix(count).enumerated() {
        places[lines.place(line, rank, extent: count)] = lines.place(line, k)
      }
    }
    return places
  }
}
