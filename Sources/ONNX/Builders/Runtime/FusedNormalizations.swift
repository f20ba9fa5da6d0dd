internal import Networks
internal import Tensors

/// Normalisations as ONNX Runtime's optimiser writes them: of a sum, or without the mean.
enum FusedNormalizations {
  static let builders: [String: Builder] = [
    "SimplifiedLayerNormalization": rootMeanSquare,
    "com.microsoft.SimplifiedLayerNormalization": rootMeanSquare,
    "com.microsoft.SkipLayerNormalization": { call, builder in
      let sum = try skipped(call, bias: 4, &builder)
      let inner = call.taking([sum, try call.edge(2)] + (call.has(3) ? [try call.edge(3)] : []))
      return try Normalizations.builders["LayerNormalization"]!(inner, &builder) + [.unknown, .unknown, sum]
    },
    "com.microsoft.SkipSimplifiedLayerNormalization": { call, builder in
      let sum = try skipped(call, bias: 3, &builder)
      return try rootMeanSquare(call.taking([sum, try call.edge(2)]), &builder) + [.unknown, .unknown, sum]
    },
  ]

  @Sendable private static func rootMeanSquare(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    try Normalizations.builders["RMSNormalization"]!(call, &builder)
  }

  /// The input, what skipped the layers before it, and a bias where there is one.
  private static func skipped(_ call: OperatorCall, bias: Int, _ builder: inout GraphBuilder) throws -> Edge {
    let (x, skip) = (try call.edge(0), try call.edge(1))
    let sum = try Arithmetic.sum(x, skip, call, &builder)
    return call.has(bias) ? try Arithmetic.sum(sum, try call.edge(bias), call, &builder) : sum
  }
}
