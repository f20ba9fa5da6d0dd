internal import Tensors

/// Arithmetic on what is known before any image is: shapes, indices, flags, and the odd weight.
///
/// Every rule takes known values only; rearrangements fold in their builders, and operators that are operations of
/// the network are evaluated by those.
enum ConstantFolding {
  typealias Rule = @Sendable (OperatorCall, [Value]) throws -> Value

  typealias Rules = [String: Rule]

  static let rules: Rules = [elementwise, comparisons, reductions, makers, scattering, picking, orderings]
    .reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  /// The values of a node all of whose inputs are known; nil where no rule is meant for it.
  static func fold(_ call: OperatorCall) throws -> [Value]? {
    let values = call.inputs.compactMap { $0?.value }
    guard values.count == call.inputs.count else { return nil }
    if let rule = rankings[call.place.type] { return try rule(call, values) }
    guard let rule = rules[call.place.type] else { return nil }
    if integerOnly.contains(call.place.type), values.contains(where: \.isFloat) { return nil }
    return [try rule(call, values)]
  }

  /// Rules for integers of operators that have an operation for floats.
  private static let integerOnly: Set<String> = [
    "Neg", "Abs", "ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin", "Max", "Min",
  ]

  /// Operators whose results say of which type they are, or are of ONNX's type for their kind.
  static let ownTypes: Set<String> = [
    "Cast", "CastLike", "Constant", "ConstantOfShape", "Shape", "Size", "EyeLike", "OneHot", "NonZero",
    "ArgMax",
    "ArgMin", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Xor", "Not", "IsNaN",
    "IsInf",
    "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "ConvInteger", "MatMulInteger",
    "QLinearConv",
    "QLinearMatMul", "com.microsoft.QuantizeLinear", "com.microsoft.DequantizeLinear",
    "com.microsoft.MatMulIntegerToFloat", "com.microsoft.QGemm",
  ]
}

// MARK: - Elementwise

