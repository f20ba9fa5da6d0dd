/// The type of an array's elements, by ONNX's number for it.
///
/// Arithmetic is done in the widest type of the kind that is kept (32-bit floats, 64-bit integers, flags); the result
/// is then brought back to its own type: halves are rounded, narrow integers wrap around. Doubles stay in single
/// precision.
public enum ElementType: Int, Sendable, CaseIterable, Codable {
  case float32 = 1
  case uint8, int8, uint16, int16, int32, int64
  case bool = 9
  case float16, float64, uint32, uint64
  case bfloat16 = 16

  /// What the elements are kept as.
  enum Kind { case float, integer, boolean }

  var kind: Kind {
    switch self {
    case .float32, .float16, .float64, .bfloat16: .float
    case .bool: .boolean
    default: .integer
    }
  }

  /// Bytes an element in a file.
  var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .float16, .bfloat16, .uint16, .int16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// The type of this name in ONNX's text form, such as `FLOAT`; models before opset 6 name it so.
  init?(onnxName: String) {
    let names: [String: ElementType] = [
      "FLOAT": .float32, "UINT8": .uint8, "INT8": .int8, "UINT16": .uint16, "INT16": .int16, "INT32": .int32,
      "INT64": .int64, "BOOL": .bool, "FLOAT16": .float16, "DOUBLE": .float64, "UINT32": .uint32,
      "UINT64": .uint64, "BFLOAT16": .bfloat16,
    ]
    guard let type = names[onnxName] else { return nil }
    self = type
  }

  /// As array libraries call it.
  public var name: String { "\(self)" }

  /// An integer as one of this type has it: its low bits.
  func wrapped(_ x: Int) -> Int {
    switch self {
    case .uint8: Int(UInt8(truncatingIfNeeded: x))
    case .int8: Int(Int8(truncatingIfNeeded: x))
    case .uint16: Int(UInt16(truncatingIfNeeded: x))
    case .int16: Int(Int16(truncatingIfNeeded: x))
    case .int32: Int(Int32(truncatingIfNeeded: x))
    case .uint32: Int(UInt32(truncatingIfNeeded: x))
    default: x
    }
  }

  /// A float as one of this type has it: rounded to nearest, ties to even.
  func rounded(_ x: Float) -> Float {
    switch self {
    case .float16: return Float(Float16(x))
    case .bfloat16:
      guard x.isFinite else { return x }
      let bits = x.bitPattern
      return Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000)
    default: return x
    }
  }
}
