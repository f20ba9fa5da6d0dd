internal import Networks
internal import Tensors

/// Flags, and what is chosen by them.
enum Choices {
  static let builders: [String: Builder] = [
    "Where": choice,
    "Greater": { try compare($0, &$1, isStrict: true, swaps: false) },
    "Less": { try compare($0, &$1, isStrict: true, swaps: true) },
    "GreaterOrEqual": { try compare($0, &$1, isStrict: false, swaps: false) },
    "LessOrEqual": { try compare($0, &$1, isStrict: false, swaps: true) },
    "Not": { try Activations.apply(Affine(scale: -1, shift: 1), $0, &$1) },
    "And": { call, builder in
      [try builder.add(Multiplication(), of: [try call.edge(0), try call.edge(1)], for: call)]
    },
    // What flows is finite: an image that overflows on its way has no logits that mean anything.
    "IsNaN": never, "IsInf": never,
    "ThresholdedRelu": threshold,
    "Shrink": shrink,
    "Trilu": triangle,
  ]

  @Sendable private static func never(_ call: OperatorCall, _: inout GraphBuilder) throws -> [Edge] {
    let shape = try call.shape(0)
    return [.known(Value(shape: shape, elements: .boolean([Bool](repeating: false, count: shape.count))))]
  }

  private static func compare(
    _ call: OperatorCall, _ builder: inout GraphBuilder, isStrict: Bool, swaps: Bool
  ) throws -> [Edge] {
    let (a, b) = try call.operands(&builder)
    return [try builder.add(Comparison(isStrict: isStrict), of: swaps ? [b, a] : [a, b], for: call)]
  }

  @Sendable private static func choice(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let (condition, a, b) = (try call.edge(0), try call.edge(1), try call.edge(2))
    let shape = try call.broadcast(try call.broadcast(condition.shape!, a.shape!), b.shape!)
    if let flags = condition.value?.booleans, let first = flags.first, flags.allSatisfy({ $0 == first }) {
      return [try Gathers.expand(first ? a : b, to: shape, call, &builder)]
    }
    return [try builder.add(Choice(), of: [condition, a, b], for: call)]
  }

  /// x where x > α, 0 elsewhere.
  @Sendable private static func threshold(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let alpha = Edge.known(
      Value(Tensor(repeating: try call.attributes.float("alpha", default: 1), shape: [])))
    let x = try call.edge(0)
    let flags = try builder.add(Comparison(isStrict: true), of: [x, alpha], for: call)
    return [try builder.add(Multiplication(), of: [x, flags], for: call)]
  }

  /// x + bias below −λ, x − bias above λ, 0 between.
  @Sendable private static func shrink(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let lambda = try call.attributes.float("lambd", default: 0.5)
    let bias = try call.attributes.float("bias", default: 0)
    let x = try call.edge(0)
    func number(_ c: Float) -> Edge { .known(Value(Tensor(repeating: c, shape: []))) }
    let above = try builder.add(Comparison(isStrict: true), of: [x, number(lambda)], for: call)
    let below = try builder.add(Comparison(isStrict: true), of: [number(-lambda), x], for: call)
    let zero = number(0)
    let down = try builder.add(Affine(scale: 1, shift: -bias), of: [x], for: call)
    let up = try builder.add(Affine(scale: 1, shift: bias), of: [x], for: call)
    let lower = try builder.add(Choice(), of: [below, up, zero], for: call)
    return [try builder.add(Choice(), of: [above, down, lower], for: call)]
  }

  /// The upper or lower triangle of matrices, zeros in the other.
  @Sendable private static func triangle(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge]
  {
    let x = try call.edge(0)
    let offset = call.has(1) ? try call.value(1, "offsets").integers.first ?? 0 : 0
    let matrix = Shape(Array(x.shape!.extents.suffix(2)))
    let keeps = try call.triangle(of: matrix, offset: offset)
    let mask = Tensor(shape: matrix, elements: (0..<matrix.count).map { keeps($0) ? 1 : 0 })
    return [try builder.add(Multiplication(), of: [x, .known(Value(mask))], for: call)]
  }
}
