public import Tensors

/// An array that is known before any image is: a weight, a shape, an index, a flag.
public struct Value: Sendable, Equatable {
  /// The elements, in row-major order, in the widest type of their kind.
  public enum Elements: Sendable, Equatable {
    case float([Float])
    case integer([Int])
    case boolean([Bool])
  }

  /// The extents, outermost first; none for a scalar.
  public let shape: Shape
  /// As many as the shape has.
  public let elements: Elements
  /// What the file, or the rule that made it, says of its elements; nil where that follows from the inputs.
  let declaredType: ElementType?

  /// More elements than any value of a graph may have: 1 GiB of floats.
  static let limit = 1 << 28

  init(shape: Shape, elements: Elements, type: ElementType? = nil) {
    self.shape = shape
    self.elements = elements
    declaredType = type
  }

  public init(_ tensor: Tensor) {
    self.init(shape: tensor.shape, elements: .float(tensor.elements))
  }

  static func integers(_ values: [Int]) -> Value {
    Value(shape: [values.count], elements: .integer(values))
  }
}

// MARK: - Element types

extension Value {
  /// The type that was stated; else float32, int64 or bool, by the kind of the elements.
  public var type: ElementType {
    if let declaredType { return declaredType }
    return switch kind {
    case .float: .float32
    case .integer: .int64
    case .boolean: .bool
    }
  }

  var kind: ElementType.Kind {
    switch elements {
    case .float: .float
    case .integer: .integer
    case .boolean: .boolean
    }
  }

  /// Integers up to here are floats without rounding.
  static let exactIntegers = 1 << 24

  /// Whether single precision holds every element.
  var isSinglePrecision: Bool {
    guard case .integer(let numbers) = elements else { return true }
    return numbers.allSatisfy { $0.magnitude <= Self.exactIntegers }
  }

  /// The same numbers as elements of `type`: rounded, truncated or wrapped around as that type needs.
  func converted(to type: ElementType) -> Value {
    let elements: Elements =
      switch type.kind {
      case .boolean: .boolean(booleans)
      case .integer:
        [.int64, .uint64].contains(type) ? .integer(integers) : .integer(integers.map(type.wrapped))
      case .float: [.float32, .float64].contains(type) ? .float(floats) : .float(floats.map(type.rounded))
      }
    return Value(shape: shape, elements: elements, type: type)
  }
}

// MARK: - Conversions

extension Value {
  /// Whether the elements are kept as floats, as those of halves and doubles are.
  public var isFloat: Bool { if case .float = elements { true } else { false } }

  var floats: [Float] {
    switch elements {
    case .float(let values): values
    case .integer(let values): values.map(Float.init)
    case .boolean(let values): values.map { $0 ? 1 : 0 }
    }
  }

  /// The elements as integers, rounded towards zero; what no integer holds becomes the nearest one.
  var integers: [Int] {
    switch elements {
    case .float(let values):
      values.map { Int(saturating: $0) }
    case .integer(let values): values
    case .boolean(let values): values.map { $0 ? 1 : 0 }
    }
  }

  var booleans: [Bool] {
    switch elements {
    case .float(let values): values.map { $0 != 0 }
    case .integer(let values): values.map { $0 != 0 }
    case .boolean(let values): values
    }
  }

  /// The elements in single precision: integers rounded, flags as 1 and 0.
  public var tensor: Tensor { Tensor(shape: shape, elements: floats) }

  /// The only element, where there is one alone.
  var scalar: Float? { shape.count == 1 ? floats[0] : nil }
}

// MARK: - Rearranging

extension Value {
  func reshaped(to shape: Shape) -> Value { Value(shape: shape, elements: elements, type: declaredType) }

  /// The elements at these positions, in this order.
  func picking(_ positions: [Int], shape: Shape) -> Value {
    switch elements {
    case .float(let values): with(.float(positions.map { values[$0] }), shape)
    case .integer(let values): with(.integer(positions.map { values[$0] }), shape)
    case .boolean(let values): with(.boolean(positions.map { values[$0] }), shape)
    }
  }

