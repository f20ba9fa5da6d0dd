internal import Networks
internal import Tensors

/// QONNX: quantisers of networks that were trained with them, of any number of bits.
///
/// Source: Pappalardo et al., "QONNX: Representing Arbitrary-Precision Quantized Neural Networks", 2022.
enum QuantizedTraining {
  static let builders: [String: Builder] = {
    var builders: [String: Builder] = [:]
    for domain in ["qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general"] {
      builders["\(domain).Quant"] = quantize
      builders["\(domain).IntQuant"] = quantize
      builders["\(domain).BipolarQuant"] = bipolar
      builders["\(domain).Trunc"] = truncate
    }
    return builders
  }()

  private static let roundings: [String: Quantization.Rounding] = [
    "ROUND": .nearestAfterShift, "HALF_EVEN": .nearestAfterShift, "CEIL": .ceilingAfterShift,
    "FLOOR": .floorAfterShift, "UP": .ceilingAfterShift, "DOWN": .floorAfterShift,
    "ROUND_TO_ZERO": .truncationAfterShift,
  ]

  /// (clamp(round(x/s + z)) − z)·s.
  @Sendable private static func quantize(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge]
  {
    let isSigned = call.attributes.integer("signed", default: 1) != 0
    let isNarrow = call.attributes.integer("narrow", default: 0) != 0
    let range = try range(try bits(call, 3), isSigned: isSigned, isNarrow: isNarrow, call)
    let rounding = try rounding(call, default: "ROUND")
    return [try quantized(range, rounding, call, &builder)]
  }

  /// The lowest bits dropped: from input 3's number to input 4's.
  @Sendable private static func truncate(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge]
  {
    let (from, to) = (try bits(call, 3), try bits(call, 4))
    guard from >= to else { throw call.bad("cannot turn \(from) bits into \(to)") }
    let step = Tensor(repeating: Float(1 << (from - to)), shape: [1])
    let scale = try Arithmetic.product(try call.edge(1), .known(Value(step)), call, &builder)
    let wide = Float(1 << 24)
    let inner = call.taking([try call.edge(0), scale, try call.edge(2)])
    return [try quantized(-wide...wide, try rounding(call, default: "FLOOR"), inner, &builder)]
  }

  /// s where x ≥ 0, −s elsewhere.
  @Sendable private static func bipolar(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge]
  {
    let (x, scale) = (try call.edge(0), try call.edge(1))
    let zero = Edge.known(Value(Tensor(zeros: [1])))
    let sign = try builder.add(Quantization(to: -1...1, rounding: .sign), of: [x, scale, zero], for: call)
    return [try Arithmetic.product(sign, scale, call, &builder)]
  }

  private static func quantized(
    _ range: ClosedRange<Float>, _ rounding: Quantization.Rounding, _ call: OperatorCall,
    _ builder: inout GraphBuilder
  ) throws -> Edge {
    let (x, scale, zero) = (try call.edge(0), try call.edge(1), try call.edge(2))
    if let scales = scale.value {
      guard scales.floats.allSatisfy({ $0.isFinite && $0 > 0 }) else {
        throw call.bad("a scale is not a positive number")
      }
    }
    let integers = try builder.add(
      Quantization(to: range, rounding: rounding), of: [x, scale, zero], for: call)
    return try QuantizeLinear.dequantized(integers, scale: scale, zero: zero, call, &builder)
  }

  private static func rounding(_ call: OperatorCall, default name: String) throws
    -> Quantization.Rounding
  {
    let stated = call.attributes.string("rounding_mode", default: name)
    guard let rounding = roundings[stated.uppercased()] else {
      throw call.missing("rounding_mode \(stated)")
    }
    return rounding
  }

  private static func bits(_ call: OperatorCall, _ i: Int) throws -> Int {
    guard let width = try call.value(i, "numbers of bits").floats.first, (1...24).contains(width),
      width == width.rounded()
    else { throw call.missing("numbers of bits other than 1 to 24") }
    return Int(saturating: width)
  }

  private static func range(_ bits: Int, isSigned: Bool, isNarrow: Bool, _ call: OperatorCall) throws
    -> ClosedRange<Float>
  {
    let (lower, upper) =
      isSigned
      ? (-(1 << (bits - 1)) + (isNarrow ? 1 : 0), (1 << (bits - 1)) - 1)
      : (0, (1 << bits) - 1 - (isNarrow ? 1 : 0))
    guard lower < upper else { throw call.missing("\(bits) bits") }
    return Float(lower)...Float(upper)
  }
}
