internal import Networks
internal import Tensors

/// What ONNX Runtime's optimiser makes of several operators (domain `com.microsoft`), as those operators again.
enum FusedLayers {
  static let builders: [String: Builder] = [
    "com.microsoft.Gelu": { try Activations.apply(Elementwise(.gelu), $0, &$1) },
    "com.microsoft.BiasGelu": { try gelu(.gelu, $0, &$1) },
    "com.microsoft.FastGelu": { try gelu(.geluTanh, $0, &$1) },
    "com.microsoft.QuickGelu": quickGelu,
    "com.microsoft.FusedConv": convolution,
    "com.microsoft.FusedGemm": { call, builder in
      let product = try MatrixProducts.builders["Gemm"]!(call, &builder)[0]
      let numbers = try ["alpha", "beta", "gamma"].compactMap { name in
        let attribute = "activation_\(name)"
        return call.attributes.has(attribute) ? try call.attributes.float(attribute, default: 0) : nil
      }
      return [try activated(product, numbers, call, &builder)]
    },
    "com.microsoft.FusedMatMul": product,
    "com.microsoft.BiasAdd": { call, builder in
      let sum = try Arithmetic.sum(try call.edge(0), try call.edge(1), call, &builder)
      return [try Arithmetic.sum(sum, try call.edge(2), call, &builder)]
    },
  ]

  private static func gelu(
    _ function: ScalarFunction, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> [Edge] {
    let x = try call.edge(0)
    let biased = call.has(1) ? try Arithmetic.sum(x, try call.edge(1), call, &builder) : x
    return [try builder.add(Elementwise(function), of: [biased], for: call)]
  }

  /// x·σ(αx), with α = 1.702 where it is not said.
  @Sendable private static func quickGelu(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let (x, alpha) = (try call.edge(0), try call.attributes.float("alpha", default: 1.702))
    let scaled = try builder.add(Affine(scale: alpha, shift: 0), of: [x], for: call)
    let gate = try builder.add(Elementwise(.sigmoid), of: [scaled], for: call)
    return [try builder.add(Multiplication(), of: [x, gate], for: call)]
  }

  /// A convolution, the sum with a fourth input where there is one, and an activation.
  @Sendable private static func convolution(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let plain = call.taking(Array(call.inputs.prefix(3)))
    var result = try Convolutions.builders["Conv"]!(plain, &builder)[0]
    if call.has(3) { result = try Arithmetic.sum(result, try call.edge(3), call, &builder) }
    return [try activated(result, call.attributes.floats("activation_params") ?? [], call, &builder)]
  }

  private static func activated(
    _ x: Edge, _ numbers: [Float], _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    func number(_ i: Int, _ standard: Float) -> Float { i < numbers.count ? numbers[i] : standard }
    guard numbers.allSatisfy({ !$0.isNaN }) else {
      throw call.bad("activation_params hold a value that is not a number")
    }
    let operations: [any Operation]
    switch call.attributes.string("activation", default: "") {
    case "": return x
    case "Relu": operations = [Rectifier(slope: 0)]
    case "LeakyRelu": operations = [Rectifier(slope: number(0, 0.01))]
    case "Tanh": operations = [Elementwise(.tanh)]
    case "Sigmoid": operations = [Elementwise(.sigmoid)]
    case "Clip":
      operations = [
        Clamp(lower: number(0, -.greatestFiniteMagnitude), upper: number(1, .greatestFiniteMagnitude))
      ]
    case "HardSigmoid":
      operations = [Affine(scale: number(0, 0.2), shift: number(1, 0.5)), Clamp(lower: 0, upper: 1)]
    case "HardSwish": operations = [HardSwish()]
    case let other: throw call.missing("activation \(other)")
    }
    return try operations.reduce(x) { try builder.add($1, of: [$0], for: call) }
  }

  /// α·op(A)·op(B), where each factor may come transposed, in its matrices and in its batches.
  @Sendable private static func product(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge]
  {
    let attributes = call.attributes
    var factors = [try call.edge(0), try call.edge(1)]
    for (i, name) in ["A", "B"].enumerated() where factors[i].shape!.rank > 1 {
      let rank = factors[i].shape!.rank
      if attributes.integer("transBatch\(name)", default: 0) != 0 {
        // The first axis becomes that of the rows, the others before the last those of the batches.
        factors[i] = try builder.transpose(factors[i], Array(1..<rank - 1) + [0, rank - 1], for: call)
      }
      if attributes.integer("trans\(name)", default: 0) != 0 {
        factors[i] = try builder.transposeMatrix(factors[i], for: call)
      }
    }
    let result = try MatrixProducts.product(factors[0], factors[1], call, &builder)
    let alpha = try attributes.float("alpha", default: 1)
    return [alpha == 1 ? result : try builder.add(Affine(scale: alpha, shift: 0), of: [result], for: call)]
  }
}
