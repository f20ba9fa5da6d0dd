internal import Networks
internal import Tensors

/// Convolutions and matrix products of small integers, whose sums are brought to another scale at the end.
///
/// The sums are computed as whole floats: exact up to 2²⁴, and rounded to whole numbers before they are scaled.
enum IntegerProducts {
  static let builders: [String: Builder] = [
    "QLinearConv": convolution,
    "com.microsoft.QLinearConv": { try QuantizedLayers.channelsFirst($0, &$1, convolution) },
    "QLinearMatMul": product, "com.microsoft.QGemm": gemm,
    "ConvInteger": { call, builder in
      let x = try shifted(call, 0, zero: 2, &builder)
      let weights = try shifted(call, 1, zero: 3, axis: 0, &builder)
      return [whole(try Convolutions.builders["Conv"]!(call.taking([x, weights]), &builder)[0])]
    },
    "MatMulInteger": { call, builder in [whole(try sums(call, zeros: (2, 3), &builder))] },
    "com.microsoft.MatMulIntegerToFloat": { call, builder in
      let sums = try sums(call, zeros: (4, 5), &builder)
      let scale = try Arithmetic.product(try call.edge(2), try call.edge(3), call, &builder)
      return [try biased(try Arithmetic.product(sums, scale, call, &builder), 6, call, &builder)]
    },
    "com.microsoft.DynamicQuantizeMatMul": { call, builder in
      let dynamic = try QuantizeLinear.builders["DynamicQuantizeLinear"]!(
        call.taking([try call.edge(0)]), &builder)
      let x = try builder.add(Subtraction(), of: [dynamic[0], dynamic[2]], for: call)
      let weights = try shifted(call, 1, zero: 3, axis: -1, &builder)
      let sums = try MatrixProducts.product(x, weights, call, &builder)
      let scale = try Arithmetic.product(dynamic[1], try call.edge(2), call, &builder)
      return [try biased(try Arithmetic.product(sums, scale, call, &builder), 4, call, &builder)]
    },
  ]

  /// Sums that are known, as the integers that they are.
  private static func whole(_ sums: Edge) -> Edge {
    sums.value.map { .known($0.converted(to: .int32)) } ?? sums
  }

  /// x − z, where z is one number or one an index of an axis.
  private static func shifted(
    _ call: OperatorCall, _ i: Int, zero: Int, axis: Int = 0, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let x = try call.edge(i)
    guard call.has(zero) else { return x }
    if let value = try call.edge(zero).value, value.integers.allSatisfy({ $0 == 0 }) { return x }
    let z = try QuantizeLinear.parameter(try call.edge(zero), axis: axis, shape: x.shape!, call, &builder)
    return try builder.add(Subtraction(), of: [x, z], for: call)
  }

  private static func sums(_ call: OperatorCall, zeros: (Int, Int), _ builder: inout GraphBuilder) throws
    -> Edge
  {
    let left = try shifted(call, 0, zero: zeros.0, axis: -2, &builder)
    let right = try shifted(call, 1, zero: zeros.1, axis: -1, &builder)
    return try MatrixProducts.product(left, right, call, &builder)
  }

  private static func biased(_ x: Edge, _ input: Int, _ call: OperatorCall, _ builder: inout GraphBuilder)
    throws
    -> Edge
  {
    call.has(input) ? try Arithmetic.sum(x, try call.edge(input), call, &builder) : x
  }

  /// The scale of the sums over that of the result, in a shape that lies along an axis.
  private static func factors(
    _ call: OperatorCall, _ scales: (Int, Int, Int), _ axis: Int, rank: Int
  ) throws -> Edge {
    let (a, b, y) = (
      try call.value(scales.0, "scales").floats, try call.value(scales.1, "scales").floats,
      try call.value(scales.2, "scales").floats
    )
    guard a.count == 1 || b.count == 1, y.count == 1, (a + b + y).allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw call.bad("has \(a.count), \(b.count) and \(y.count) scales, or one that is not positive")
    }
    let factors = a.count >= b.count ? a.map { $0 * b[0] / y[0] } : b.map { a[0] * $0 / y[0] }
    let ones = [Int](repeating: 1, count: factors.count == 1 ? 0 : rank - axis - 1)
    return .known(Value(shape: Shape([factors.count] + ones), elements: .float(factors)))
  }

  /// The sums as integers of the type of the zero point of the result.
  private static func requantized(
    _ sums: Edge, _ factors: Edge, zero: Int, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let z = call.has(zero) ? try call.value(zero, "zero points") : nil
    return try QuantizeLinear.quantized(
      sums, scale: factors, zero: z.map { .known($0.reshaped(to: [$0.shape.count])) }, as: z?.type ?? .uint8,
      rounding: .nearestOfProduct, call, &builder)
  }

  @Sendable private static func convolution(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let x = try shifted(call, 0, zero: 2, &builder)
    let weights = try shifted(call, 3, zero: 5, axis: 0, &builder)
    let bias = call.has(8) ? [try call.edge(8)] : []
    let inner = call.taking([x, weights] + bias)
    let sums = try Convolutions.builders["Conv"]!(inner, &builder)[0]
    let factors = try factors(call, (1, 4, 6), 1, rank: sums.shape!.rank)
    return [try requantized(sums, factors, zero: 7, call, &builder)]
  }

  @Sendable private static func product(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge]
  {
    let left = try shifted(call, 0, zero: 2, axis: -2, &builder)
    let right = try shifted(call, 3, zero: 5, axis: -1, &builder)
    let sums = try MatrixProducts.product(left, right, call, &builder)
    let rank = sums.shape!.rank
    return [
      try requantized(sums, try factors(call, (1, 4, 6), rank - 1, rank: rank), zero: 7, call, &builder)
    ]
  }

  /// α·op(A)·op(B) + C of integers; floats where no scale of the result is given.
  @Sendable private static func gemm(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let isTurned = call.attributes.integer("transB", default: 0) != 0
    var left = try shifted(call, 0, zero: 2, &builder)
    var right = try shifted(call, 3, zero: 5, axis: isTurned ? 0 : 1, &builder)
    if call.attributes.integer("transA", default: 0) != 0 {
      left = try builder.transposeMatrix(left, for: call)
    }
    if isTurned { right = try builder.transposeMatrix(right, for: call) }
    let sums = try biased(try MatrixProducts.product(left, right, call, &builder), 6, call, &builder)
    let alpha = Edge.known(
      Value(Tensor(repeating: try call.attributes.float("alpha", default: 1), shape: [1])))
    guard call.has(7) else {
      let scale = try Arithmetic.product(try call.edge(1), try call.edge(4), call, &builder)
      let scaled = try Arithmetic.product(scale, alpha, call, &builder)
      return [try Arithmetic.product(sums, scaled, call, &builder)]
    }
    let factors = try Arithmetic.product(try factors(call, (1, 4, 7), 1, rank: 2), alpha, call, &builder)
    return [try requantized(sums, factors, zero: 8, call, &builder)]
  }
}
