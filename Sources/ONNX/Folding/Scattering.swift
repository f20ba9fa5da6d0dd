internal import Tensors

extension ConstantFolding {
  static let scattering: [String: Rule] = ["ScatterND": scatter]

  /// Slices of the first array replaced by those of the third, at the index tuples of the second.
  @Sendable private static func scatter(_ call: OperatorCall, _ values: [Value]) throws -> Value {
    guard values.count == 3, call.attributes.string("reduction", default: "none") == "none",
      let depth = values[1].shape.extents.last, depth <= values[0].shape.rank
    else { throw call.missing("these inputs") }
    let (shape, tuples) = (values[0].shape, values[1].integers)
    let size = shape.extents[depth...].reduce(1, *)
    let count = values[1].shape.extents.dropLast().reduce(1, *)
    guard values[2].shape.count == count * size else {
      throw call.bad("\(values[2].shape) does not fill the slices")
    }
    var positions = Array(0..<shape.count)
    for i in 0..<count {
      var start = 0
      for axis in 0..<depth {
        let index = tuples[i * depth + axis]
        guard index >= -shape[axis], index < shape[axis] else {
          throw call.bad("an index lies outside \(shape)")
        }
        start += (index < 0 ? index + shape[axis] : index) * shape.strides[axis]
      }
      for k in 0..<size { positions[start + k] = shape.count + i * size + k }
    }
    let both = [values[0], values[2]].map { $0.reshaped(to: [$0.shape.count]) }
    return Value.concatenating(both, axis: 0).picking(positions, shape: shape)
  }
}
