internal import Networks
internal import Tensors

/// Sums, differences, products and quotients, with broadcasting.
enum Arithmetic {
  static let builders: [String: Builder] = [
    "Add": { call, builder in
      let (a, b) = try call.operands(&builder)
      return [try sum(a, b, call, &builder)]
    },
    "Sub": difference,
    "Mul": { call, builder in
      let (a, b) = try call.operands(&builder)
      return [try product(a, b, call, &builder)]
    },
    "Div": quotient,
    "Sum": { call, builder in [try total(call, &builder)] },
    "Mean": { call, builder in
      let sum = try total(call, &builder)
      return [
        try builder.add(Affine(scale: 1 / Float(call.inputs.count), shift: 0), of: [sum], for: call)
      ]
    },
  ]

  /// What a constant does to a value: the same everywhere, or the same in each channel.
  private enum Constant {
    case everywhere(Float)
    case channels([Float])

    /// nil where the constant is neither, or would give the value another shape.
    init?(_ edge: Edge, on other: Edge, _ call: OperatorCall) throws {
      guard let value = edge.value, let shape = other.shape, other.value == nil else { return nil }
      try value.tensor.checkFinite { call.bad("a constant is not finite") }
      guard try call.broadcast(value.shape, shape) == shape else { return nil }
      if value.shape.count == 1 {
        self = .everywhere(value.floats[0])
        return
      }
      let axis = 1 - (shape.rank - value.shape.rank)
      guard shape.rank >= 2, axis >= 0, axis < value.shape.rank,
        value.shape[axis] == value.shape.count,
        value.shape.count == shape[1]
      else { return nil }
      self = .channels(value.floats)
    }

    /// x·scale + shift, where one of the two is this constant.
    func operation(scales: Bool) -> any Operation {
      switch self {
      case .everywhere(let c): Affine(scale: scales ? c : 1, shift: scales ? 0 : c)
      case .channels(let c):
        ChannelAffine(
          scale: scales ? c : [Float](repeating: 1, count: c.count),
          shift: scales ? [Float](repeating: 0, count: c.count) : c)
      }
    }

    func map(_ function: (Float) -> Float) -> Constant {
      switch self {
      case .everywhere(let c): .everywhere(function(c))
      case .channels(let c): .channels(c.map(function))
      }
    }
  }

  static func sum(_ a: Edge, _ b: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> Edge
  {
    if let constant = try Constant(b, on: a, call) {
      return try builder.add(constant.operation(scales: false), of: [a], for: call)
    }
    if let constant = try Constant(a, on: b, call) {
      return try builder.add(constant.operation(scales: false), of: [b], for: call)
    }
    return try builder.add(Addition(), of: [a, b], for: call)
  }

  static func product(_ a: Edge, _ b: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder)
    throws
    -> Edge
  {
    if let constant = try Constant(b, on: a, call) {
      return try builder.add(constant.operation(scales: true), of: [a], for: call)
    }
    if let constant = try Constant(a, on: b, call) {
      return try builder.add(constant.operation(scales: true), of: [b], for: call)
    }
    return try builder.add(Multiplication(), of: [a, b], for: call)
  }

  @Sendable private static func difference(_ call: OperatorCall, _ builder: inout GraphBuilder)
    throws
    -> [Edge]
  {
    let (a, b) = try call.operands(&builder)
    if let constant = try Constant(b, on: a, call) {
      return [try builder.add(constant.map { -$0 }.operation(scales: false), of: [a], for: call)]
    }
    return [try builder.add(Subtraction(), of: [a, b], for: call)]
  }

  @Sendable private static func quotient(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let (a, b) = try call.operands(&builder)
    if let divisor = b.value, a.value == nil {
      let inverse = divisor.floats.map { 1 / $0 }
      let factor = Edge.known(Value(shape: divisor.shape, elements: .float(inverse)))
      return [try product(a, factor, call, &builder)]
    }
    if let numerator = a.value?.scalar, let shape = b.shape,
      try call.broadcast(try call.shape(0), shape) == shape
    {
      let inverse = try builder.add(Elementwise(.reciprocal), of: [b], for: call)
      if numerator == 1 { return [inverse] }
      return [try builder.add(Affine(scale: numerator, shift: 0), of: [inverse], for: call)]
    }
    return [try builder.add(Division(), of: [a, b], for: call)]
  }

  private static func total(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge {
    var result = try call.edge(0)
    for i in call.inputs.indices.dropFirst() {
      result = try sum(result, try call.edge(i), call, &builder)
    }
    return result
  }
}

extension OperatorCall {
  /// The two operands, the second lying along the first as the opset has it.
  func operands(_ builder: inout GraphBuilder) throws -> (Edge, Edge) {
    let (first, second) = (try edge(0), try edge(1))
    let a = try builder.aligned(builder.forOneImage(first, beside: second), to: second, for: self)
    let b = try builder.aligned(builder.forOneImage(second, beside: a), to: a, for: self)
    return (a, try builder.reshape(b, to: try alignedShape(b.shape!, to: a.shape!), for: self))
  }
}
