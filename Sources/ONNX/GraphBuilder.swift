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
  /// The nodes whose value is one number an image: dynamic ranges, and what is made of them alone.
  private var numbers: Set<Int> = []
  /// Where each node's output has its images, in a model that fixes how many there are.
  var imagePlaces: [ImagePlace?] = []
  private var visited = 0
  /// Shared with the bodies of loops and functions.
  let budget: FoldingBudget

  init(imageShape: Shape, budget: FoldingBudget = FoldingBudget(bytes: 0)) {
    graph = Graph(imageShape: imageShape)
    self.budget = budget
  }

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
    if inputs.isEmpty { throw call.bad("has no input") }
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
      guard budget.allows(output.count) else { throw call.bad(FoldingBudget.problem) }
      try budget.charge(operations: operation.multiplyAdds(inputs.map { $0.shape! }), at: call.place)
      return .known(Value(operation.forward(inputs.map { $0.value!.tensor })))
    }
    let operands = inputs.map { operand($0) }
    shapes.append(output)
    if statedBatch > 1 { imagePlaces.append(imagePlace(behind: operation, inputs, output)) }
    if output.count == 1,
      operation is DynamicRange || inputs.allSatisfy({ $0.shape!.count == 1 && isNumber($0) })
    {
      numbers.insert(shapes.count - 1)
    }
    return .flowing(
      graph.append(operation, of: operands, name: call.place.node, type: call.place.type), output)
  }

  private func isNumber(_ edge: Edge) -> Bool {
    if case .flowing(.node(let i), _) = edge { numbers.contains(i) } else { edge.value != nil }
  }

  /// A number an image, which ONNX has as one for all: with as many axes as what it goes with, so that images stay apart.
  mutating func aligned(_ edge: Edge, to other: Edge, for call: OperatorCall) throws -> Edge {
    other.value == nil ? try aligned(edge, rank: other.shape!.rank, for: call) : edge
  }

  mutating func aligned(_ edge: Edge, rank: Int, for call: OperatorCall) throws -> Edge {
    guard edge.value == nil, isNumber(edge), rank > 0, edge.shape!.rank != rank else { return edge }
    return try reshape(edge, to: Shape([Int](repeating: 1, count: rank)), for: call)
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
      throw call.bad("\(old) and \(shape) differ in their number of elements")
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
    guard rank > 1 else { throw call.bad("turns the rows and columns of a value of \(rank) axes") }
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
