internal import Networks
internal import Tensors

/// ONNX Runtime's layers on small integers: back to numbers, the layer, and to integers of the result's scale.
enum QuantizedLayers {
  static let builders: [String: Builder] = [
    "com.microsoft.QLinearAdd": { try layer("Add", $0, arrays: [0, 3], result: 6, &$1) },
    "com.microsoft.QLinearMul": { try layer("Mul", $0, arrays: [0, 3], result: 6, &$1) },
    "com.microsoft.QLinearSigmoid": { try layer("Sigmoid", $0, arrays: [0], result: 3, &$1) },
    "com.microsoft.QLinearLeakyRelu": { try layer("LeakyRelu", $0, arrays: [0], result: 3, &$1) },
    "com.microsoft.QLinearSoftmax": { try layer("Softmax", $0, arrays: [0], result: 3, &$1) },
    "com.microsoft.QLinearReduceMean": { try layer("ReduceMean", $0, arrays: [0], result: 3, &$1) },
    "com.microsoft.QLinearAveragePool": { call, builder in
      try channelsFirst(call, &builder) { try layer("AveragePool", $0, arrays: [0], result: 3, &$1) }
    },
    "com.microsoft.QLinearGlobalAveragePool": { call, builder in
      try channelsFirst(call, &builder) { try layer("GlobalAveragePool", $0, arrays: [0], result: 3, &$1) }
    },
    "com.microsoft.QLinearConcat": { call, builder in
      let arrays = Array(stride(from: 2, to: call.inputs.count, by: 3))
      return try layer("Concat", call, arrays: arrays, result: 0, &builder)
    },
  ]

  /// A layer whose arrays are each followed by their scale and zero point, as is the result's scale by its own.
  private static func layer(
    _ type: String, _ call: OperatorCall, arrays: [Int], result: Int, _ builder: inout GraphBuilder
  ) throws -> [Edge] {
    let numbers = try arrays.map { i in
      let (x, shape) = (try call.edge(i), try call.shape(i))
      let scale = try QuantizeLinear.parameter(try call.edge(i + 1), axis: 1, shape: shape, call, &builder)
      let zero =
        call.has(i + 2)
        ? try QuantizeLinear.parameter(try call.edge(i + 2), axis: 1, shape: shape, call, &builder) : nil
      return try QuantizeLinear.dequantized(x, scale: scale, zero: zero, call, &builder)
    }
    let found = try Builders.all[type]!(call.taking(numbers), &builder)[0]
    let scale = try QuantizeLinear.parameter(
      try call.edge(result), axis: 1, shape: found.shape!, call, &builder)
    let zero = call.has(result + 1) ? try call.value(result + 1, "zero points") : nil
    return [
      try QuantizeLinear.quantized(
        found, scale: scale, zero: zero.map { .known($0.reshaped(to: [$0.shape.count])) },
        as: zero?.type ?? .uint8, call,
        &builder)
    ]
  }

  /// A layer on images whose channels may lie last.
  static func channelsFirst(_ call: OperatorCall, _ builder: inout GraphBuilder, _ layer: Builder) throws
    -> [Edge]
  {
    let rank = try call.shape(0).rank
    guard call.attributes.integer("channels_last", default: 0) != 0, rank > 2 else {
      return try layer(call, &builder)
    }
    let first = try builder.transpose(try call.edge(0), [0, rank - 1] + Array(1..<rank - 1), for: call)
    let result = try layer(call.taking([first] + call.inputs.dropFirst()), &builder)[0]
    return [try builder.transpose(result, [0] + Array(2..<rank) + [1], for: call)]
  }
}
