internal import Tensors

// Values made from nothing but attributes and shapes, and reductions of integers.

extension ConstantFolding {
  static let makers: [String: Rule] = [
    "Constant": constant,
    "ConstantOfShape": { call, values in
      let shape = try call.checked(try first(call, values).integers)
      let fill = try call.attributes.tensor("value").map { try call.decoder.value(of: $0) }
      guard fill == nil || fill!.shape.count == 1 else {
        throw call.bad("the fill is not one number")
      }
      let elements: Value.Elements =
        switch fill?.elements ?? .float([0]) {
        case .float(let x): .float([Float](repeating: x[0], count: shape.count))
        case .integer(let x): .integer([Int](repeating: x[0], count: shape.count))
        case .boolean(let x): .boolean([Bool](repeating: x[0], count: shape.count))
        }
      return Value(shape: shape, elements: elements, type: fill?.type)
    },
    "Range": range,
    "EyeLike": { call, values in
      let shape = try first(call, values).shape
      guard shape.rank == 2 else { throw call.bad("takes a matrix") }
      let offset = call.attributes.integer("k", default: 0)
      let ones = (0..<shape.count).map { i in Float(i % shape[1] == i / shape[1] &+ offset ? 1 : 0)
      }
      let type = ElementType(rawValue: call.attributes.integer("dtype", default: 1)) ?? .float32
      return Value(shape: shape, elements: .float(ones)).converted(to: type)
    },
  ]

  @Sendable private static func constant(_ call: OperatorCall, _: [Value]) throws -> Value {
    let attributes = call.attributes
    if let tensor = attributes.tensor("value") { return try call.decoder.value(of: tensor) }
    if let tensor = attributes.sparseTensor("sparse_value") { return try call.decoder.value(of: tensor) }
    if let values = attributes.integers("value_ints") { return .integers(values) }
    if let values = attributes.floats("value_floats") {
      return Value(shape: [values.count], elements: .float(values))
    }
    if attributes.has("value_int") {
      return Value(shape: [], elements: .integer([attributes.integer("value_int", default: 0)]))
    }
    if attributes.has("value_float") {
      return Value(shape: [], elements: .float([try attributes.float("value_float", default: 0)]))
    }
    throw call.missing("a text")
  }

  @Sendable private static func range(_ call: OperatorCall, _ values: [Value]) throws -> Value {
    guard values.count == 3, values.allSatisfy({ $0.shape.count == 1 }) else {
      throw call.bad("takes start, limit and delta, one number each")
    }
    let numbers = values.map { Double($0.isFloat ? Double($0.floats[0]) : Double($0.integers[0])) }
    let count = ((numbers[1] - numbers[0]) / numbers[2]).rounded(.up)
    guard count.isFinite, count <= Double(Value.limit) else {
      throw call.bad("gives an endless range")
    }
    let shape: Shape = [max(0, Int(saturating: count))]
    if values.contains(where: \.isFloat) {
      let elements = (0..<shape.count).map { Float(numbers[0] + Double($0) * numbers[2]) }
      return Value(shape: shape, elements: .float(elements))
    }
    let (start, step) = (values[0].integers[0], values[2].integers[0])
    return .integers((0..<shape.count).map { start &+ $0 &* step })
  }
}

// MARK: - Conversions and reductions

extension ConstantFolding {
  static let reductions: [String: Rule] = [
    "Cast": { call, values in try first(call, values).converted(to: try call.castType()) },
    "CastLike": { call, values in
      guard values.count == 2 else { throw call.bad("takes two inputs, not \(values.count)") }
      return values[0].converted(to: values[1].type)
    },
    "ReduceProd": { try reduced($0, $1, 1) { $0 &* $1 } },
    "ReduceSum": { try reduced($0, $1, 0) { $0 &+ $1 } },
    "ReduceMax": { try reduced($0, $1, .min) { max($0, $1) } },
    "ReduceMin": { try reduced($0, $1, .max) { min($0, $1) } },
  ]

  private static func reduced(
    _ call: OperatorCall, _ values: [Value], _ initial: Int, _ rule: (Int, Int) -> Int
  ) throws -> Value {
    let x = try first(call, values)
    let axes = try Reductions.axes(of: call, rank: x.shape.rank)
    let keeps = call.attributes.integer("keepdims", default: 1) != 0
    let rest = (0..<x.shape.rank).filter { !axes.contains($0) }
    let moved = x.transposed(rest + axes).integers
    let outer = rest.reduce(1) { $0 * x.shape[$1] }
    let run = outer == 0 ? 0 : moved.count / outer
    let sums = (0..<outer).map { moved[$0 * run..<($0 + 1) * run].reduce(initial, rule) }
    let extents = (0..<x.shape.rank).compactMap {
      axes.contains($0) ? (keeps ? 1 : nil) : x.shape[$0]
    }
    return Value(shape: Shape(extents), elements: .integer(sums))
  }
}

extension OperatorCall {
  /// The type that `Cast` is to give: a number, or a name in the earliest opsets.
  func castType() throws -> ElementType {
    let name = attributes.string("to", default: "")
    let number = attributes.integer("to", default: 1)
    guard let type = name.isEmpty ? ElementType(rawValue: number) : ElementType(onnxName: name) else {
      throw missing("elements of type \(name.isEmpty ? "\(number)" : name)")
    }
    return type
  }

  /// The second operand as opset 6 and earlier say that it lies along the first: from `axis` on.
  func aligned(_ value: Value, to shape: Shape) throws -> Value {
    value.reshaped(to: try alignedShape(value.shape, to: shape))
  }

  func alignedShape(_ own: Shape, to shape: Shape) throws -> Shape {
    guard opset < 7, attributes.has("axis"), attributes.integer("broadcast", default: 0) != 0 else {
      return own
    }
    let axis = try axis(attributes.integer("axis", default: 0), rank: shape.rank)
    guard axis + own.rank <= shape.rank else {
      throw bad("\(own) does not fit \(shape) from axis \(axis) on")
    }
    return Shape(own.extents + [Int](repeating: 1, count: shape.rank - axis - own.rank))
  }
}
