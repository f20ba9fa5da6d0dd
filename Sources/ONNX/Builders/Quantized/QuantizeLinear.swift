internal import Networks
internal import Tensors

/// `QuantizeLinear` and `DequantizeLinear`: numbers as small integers, and back.
///
/// Known arrays are computed at once. Of what depends on the image integers are kept as whole floats, and derivatives
/// pass straight through the rounding.
enum QuantizeLinear {
  static let builders: [String: Builder] = [
    "DequantizeLinear": dequantize, "QuantizeLinear": quantize,
    "com.microsoft.DequantizeLinear": dequantize, "com.microsoft.QuantizeLinear": quantize,
    "DynamicQuantizeLinear": dynamic,
  ]

  /// (x − z)·s.
  @Sendable private static func dequantize(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let (x, shape) = (try call.edge(0), try call.shape(0))
    let axis = call.attributes.integer("axis", default: 1)
    let scale = try parameter(try call.edge(1), axis: axis, shape: shape, call, &builder)
    let zero = call.has(2) ? try parameter(try call.edge(2), axis: axis, shape: shape, call, &builder) : nil
    guard let value = x.value, let scales = scale.value, zero == nil || zero?.value != nil else {
      return [try dequantized(x, scale: scale, zero: zero, call, &builder)]
    }
    let (factors, zeros) = (scales.expanded(to: shape).floats, zero?.value?.expanded(to: shape).integers)
    let integers = value.integers
    let numbers = integers.indices.map { Float(integers[$0] &- (zeros?[$0] ?? 0)) * factors[$0] }
    let own = scales.type
    let type = ElementType(rawValue: call.attributes.integer("output_dtype", default: own.rawValue)) ?? own
    return [.known(Value(shape: shape, elements: .float(numbers)).converted(to: type))]
  }

  /// (x − z)·s, where scales and zero points broadcast.
  static func dequantized(
    _ x: Edge, scale: Edge, zero: Edge?, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let isCentred = zero?.value.map { $0.integers.allSatisfy { $0 == 0 } } ?? (zero == nil)
    let centred = isCentred ? x : try builder.add(Subtraction(), of: [x, zero!], for: call)
    return try Arithmetic.product(centred, scale, call, &builder)
  }

  /// x/s + z, rounded to even and kept within the range of the type.
  @Sendable private static func quantize(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge]
  {
    let (x, shape) = (try call.edge(0), try call.shape(0))
    let stated = ElementType(rawValue: call.attributes.integer("output_dtype", default: 0))
    let type = call.has(2) ? try call.value(2, "zero points").type : stated ?? .uint8
    let axis = call.attributes.integer("axis", default: 1)
    let scale = try parameter(try call.edge(1), axis: axis, shape: shape, call, &builder)
    let zero = call.has(2) ? try parameter(try call.edge(2), axis: axis, shape: shape, call, &builder) : nil
    guard let value = x.value, let scales = scale.value else {
      return [try quantized(x, scale: scale, zero: zero, as: type, call, &builder)]
    }
    guard let range = type.range else { throw call.missing("elements of type \(type)") }
    let (factors, zeros) = (scales.expanded(to: shape).floats, zero?.value?.expanded(to: shape).integers)
    let floats = value.floats
    let numbers = floats.indices.map { i in
      let near = Int(saturating: (floats[i] / factors[i]).rounded(.toNearestOrEven))
      let moved = near.addingReportingOverflow(zeros?[i] ?? 0)
      return min(max(moved.overflow ? near : moved.partialValue, range.lowerBound), range.upperBound)
    }
    return [.known(Value(shape: shape, elements: .integer(numbers), type: type))]
  }

  /// round(x/s) + z within the range of the type, of what depends on the image.
  static func quantized(
    _ x: Edge, scale: Edge, zero: Edge?, as type: ElementType,
    rounding: Quantization.Rounding = .nearest, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    guard let range = type.range, range.upperBound <= Value.exactIntegers else {
      throw call.missing("elements of type \(type)")
    }
    if let scales = scale.value {
      guard scales.floats.allSatisfy({ $0.isFinite && $0 > 0 }) else {
        throw call.bad("a scale is not a positive number")
      }
    }
    let operation = Quantization(
      to: Float(range.lowerBound)...Float(range.upperBound), rounding: rounding)
    let zero = zero ?? .known(Value(Tensor(zeros: [1])))
    let integers = try builder.add(operation, of: [x, scale, zero], for: call)
    return integers.value.map { .known($0.converted(to: type)) } ?? integers
  }

  /// Scales or zero points in a shape that broadcasts to `shape`: one number, one an index of an axis, or one a block.
  static func parameter(
    _ edge: Edge, axis: Int, shape: Shape, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let own = edge.shape!
    let block = call.attributes.integer("block_size", default: 0)
    if block > 0 {
      let axis = try call.axis(axis, rank: shape.rank)
      guard own.rank == shape.rank, own[axis] == (shape[axis] - 1) / block + 1,
        (0..<shape.rank).allSatisfy({ $0 == axis || own[$0] == shape[$0] })
      else { throw call.bad("scales of \(own) do not fit blocks of \(block) in \(shape)") }
      return try Gathers.pick(
        edge, (0..<shape[axis]).map { $0 / block }, axis: axis, shape: [shape[axis]], call, &builder)
    }
    if own.count == 1 {
      return edge.value == nil
        ? try builder.aligned(edge, rank: shape.rank, for: call)
        : try builder.reshape(edge, to: [1], for: call)
    }
    let axis = try call.axis(axis, rank: shape.rank)
    guard own.rank == 1, own.count == shape[axis] else {
      throw call.bad("\(own.count) scales for axis \(axis) of \(shape)")
    }
    let ones = [Int](repeating: 1, count: shape.rank - axis - 1)
    return try builder.reshape(edge, to: Shape([own.count] + ones), for: call)
  }

  /// Each image by its own range to 8 bits, with the scale and the zero point.
  @Sendable private static func dynamic(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge]
  {
    let x = try call.edge(0)
    // The parts of one image, such as its tokens, have one range.
    let isOfAll = try call.shape(0).extents.first != 1
    let scale = try builder.add(DynamicRange(.scale, ofAll: isOfAll), of: [x], for: call)
    let zero = try builder.add(DynamicRange(.zeroPoint, ofAll: isOfAll), of: [x], for: call)
    let integers = try builder.add(Quantization(to: 0...255), of: [x, scale, zero], for: call)
    guard x.value != nil else { return [integers, scale, zero] }
    return [
      .known(integers.value!.converted(to: .uint8)), try builder.reshape(scale, to: [], for: call),
      .known(zero.value!.reshaped(to: []).converted(to: .uint8)),
    ]
  }
}

extension ElementType {
  /// The integers of a type of at most 32 bits.
  var range: ClosedRange<Int>? {
    switch self {
    case .uint8: 0...255
    case .int8: -128...127
    case .uint16: 0...65_535
    case .int16: -32_768...32_767
    case .int32: -2_147_483_648...2_147_483_647
    case .uint32: 0...4_294_967_295
    default: nil
    }
  }
}
