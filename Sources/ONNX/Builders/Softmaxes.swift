internal import Networks
internal import Tensors

/// `Softmax` and `LogSoftmax`, along one axis since opset 13, over all axes from one on before.
enum Softmaxes {
  static let builders: [String: Builder] = [
    "Softmax": { call, builder in try along(call, &builder) { Softmax(axis: $0) } },
    "LogSoftmax": { call, builder in try along(call, &builder) { LogSoftmax(axis: $0) } },
  ]

  private static func along(
    _ call: OperatorCall, _ builder: inout GraphBuilder, _ operation: (Int) -> any Operation
  ) throws -> [Edge] {
    let shape = try call.shape(0)
    let number = call.attributes.integer("axis", default: call.opset < 13 ? 1 : -1)
    if shape.rank == 0 { throw call.bad("takes an array, not a scalar") }
    let axis =
      call.opset < 13 && number == shape.rank ? number : try call.axis(number, rank: shape.rank)
    let wide = (axis..<(call.opset < 13 ? shape.rank : axis + 1)).filter { shape[$0] != 1 }
    if wide.isEmpty {
      // The share that one number has of itself is 1, whatever it is.
      let share = operation(1).forward([Tensor(zeros: [shape.count, 1])])
      return [.known(Value(share).reshaped(to: shape))]
    }
    if call.opset >= 13 { return [try builder.apart(try call.edge(0), axis, for: call, operation)] }
    if wide.count == 1 { return [try builder.apart(try call.edge(0), wide[0], for: call, operation)] }
    let rows = shape.extents[..<axis].reduce(1, *)
    let columns = shape.extents[axis...].reduce(1, *)
    let flat = try builder.reshape(try call.edge(0), to: [rows, columns], for: call)
    let result = try builder.add(operation(1), of: [flat], for: call)
    return [try builder.reshape(result, to: shape, for: call)]
  }
}
