internal import ONNXSchema
internal import Tensors

extension TensorDecoder {
  /// The array whose elements are zero but for some: `sparse_initializer`, `sparse_value`.
  ///
  /// Indices are places in row-major order, or a row of one an axis for each element.
  func value(of tensor: Onnx_SparseTensorProto) throws -> Value {
    let name = tensor.values.name
    let (values, indices) = (try value(of: tensor.values), try value(of: tensor.indices))
    guard let shape = Shape(checking: tensor.dims.map { Int($0) }), shape.rank <= 16 else {
      throw ModelError.badTensor(name: name, problem: "states an impossible shape")
    }
    let count = values.shape.count
    let isByAxis = indices.shape.rank == 2 && indices.shape[0] == count && indices.shape[1] == shape.rank
    guard indices.kind == .integer, isByAxis || indices.shape.rank == 1 && indices.shape.count == count else {
      throw ModelError.badTensor(
        name: name, problem: "has \(count) elements and indices of \(indices.shape) for \(shape)")
    }
    let (numbers, strides) = (indices.integers, shape.strides)
    // Element 0 is the zero of all other places.
    var places = [Int](repeating: 0, count: shape.count)
    for i in 0..<count {
      let axes = isByAxis ? Array(numbers[i * shape.rank..<(i + 1) * shape.rank]) : []
      let isWithin = isByAxis ? axes.indices.allSatisfy { (0..<shape[$0]).contains(axes[$0]) } : true
      let place = isByAxis ? zip(axes, strides).reduce(0) { $0 &+ $1.0 &* $1.1 } : numbers[i]
      guard isWithin, places.indices.contains(place) else {
        throw ModelError.badTensor(name: name, problem: "has an element outside \(shape)")
      }
      places[place] = i + 1
    }
    let zero = Value(shape: [1], elements: .integer([0])).converted(to: values.type)
    return Value.concatenating([zero, values.reshaped(to: [count])], axis: 0).picking(places, shape: shape)
  }
}
