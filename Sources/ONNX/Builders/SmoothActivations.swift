internal import Networks
internal import Tensors

/// Smooth functions of one value.
enum SmoothActivations {
  static let builders: [String: Builder] = [
    "Sigmoid": { try Activations.apply(Elementwise(.sigmoid), $0, &$1) },
    "Tanh": { try Activations.apply(Elementwise(.tanh), $0, &$1) },
    "Softplus": { try Activations.apply(Elementwise(.softplus(beta: 1)), $0, &$1) },
    "Softsign": { try Activations.apply(Elementwise(.softsign), $0, &$1) },
    "Erf": { try Activations.apply(Elementwise(.erf), $0, &$1) },
    "Exp": { try Activations.apply(Elementwise(.exp), $0, &$1) },
    "Log": { try Activations.apply(Elementwise(.log), $0, &$1) },
    "Sqrt": { try Activations.apply(Elementwise(.sqrt), $0, &$1) },
    "Reciprocal": { try Activations.apply(Elementwise(.reciprocal), $0, &$1) },
    "Mish": { try Activations.apply(Elementwise(.mish), $0, &$1) },
    "Elu": { call, builder in
      let alpha = try call.attributes.float("alpha", default: 1)
      return try Activations.apply(Elementwise(.elu(alpha: alpha)), call, &builder)
    },
    "Gelu": { call, builder in
      let isApproximate = call.attributes.string("approximate", default: "none") == "tanh"
      return try Activations.apply(Elementwise(isApproximate ? .geluTanh : .gelu), call, &builder)
    },
    "Selu": selu,
    "Celu": celu,
    "Swish": swish,
    "Pow": power,
  ]

  /// γ·elu_α(x).
  @Sendable private static func selu(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let alpha = try call.attributes.float("alpha", default: 1.673_263_2)
    let gamma = try call.attributes.float("gamma", default: 1.050_701)
    if abs(alpha - 1.673_263_2) < 1e-5, abs(gamma - 1.050_701) < 1e-5 {
      return try Activations.apply(Elementwise(.selu), call, &builder)
    }
    let unit = try builder.add(Elementwise(.elu(alpha: alpha)), of: [try call.edge(0)], for: call)
    return [try builder.add(Affine(scale: gamma, shift: 0), of: [unit], for: call)]
  }

  /// α·elu₁(x/α).
  @Sendable private static func celu(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let alpha = try call.attributes.float("alpha", default: 1)
    guard alpha != 0 else { throw call.bad("alpha is zero") }
    let scaled = try builder.add(
      Affine(scale: 1 / alpha, shift: 0), of: [try call.edge(0)], for: call)
    let unit = try builder.add(Elementwise(.elu(alpha: 1)), of: [scaled], for: call)
    return [try builder.add(Affine(scale: alpha, shift: 0), of: [unit], for: call)]
  }

  /// x·σ(αx).
  @Sendable private static func swish(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let alpha = try call.attributes.float("alpha", default: 1)
    if alpha == 1 { return try Activations.apply(Elementwise(.silu), call, &builder) }
    let x = try call.edge(0)
    let scaled = try builder.add(Affine(scale: alpha, shift: 0), of: [x], for: call)
    let gate = try builder.add(Elementwise(.sigmoid), of: [scaled], for: call)
    return [try builder.add(Multiplication(), of: [x, gate], for: call)]
  }

  /// xᵖ with one constant exponent.
  @Sendable private static func power(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    guard let exponent = try call.value(1, "exponents").scalar else {
      throw call.missing("an exponent for each element")
    }
    guard exponent.isFinite else { throw call.bad("the exponent is not finite") }
    if exponent == 1 { return [try call.edge(0)] }
    if exponent == 0.5 { return try Activations.apply(Elementwise(.sqrt), call, &builder) }
    return try Activations.apply(Elementwise(.power(exponent)), call, &builder)
  }
}
