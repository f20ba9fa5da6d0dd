internal import Networks
internal import Tensors

/// A graph that grows by one operation after the other, its shapes checked for one image.
///
/// What does not depend on the image is evaluated at once and never becomes a node.
struct GraphBuilder {
  var graph: Graph
  /// The shape of every node's output for one image.
  private(set) var shapes: [Shape] = []
  /// What was done to the model's graph beyond what its file says, in the order in which it was.
  private(set) var remarks: [ImportRemark] = []
  /// How many images the model's input fixes; the graph is built for one of them.
  var statedBatch = 1
  private var visited = 0

  init(imageShape: Shape) { graph = Graph(imageShape: imageShape) }

  mutating func remark(_ remark: ImportRemark) {
    if !remarks.contains(remark) { remarks.append(remark) }
  }

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

// MARK: - Models for a fixed number of images

extension GraphBuilder {
  /// A stated shape for one image: where the model is for B images, what it says of B of them.
  ///
  /// Only where the array that takes the shape has lost that factor: its first extent is 1, and the shape's is B, or a
  /// multiple of B that leaves as many elements as there are.
  mutating func forOneImage(_ extents: [Int], of shape: Shape) -> [Int] {
    guard statedBatch > 1, let first = extents.first, first > 0, first % statedBatch == 0, shape.rank > 0
    else {
      return extents
    }
    let rest = extents.dropFirst()
    let isBatch = first == statedBatch && shape[0] == 1
    let known = rest.reduce((count: first, isWhole: true)) { sum, extent in
      let (product, overflow) = sum.count.multipliedReportingOverflow(by: max(1, extent))
      return (product, sum.isWhole && extent > 0 && !overflow)
    }
    if known.isWhole, known.count == shape.count { return extents }
    guard isBatch || known.isWhole && known.count / statedBatch == shape.count else { return extents }
    remark(.oneImage(of: statedBatch))
    return [first / statedBatch] + rest
  }

  /// A constant that states the same for each of B images, once.
  mutating func forOneImage(_ edge: Edge, beside other: Edge) -> Edge {
    guard statedBatch > 1, let value = edge.value, other.value == nil, let shape = other.shape,
      shape.rank == value.shape.rank, shape.rank > 1, shape[0] == 1, value.shape[0] == statedBatch
    else { return edge }
    let size = value.shape.count / statedBatch
    let entry = value.picking(Array(0..<size), shape: Shape([1] + value.shape.extents.dropFirst()))
    guard entry.expanded(to: value.shape) == value else { return edge }
    remark(.oneImage(of: statedBatch))
    return .known(entry)
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
  ///
  /// `extent` is that of the result along the axis, where it is another.
  mutating func apart(
    _ edge: Edge, _ axis: Int, _ extent: Int? = nil, for call: OperatorCall,
    _ operation: (Int) -> any Operation
  ) throws -> Edge {
    let shape = edge.shape!
    guard axis == 0, shape.rank > 0, shape[0] != 1 else {
      return try add(operation(axis), of: [edge], for: call)
    }
    let whole = try reshape(edge, to: Shape([1] + shape.extents), for: call)
    let result = try add(operation(1), of: [whole], for: call)
    return try reshape(result, to: Shape([extent ?? shape[0]] + shape.entry.extents), for: call)
  }
}
