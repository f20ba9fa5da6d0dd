internal import Networks
internal import Tensors

/// `QuantizeLinear` and `DequantizeLinear` of known arrays: weights kept as small integers.
///
/// A value that depends on the image and is quantised has a derivative of zero; such networks are refused.
enum Quantization {
  static let builders: [String: Builder] = [
    "DequantizeLinear": dequantize,
    "QuantizeLinear": quantize,
  ]

  /// The scale and the zero point of every element.
  private static func parameters(_ call: OperatorCall, on shape: Shape) throws -> (
    scales: [Float], zeros: [Int]
  ) {
    let scale = try call.value(1, "scales")
    let zero = call.has(2) ? try call.value(2, "zero points") : nil
    guard zero == nil || zero!.shape.count == scale.shape.count else {
      throw call.bad("not one zero point a scale")
    }
    if scale.shape.count == 1 {
      let zeros = [Int](repeating: zero?.integers[0] ?? 0, count: shape.count)
      return ([Float](repeating: scale.floats[0], count: shape.count), zeros)
    }
    let axis = try call.axis(call.attributes.integer("axis", default: 1), rank: shape.rank)
    let block = call.attributes.integer("block_size", default: 0)
    var places = shape.extents.map { _ in 0 }
    if block > 0 {
      guard scale.shape.rank == shape.rank, scale.shape[axis] == (shape[axis] + block - 1) / block,
        (0..<shape.rank).allSatisfy({ $0 == axis || scale.shape[$0] == shape[$0] })
      else { throw call.bad("scales of \(scale.shape) for blocks of \(block) in \(shape)") }
      places = scale.shape.strides
    } else {
      guard scale.shape.count == shape[axis] else {
        throw call.bad("\(scale.shape.count) scales for axis \(axis) of \(shape)")
      }
      places[axis] = 1
    }
    let strides = shape.strides
    let positions = (0..<shape.count).map { i in
      (0..<shape.rank).reduce(0) { sum, k in
        let index = i / strides[k] % shape[k]
        return sum + places[k] * (block > 0 && k == axis ? index / block : index)
      }
    }
    let (scales, zeros) = (scale.floats, zero?.integers)
    return (positions.map { scales[$0] }, positions.map { zeros?[$0] ?? 0 })
  }

  /// (x − z)·s.
  @Sendable private static func dequantize(_ call: OperatorCall, _: inout GraphBuilder) throws -> [Edge] {
    let x = try call.value(0, "quantised values")
    let (scales, zeros) = try parameters(call, on: x.shape)
    let numbers = x.integers.indices.map { Float(x.integers[$0] &- zeros[$0]) * scales[$0] }
    let own = try call.value(1, "scales").type
    let type = ElementType(rawValue: call.attributes.integer("output_dtype", default: own.rawValue)) ?? own
    return [.known(Value(shape: x.shape, elements: .float(numbers)).converted(to: type))]
  }

  /// x/s + z, rounded to even and kept within the range of the type.
  @Sendable private static func quantize(_ call: OperatorCall, _: inout GraphBuilder) throws -> [Edge] {
    let x = try call.value(0, "values to be quantised")
    let (scales, zeros) = try parameters(call, on: x.shape)
    let stated = ElementType(rawValue: call.attributes.integer("output_dtype", default: 0))
    let type = call.has(2) ? try call.value(2, "zero points").type : stated ?? .uint8
    guard let range = type.range else { throw call.missing("elements of type \(type)") }
    let numbers = x.floats.indices.map { i in
      let scaled = (x.floats[i] / scales[i]).rounded(.toNearestOrEven)
      let near = Int(min(max(scaled, -Float(1 << 40)), Float(1 << 40)))
      return min(max(near + zeros[i], range.lowerBound), range.upperBound)
    }
    return [.known(Value(shape: x.shape, elements: .integer(numbers), type: type))]
  }
}

extension ElementType {
  /// The integers of a type of at most 32 bits.
  fileprivate var range: ClosedRange<Int>? {
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