extension ConstantFolding {
  private static let elementwise: [String: Rule] = [
    "Add": { try binary($0, $1, { $0 + $1 }, { $0 &+ $1 }) },
    "Sub": { try binary($0, $1, { $0 - $1 }, { $0 &- $1 }) },
    "Mul": { try binary($0, $1, { $0 * $1 }, { $0 &* $1 }) },
    "Div": {
      try binary(
        $0, $1, { $0 / $1 }, { $1 == 0 ? 0 : $0.dividedReportingOverflow(by: $1).partialValue })
    },
    "Mod": { try binary($0, $1, { $0.truncatingRemainder(dividingBy: $1) }, floorModulo) },
    "Max": { try folding($0, $1) { max($0, $1) } },
    "Min": { try folding($0, $1) { min($0, $1) } },
    "Neg": { try unary($0, $1, { -$0 }, { 0 &- $0 }) },
    "Abs": { try unary($0, $1, { abs($0) }, { $0 == .min ? .max : abs($0) }) },
    "Floor": { try unary($0, $1, { $0.rounded(.down) }, { $0 }) },
    "Ceil": { try unary($0, $1, { $0.rounded(.up) }, { $0 }) },
    "Round": { try unary($0, $1, { $0.rounded(.toNearestOrEven) }, { $0 }) },
    "Sign": { try unary($0, $1, { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, { $0.signum() }) },
    "IsNaN": { call, values in
      let x = try first(call, values)
      return Value(shape: x.shape, elements: .boolean(x.floats.map(\.isNaN)))
    },
    "IsInf": { call, values in
      let x = try first(call, values)
      return Value(shape: x.shape, elements: .boolean(x.floats.map(\.isInfinite)))
    },
  ]

  /// The remainder with the sign of the divisor, as Python has it.
  private static func floorModulo(_ a: Int, _ b: Int) -> Int {
    guard b != 0, b != -1 else { return 0 }
    let remainder = a % b
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
  }

  private static func unary(
    _ call: OperatorCall, _ values: [Value], _ float: (Float) -> Float, _ integer: (Int) -> Int
  ) throws -> Value {
    let x = try first(call, values)
    return switch x.elements {
    case .float(let elements): Value(shape: x.shape, elements: .float(elements.map(float)))
    default: Value(shape: x.shape, elements: .integer(x.integers.map(integer)))
    }
  }

  private static func binary(
    _ call: OperatorCall, _ values: [Value], _ float: (Float, Float) -> Float,
    _ integer: (Int, Int) -> Int
  ) throws -> Value {
    let (a, b) = try pair(call, values)
    if a.isFloat || b.isFloat {
      return Value(shape: a.shape, elements: .float(zip(a.floats, b.floats).map(float)))
    }
    let numbers = zip(a.integers, b.integers).map(integer)
    return Value(shape: a.shape, elements: .integer(a.type == .int64 ? numbers : numbers.map(a.type.wrapped)))
  }

  private static func folding(
    _ call: OperatorCall, _ values: [Value], _ integer: (Int, Int) -> Int
  ) throws -> Value {
    var result = try first(call, values)
    for value in values.dropFirst() {
      result = try binary(call, [result, value], { $0 + $1 }, integer)
    }
    return result
  }

  static func first(_ call: OperatorCall, _ values: [Value]) throws -> Value {
    guard let value = values.first else { throw call.bad("input 0 is missing") }
    return value
  }

  /// Two values, expanded to the shape they have in common.
  static func pair(_ call: OperatorCall, _ values: [Value]) throws -> (Value, Value) {
    guard values.count == 2 else { throw call.bad("takes two inputs, not \(values.count)") }
    let second = try call.aligned(values[1], to: values[0].shape)
    let shape = try call.broadcast(values[0].shape, second.shape)
    return (values[0].expanded(to: shape), second.expanded(to: shape))
  }
}

// MARK: - Comparisons and logic

extension ConstantFolding {
  private static let comparisons: [String: Rule] = [
    "Equal": { try comparison($0, $1, ==, ==) },
    "Less": { try comparison($0, $1, <, <) },
    "LessOrEqual": { try comparison($0, $1, <=, <=) },
    "Greater": { try comparison($0, $1, >, >) },
    "GreaterOrEqual": { try comparison($0, $1, >=, >=) },
    "And": { try logic($0, $1) { $0 && $1 } },
    "Or": { try logic($0, $1) { $0 || $1 } },
    "Xor": { try logic($0, $1) { $0 != $1 } },
    "Not": { call, values in
      let x = try first(call, values)
      return Value(shape: x.shape, elements: .boolean(x.booleans.map { !$0 }))
    },
    "Where": choose,
  ]

  private static func comparison(
    _ call: OperatorCall, _ values: [Value], _ float: (Float, Float) -> Bool,
    _ integer: (Int, Int) -> Bool
  ) throws -> Value {
    let (a, b) = try pair(call, values)
    let isFloat = a.isFloat || b.isFloat
    let flags =
      isFloat ? zip(a.floats, b.floats).map(float) : zip(a.integers, b.integers).map(integer)
    return Value(shape: a.shape, elements: .boolean(flags))
  }

  private static func logic(
    _ call: OperatorCall, _ values: [Value], _ rule: (Bool, Bool) -> Bool
  ) throws -> Value {
    let (a, b) = try pair(call, values)
    return Value(shape: a.shape, elements: .boolean(zip(a.booleans, b.booleans).map(rule)))
  }

  @Sendable private static func choose(_ call: OperatorCall, _ values: [Value]) throws -> Value {
    guard values.count == 3 else { throw call.bad("takes three inputs, not \(values.count)") }
    let shape = try call.broadcast(
      try call.broadcast(values[0].shape, values[1].shape), values[2].shape)
    let flags = values[0].expanded(to: shape).booleans
    let (a, b) = (values[1].expanded(to: shape), values[2].expanded(to: shape))
    let both = Value.concatenating(
      [a.reshaped(to: [shape.count]), b.reshaped(to: [shape.count])], axis: 0)
    let positions = flags.enumerated().map { $0.element ? $0.offset : $0.offset + shape.count }
    return both.picking(positions, shape: shape)
  }
}
