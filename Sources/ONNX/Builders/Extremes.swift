internal import Networks
internal import Tensors

/// `Max` and `Min` of any number of values.
enum Extremes {
  static let builders: [String: Builder] = [
    "Max": { call, builder in try fold(call, &builder, isMaximum: true) },
    "Min": { call, builder in try fold(call, &builder, isMaximum: false) },
  ]

  private static func fold(
    _ call: OperatorCall, _ builder: inout GraphBuilder, isMaximum: Bool
  ) throws -> [Edge] {
    var result = try call.edge(0)
    for i in call.inputs.indices.dropFirst() {
      result = try pair(result, try call.edge(i), isMaximum, call, &builder)
    }
    return [result]
  }

  private static func pair(
    _ a: Edge, _ b: Edge, _ isMaximum: Bool, _ call: OperatorCall, _ builder: inout GraphBuilder
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
