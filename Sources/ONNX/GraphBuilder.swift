internal import Networks
internal import Tensors

/// A graph that grows by one operation after the other, its shapes checked for one image.
///
/// What does not depend on the image is evaluated at once and never becomes a node.
struct GraphBuilder {
  var graph: Graph
  /// The shape of every node's output for one image.
  private(set) var shapes: [Shape] = []
  private var visited = 0
  private var known = 0

  init(imageShape: Shape) { graph = Graph(imageShape: imageShape) }

  /// Counts a node of the file, with those of loops and functions as often as they are written out.
  mutating func countNode(_ place: NodePlace) throws {
    visited += 1
    if visited > 1 << 18 {
      throw ModelError.badNode(place, problem: "its loops and functions unfold to more than \(1 << 18) nodes")
    }
  }

  mutating func add(_ operation: any Operation, of inputs: [Edge], for call: OperatorCall) throws
    -> Edge
  {
    if let empty = inputs.first(where: { $0.shape!.count == 0 }) {
      throw call.bad("takes no empty array, such as \(empty.shape!)")
    }
    for value in inputs.compactMap(\.value) where !value.isSinglePrecision {
      throw call.missing("integers beyond 2²⁴, which single precision does not hold")
    }
    let output: Shape
    do {
      output = try operation.outputShape(inputs.map { $0.shape! })
    } catch {
      throw call.bad(error.description)
    }
    _ = try call.checked(output.extents)
    if inputs.allSatisfy({ $0.value != nil }) {
      return .known(Value(operation.forward(inputs.map { $0.value!.tensor })))
    }
    let operands = inputs.map { operand($0) }
    shapes.append(output)
    return .flowing(
      graph.append(operation, of: operands, name: call.place.node, type: call.place.type), output)
  }

  private mutating func operand(_ edge: Edge) -> Operand {
    switch edge {
    case .known(let value): graph.constant(value.tensor)
    case .flowing(let operand, _): operand
    case .unknown: preconditionFailure("an unknown value cannot be taken")
    }
  }
}

// MARK: - Rearrangements that every family uses

extension GraphBuilder {
  /// The same elements in another shape; the extent of the batch stays apart where it can.
  mutating func reshape(_ edge: Edge, to shape: Shape, for call: OperatorCall) throws -> Edge {
    let old = edge.shape!
    guard old.count == shape.count else {
      throw call.bad("\(old) has not as many elements as \(shape)")
    }
    if old == shape { return edge }
    if let value = edge.value { return .known(value.reshaped(to: shape)) }
    if old.rank > 0, shape.rank > 1, old[0] == 1, shape[0] == 1 {
      return try add(Reshape(entry: Array(shape.extents.dropFirst())), of: [edge], for: call)
    }
    return try add(Reshape(exactly: shape), of: [edge], for: call)
  }

  mutating func transpose(_ edge: Edge, _ permutation: [Int], for call: OperatorCall) throws -> Edge {
    if permutation == Array(0..<permutation.count) { return edge }
    if let value = edge.value { return .known(value.transposed(permutation)) }
    return try add(Transpose(permutation: permutation), of: [edge], for: call)
  }

  /// The last two axes exchanged.
  mutating func transposeMatrix(_ edge: Edge, for call: OperatorCall) throws -> Edge {
    let rank = edge.shape!.rank
    return try transpose(edge, Array(0..<rank - 2) + [rank - 1, rank - 2], for: call)
  }

  /// An operation along an axis, or from it on; along the first, the array is made the only entry of a batch.
  mutating func apart(
    _ edge: Edge, _ axis: Int, for call: OperatorCall, _ operation: (Int) -> any Operation
  ) throws -> Edge {
    let shape = edge.shape!
    guard axis == 0, shape.rank > 0, shape[0] != 1 else {
      return try add(operation(axis), of: [edge], for: call)
    }
    let whole = try reshape(edge, to: Shape([1] + shape.extents), for: call)
    return try reshape(try add(operation(1), of: [whole], for: call), to: shape, for: call)
  }
}