  private func with(_ elements: Elements, _ shape: Shape) -> Value {
    Value(shape: shape, elements: elements, type: declaredType)
  }

  func transposed(_ permutation: [Int]) -> Value {
    let strides = shape.strides
    let target = Shape(permutation.map { shape[$0] })
    return picking(Self.positions(target, strides: permutation.map { strides[$0] }), shape: target)
  }

  /// The same elements repeated along axes of extent 1; `target` has to be what broadcasting gives.
  func expanded(to target: Shape) -> Value {
    if target == shape { return self }
    let missing = target.rank - shape.rank
    let strides = shape.strides
    let steps = (0..<target.rank).map { axis in
      axis < missing || shape[axis - missing] == 1 ? 0 : strides[axis - missing]
    }
    return picking(Self.positions(target, strides: steps), shape: target)
  }

  func sliced(_ ranges: SliceRanges) -> Value {
    let strides = shape.strides
    var extents = shape.extents
    var steps = strides
    var offset = 0
    for (i, axis) in ranges.axes.enumerated() {
      extents[axis] = ranges.count(i)
      steps[axis] = strides[axis] * ranges.steps[i]
      offset += strides[axis] * ranges.starts[i]
    }
    let target = Shape(extents)
    return picking(Self.positions(target, strides: steps, from: offset), shape: target)
  }

  /// The entries `indices` along an axis, in the shape of `indexShape` in its place.
  func gathering(_ indices: [Int], axis: Int, indexShape: Shape) -> Value {
    let inner = shape.extents[(axis + 1)...].reduce(1, *)
    let outer = shape.extents[..<axis].reduce(1, *)
    var positions: [Int] = []
    positions.reserveCapacity(outer * inner * indices.count)
    for o in 0..<outer {
      for index in indices {
        let start = (o * shape[axis] + index) * inner
        positions.append(contentsOf: start..<start + inner)
      }
    }
    let target = shape.extents[..<axis] + indexShape.extents + shape.extents[(axis + 1)...]
    return picking(positions, shape: Shape(Array(target)))
  }

  /// The arrays one behind the other along an axis.
  static func concatenating(_ parts: [Value], axis: Int) -> Value {
    var extents = parts[0].shape.extents
    extents[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    let outer = extents[..<axis].reduce(1, *)
    var positions: [Int] = []
    var bases: [Int] = [0]
    for part in parts { bases.append(bases.last! + part.shape.count) }
    for o in 0..<outer {
      for (part, base) in zip(parts, bases) {
        let run = outer == 0 ? 0 : part.shape.count / outer
        positions.append(contentsOf: base + o * run..<base + (o + 1) * run)
      }
    }
    return joined(parts).picking(positions, shape: Shape(extents))
  }

  private static func joined(_ parts: [Value]) -> Value {
    let shape: Shape = [parts.reduce(0) { $0 + $1.shape.count }]
    let type = parts.allSatisfy { $0.declaredType == parts[0].declaredType } ? parts[0].declaredType : nil
    if parts.contains(where: \.isFloat) {
      return Value(shape: shape, elements: .float(parts.flatMap(\.floats)), type: type)
    }
    if parts.allSatisfy({ $0.kind == .boolean }) {
      return Value(shape: shape, elements: .boolean(parts.flatMap(\.booleans)), type: type)
    }
    return Value(shape: shape, elements: .integer(parts.flatMap(\.integers)), type: type)
  }

  /// Where, from `offset` on, the elements of a strided view lie, in row-major order.
  static func positions(_ shape: Shape, strides: [Int], from offset: Int = 0) -> [Int] {
    var positions = [offset]
    if shape.count == 0 { return [] }
    for axis in 0..<shape.rank {
      var next: [Int] = []
      next.reserveCapacity(positions.count * shape[axis])
      for base in positions {
        for i in 0..<shape[axis] { next.append(base + i * strides[axis]) }
      }
      positions = next
    }
    return positions
  }
}
