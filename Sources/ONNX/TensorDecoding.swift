internal import FoundationEssentials
internal import ONNXSchema
internal import Tensors

/// Turns the tensors of a model file into values: halves, doubles and small integers are widened.
struct TensorDecoder {
  /// The data files of the model, by the location their tensors give.
  let externalFiles: [String: ModelBytes]

  func value(of tensor: Onnx_TensorProto) throws -> Value {
    let name = tensor.name
    let shape = try shape(of: tensor)
    guard let type = ElementType(rawValue: Int(tensor.dataType)) else {
      throw ModelError.badTensor(
        name: name, problem: "has elements of type \(tensor.dataType), which are not supported")
    }
    let elements: Value.Elements
    if tensor.dataLocation == .external {
      elements = type.decode(try externalBytes(tensor, shape.count * type.size))
    } else if tensor.hasRawData {
      try check(tensor.rawData.count, type.size, shape, name)
      elements = type.decode(tensor.rawData)
    } else {
      let typed = type.typedElements(tensor)
      try check(typed.count, 1, shape, name)
      elements = typed.elements
    }
    if type == .uint64, case .integer(let numbers) = elements, numbers.contains(where: { $0 < 0 }) {
      throw ModelError.badTensor(name: name, problem: "holds an integer beyond 2⁶³, which is not supported")
    }
    return Value(shape: shape, elements: elements, type: type)
  }

  private func check(_ found: Int, _ size: Int, _ shape: Shape, _ name: String) throws {
    guard found == shape.count * size else {
      throw ModelError.badTensor(
        name: name,
        problem: "is \(shape) and needs \(shape.count) elements, but the file has \(found / size)"
      )
    }
  }

  private func shape(of tensor: Onnx_TensorProto) throws -> Shape {
    guard let shape = Shape(checking: tensor.dims.map(Int.init)), shape.rank <= 16 else {
      let dims = tensor.dims.prefix(8).map(String.init).joined(separator: "×")
      throw ModelError.badTensor(name: tensor.name, problem: "cannot have the shape \(dims)")
    }
    return shape
  }

  private func externalBytes(_ tensor: Onnx_TensorProto, _ needed: Int) throws -> Data {
    let entries = Dictionary(tensor.externalData.map { ($0.key, $0.value) }) { first, _ in first }
    let location = entries["location"] ?? ""
    guard let data = externalFiles[location] else {
      throw ModelError.externalData(tensor: tensor.name, file: location, problem: "does not exist")
    }
    let offset = Int(entries["offset"] ?? "0") ?? -1
    let length = Int(entries["length"] ?? "\(needed)") ?? -1
    guard length == needed, offset >= 0, offset <= data.count, needed <= data.count - offset else {
      throw ModelError.externalData(
        tensor: tensor.name, file: location,
        problem: "has \(data.count) bytes and not \(needed) from byte \(max(0, offset)) on")
    }
    return try data.read(offset..<offset + needed)
  }
}

extension ElementType {
  func decode(_ data: Data) -> Value.Elements {
    data.withUnsafeBytes { bytes in
      switch self {
      case .float32: .float(Self.floats(bytes))
      case .float16: .float(Self.load(bytes, UInt16.self) { Float(Float16(bitPattern: $0)) })
      case .bfloat16: .float(Self.load(bytes, UInt16.self) { Float(bitPattern: UInt32($0) << 16) })
      case .float64: .float(Self.load(bytes, Double.self) { Float($0) })
      case .bool: .boolean(Self.load(bytes, UInt8.self) { $0 != 0 })
      case .uint8: .integer(Self.load(bytes, UInt8.self) { Int($0) })
      case .int8: .integer(Self.load(bytes, Int8.self) { Int($0) })
      case .uint16: .integer(Self.load(bytes, UInt16.self) { Int($0) })
      case .int16: .integer(Self.load(bytes, Int16.self) { Int($0) })
      case .int32: .integer(Self.load(bytes, Int32.self) { Int($0) })
      case .uint32: .integer(Self.load(bytes, UInt32.self) { Int($0) })
      case .int64: .integer(Self.load(bytes, Int64.self) { Int($0) })
      case .uint64: .integer(Self.load(bytes, UInt64.self) { Int(truncatingIfNeeded: $0) })
      }
    }
  }

  /// The elements in the typed fields, and how many there are.
  func typedElements(_ tensor: Onnx_TensorProto) -> (elements: Value.Elements, count: Int) {
    let words = tensor.int32Data
    switch self {
    case .float32: return (.float(tensor.floatData), tensor.floatData.count)
    case .float64: return (.float(tensor.doubleData.map { Float($0) }), tensor.doubleData.count)
    case .int64: return (.integer(tensor.int64Data.map { Int($0) }), tensor.int64Data.count)
    case .uint32, .uint64:
      return (.integer(tensor.uint64Data.map { Int(truncatingIfNeeded: $0) }), tensor.uint64Data.count)
    case .float16:
      return (
        .float(words.map { Float(Float16(bitPattern: UInt16(truncatingIfNeeded: $0))) }),
        words.count
      )
    case .bfloat16:
      return (
        .float(words.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0) << 16) }), words.count
      )
    case .bool: return (.boolean(words.map { $0 != 0 }), words.count)
    default: return (.integer(words.map { Int($0) }), words.count)
    }
  }

  private static func floats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
    let count = bytes.count / 4
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[0..<count * 4]))
      initialized = count
    }
  }

  private static func load<Stored: BitwiseCopyable, Element>(
    _ bytes: UnsafeRawBufferPointer, _: Stored.Type, _ convert: (Stored) -> Element
  ) -> [Element] {
    let size = MemoryLayout<Stored>.size
    return (0..<bytes.count / size).map {
      convert(bytes.loadUnaligned(fromByteOffset: $0 * size, as: Stored.self))
    }
  }
}

extension Shape {
  /// A shape of non-negative extents whose number of elements stays below ``Value/limit``; nil where it is not one.
  init?(checking extents: [Int]) {
    guard extents.allSatisfy({ $0 >= 0 }) else { return nil }
    var count = 1
    for extent in extents where extent > 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= Value.limit else { return nil }
      count = product
    }
    self.init(extents)
  }
}
