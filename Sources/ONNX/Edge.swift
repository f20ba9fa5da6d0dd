internal import Networks
internal import Tensors

/// What a node of a model file gives to others.
enum Edge {
  /// Known before any image is.
  case known(Value)
  /// Depends on the image; the shape is for one image.
  case flowing(Operand, Shape)
  /// Comes from an operator that is not available.
  case unknown

  var value: Value? { if case .known(let value) = self { value } else { nil } }

  var shape: Shape? {
    switch self {
    case .known(let value): value.shape
    case .flowing(_, let shape): shape
    case .unknown: nil
    }
  }

  var isUnknown: Bool { if case .unknown = self { true } else { false } }
}

/// A node of a model file with its inputs, while it becomes operations.
struct OperatorCall {
  let place: NodePlace
  let opset: Int
  let attributes: Attributes
  /// nil where an optional input is left out.
  let inputs: [Edge?]
  let outputCount: Int
  let decoder: TensorDecoder
  let budget: FoldingBudget
}

extension OperatorCall {
  /// The same node with other inputs, of which the first output is wanted.
  func taking(_ inputs: [Edge?]) -> OperatorCall {
    OperatorCall(
      place: place, opset: opset, attributes: attributes, inputs: inputs, outputCount: 1, decoder: decoder,
      budget: budget)
  }

  func bad(_ problem: String) -> ModelError { .badNode(place, problem: problem) }

  func missing(_ detail: String) -> ModelError {
    .unsupported([MissingOperator(place: place, detail: detail)])
  }

  func has(_ i: Int) -> Bool { i < inputs.count && inputs[i] != nil }

  func edge(_ i: Int) throws -> Edge {
    guard i < inputs.count, let edge = inputs[i] else { throw bad("input \(i) is missing") }
    return edge
  }

  func shape(_ i: Int) throws -> Shape { try edge(i).shape! }

  /// An input that has to be known before any image is.
  func value(_ i: Int, _ role: String) throws -> Value {
    guard let value = try edge(i).value else { throw missing("\(role) that depend on the image") }
    return value
  }

  /// A trained array: known, and finite.
  func weights(_ i: Int, _ role: String) throws -> Tensor {
    let tensor = try value(i, role).tensor
    try tensor.checkFinite { bad("\(role) hold a number that is not finite") }
    return tensor
  }

  /// Small integers: a shape, axes, paddings; nil where the input is left out.
  func integers(_ i: Int, _ role: String) throws -> [Int]? {
    guard has(i) else { return nil }
    let value = try value(i, role)
    guard value.shape.count <= 1 << 20 else { throw bad("has too many \(role)") }
    return value.integers
  }

  /// The integers of input i, or else of the attribute: newer opsets made inputs of what attributes were.
  func integers(_ i: Int, orAttribute name: String) throws -> [Int]? {
    try integers(i, name) ?? attributes.integers(name)
  }

  /// An axis from its number, where negative ones count from the end.
  func axis(_ axis: Int, rank: Int) throws -> Int {
    guard axis >= -rank, axis < rank else {
      throw bad("axis \(axis) does not exist in an array of \(rank) axes")
    }
    return axis < 0 ? axis + rank : axis
  }

  func axes(_ axes: [Int], rank: Int) throws -> [Int] {
    let axes = try axes.map { try axis($0, rank: rank) }
    guard Set(axes).count == axes.count else { throw bad("axes \(axes) repeat one") }
    return axes
  }

  /// A shape that fits into memory.
  func checked(_ extents: [Int]) throws -> Shape {
    guard extents.count <= 16, let shape = Shape(checking: extents) else {
      throw bad(
        "cannot give an array of \(extents.prefix(8).map(String.init).joined(separator: "×"))")
    }
    // What flows is made when an image comes, and bounded there.
    let isKnown = inputs.allSatisfy { $0 == nil || $0!.value != nil }
    if isKnown, !budget.allows(shape.count) { throw bad(FoldingBudget.problem) }
    return shape
  }

  func broadcast(_ a: Shape, _ b: Shape) throws -> Shape {
    let rank = max(a.rank, b.rank)
    var extents: [Int] = []
    for axis in 0..<rank {
      let x = axis < rank - a.rank ? 1 : a[axis - rank + a.rank]
      let y = axis < rank - b.rank ? 1 : b[axis - rank + b.rank]
      guard x == y || x == 1 || y == 1 else { throw bad("\(a) and \(b) do not match") }
      extents.append(x == 1 ? y : x)
    }
    return try checked(extents)
  }
}

extension Tensor {
  /// Throws the error where an element is infinite or not a number.
  func checkFinite(_ error: () -> ModelError) throws {
    let exponent: UInt32 = 0x7f80_0000
    let isInfinite = elements.withUnsafeBufferPointer { values in
      var found: UInt32 = 0
      for x in values { found |= x.bitPattern & exponent == exponent ? 1 : 0 }
      return found != 0
    }
    if isInfinite { throw error() }
  }
}
