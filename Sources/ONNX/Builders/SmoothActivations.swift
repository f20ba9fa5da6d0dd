internal import Glibc
internal import Networks
internal import Tensors

/// Smooth functions of one value.
enum SmoothActivations {
  static let builders = functions.merging(trigonometric) { own, _ in own }

  private static let functions: [String: Builder] = [
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

  private static let trigonometric: [String: Builder] = {
    var builders: [String: Builder] = [:]
    for function in TrigonometricFunction.allCases {
      builders[function.rawValue.prefix(1).uppercased() + function.rawValue.dropFirst()] = {
        try Activations.apply(Trigonometric(function), $0, &$1)
      }
    }
    return builders
  }()

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

  /// xᵖ: with one constant exponent, the same for many, or e^(p·log x) where the exponent flows.
  @Sendable private static func power(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let (x, p) = try call.operands(&builder)
    guard let exponents = p.value else {
      let logarithm = try builder.add(Elementwise(.log), of: [x], for: call)
      let product = try builder.add(Multiplication(), of: [logarithm, p], for: call)
      return [try builder.add(Elementwise(.exp), of: [product], for: call)]
    }
    guard exponents.floats.allSatisfy(\.isFinite) else { throw call.bad("an exponent is not finite") }
    let shape = try call.broadcast(x.shape!, exponents.shape)
    if let base = x.value { return [.known(powers(base.expanded(to: shape), exponents.expanded(to: shape)))] }
    guard let exponent = exponents.floats.first else { throw call.missing("powers without an exponent") }
    guard exponents.floats.allSatisfy({ $0 == exponent }) else {
      return [try piecewise(x, exponents: exponents, shape: shape, call, &builder)]
    }
    let base = try Gathers.expand(x, to: shape, call, &builder)
    return [try raised(base, exponent, call, &builder)]
  }

  private static func raised(
    _ x: Edge, _ exponent: Float, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    switch exponent {
    case 1: x
    case 0.5: try builder.add(Elementwise(.sqrt), of: [x], for: call)
    case 2: try builder.add(Multiplication(), of: [x, x], for: call)
    default: try builder.add(Elementwise(.power(exponent)), of: [x], for: call)
    }
  }

  /// Exponents that differ: each exponent's power of all, times the flags of where it stands.
  private static func piecewise(
    _ x: Edge, exponents: Value, shape: Shape, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let different = Array(Set(exponents.floats)).sorted()
    guard let first = different.first, different.count <= 8 else {
      throw call.missing("\(different.count) different exponents")
    }
    let base = try Gathers.expand(x, to: shape, call, &builder)
    var result = try raised(base, first, call, &builder)
    for exponent in different.dropFirst() {
      let flags = Value(shape: exponents.shape, elements: .boolean(exponents.floats.map { $0 == exponent }))
      let power = try raised(base, exponent, call, &builder)
      result = try builder.add(Choice(), of: [.known(flags), power, result], for: call)
    }
    return result
  }

  /// Integers to integers exactly, as far as they go; everything else in single precision.
  private static func powers(_ base: Value, _ exponents: Value) -> Value {
    if base.kind == .integer, exponents.kind == .integer, exponents.integers.allSatisfy({ $0 >= 0 }) {
      let numbers = zip(base.integers, exponents.integers).map { x, p in
        (0..<min(p, 1 << 10)).reduce(1) { product, _ in product &* x }
      }
      return Value(shape: base.shape, elements: .integer(numbers))
    }
    return Value(shape: base.shape, elements: .float(zip(base.floats, exponents.floats).map { powf($0, $1) }))
  }
}
