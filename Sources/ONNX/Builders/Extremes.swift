internal import Networks
internal import Tensors

/// `Max` and `Min` of any number of values, and the largest along an axis.
enum Extremes {
  static let builders: [String: Builder] = [
    "Max": { call, builder in try fold(call, &builder, isMaximum: true) },
    "Min": { call, builder in try fold(call, &builder, isMaximum: false) },
    "TopK": top,
  ]

  /// The values; their indices jump with the image and are not computed.
  @Sendable private static func top(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let shape = try call.shape(0)
    let axis = try call.axis(call.attributes.integer("axis", default: -1), rank: shape.rank)
    let counts = try call.integers(1, "counts") ?? [call.attributes.integer("k", default: 0)]
    guard let k = counts.first, (1...max(1, shape[axis])).contains(k) else {
      throw call.bad("asks for \(counts.prefix(4)) of \(shape[axis]) elements")
    }
    let takesLargest = call.attributes.integer("largest", default: 1) != 0
    let values = try builder.apart(try call.edge(0), axis, k, for: call) {
      TopValues(count: k, axis: $0, takesLargest: takesLargest)
    }
    return [values, .unknown]
  }

  private static func fold(
    _ call: OperatorCall, _ builder: inout GraphBuilder, isMaximum: Bool
  ) throws -> [Edge] {
    var result = try call.edge(0)
    for i in call.inputs.indices.dropFirst() {
      result = try pair(result, try call.edge(i), isMaximum: isMaximum, call, &builder)
    }
    return [result]
  }

  private static func pair(
    _ a: Edge, _ b: Edge, isMaximum: Bool, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    for (x, limit) in [(a, b), (b, a)] {
      guard x.value == nil, let bound = limit.value?.scalar, bound.isFinite,
        try call.broadcast(x.shape!, limit.shape!) == x.shape!
      else { continue }
      let clamp = isMaximum ? Clamp(lower: bound, upper: nil) : Clamp(lower: nil, upper: bound)
      return try builder.add(clamp, of: [x], for: call)
    }
    if isMaximum { return try builder.add(PairwiseMaximum(), of: [a, b], for: call) }
    return try builder.add(PairwiseMinimum(), of: [a, b], for: call)
  }
}
