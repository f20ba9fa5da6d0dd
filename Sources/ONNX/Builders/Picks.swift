internal import Networks
internal import Tensors

/// Elements and slices picked by known index tuples, entry by entry of a batch where the tuples allow it.
enum Picks {
  static let builders: [String: Builder] = [
    "GatherElements": { call, builder in
      let (shape, indices) = (try call.shape(0), try call.value(1, "indices"))
      let axis = try call.axis(call.attributes.integer("axis", default: 0), rank: shape.rank)
      let positions = try call.positions(of: indices, in: shape, axis: axis)
      let isOneEntry = axis != 0 && shape[0] == 1
      return [
        try pick(try call.edge(0), positions, as: indices.shape, isOneEntry: isOneEntry, call, &builder)
      ]
    },
    "GatherND": slices,
  ]

  /// The elements at positions in the whole array, which is one entry of a batch or not to be taken apart.
  private static func pick(
    _ edge: Edge, _ positions: [Int], as shape: Shape, isOneEntry: Bool, _ call: OperatorCall,
    _ builder: inout GraphBuilder
  ) throws -> Edge {
    if let value = edge.value { return .known(value.picking(positions, shape: shape)) }
    if isOneEntry, shape.rank > 1, shape[0] == 1 {
      let picked = try builder.add(Picking(positions: positions), of: [edge], for: call)
      return try builder.reshape(picked, to: shape, for: call)
    }
    let flat = try builder.reshape(edge, to: [edge.shape!.count], for: call)
    let picked = try Gathers.pick(flat, positions, axis: 0, shape: [positions.count], call, &builder)
    return try builder.reshape(picked, to: shape, for: call)
  }

  @Sendable private static func slices(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let (edge, tuples) = (try call.edge(0), try call.value(1, "indices"))
    let picked = try call.slices(at: tuples, of: edge.shape!)
    let (source, order) = builder.untransposed(edge)
    if call.attributes.integer("batch_dims", default: 0) == 0, let depth = tuples.shape.extents.last,
      source.shape![0] == 1, !order[..<depth].contains(0)
    {
      return [try across(source, by: order, tuples, call, &builder)]
    }
    return [
      try pick(edge, picked.positions, as: picked.shape, isOneEntry: edge.shape![0] == 1, call, &builder)
    ]
  }

  /// Slices along axes that the batch is none of: each entry's elements, then the axes in the order of the result.
  ///
  /// `order` is the permutation by which `source` became the array that the tuples index.
  private static func across(
    _ source: Edge, by order: [Int], _ tuples: Value, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let (s, depth) = (source.shape!, tuples.shape.extents.last ?? 0)
    let (picked, kept) = (order[..<depth], order[depth...].sorted())
    let (strides, numbers) = (s.strides, tuples.integers)
    let starts = try (0..<tuples.shape.count / depth).map { i in
      try picked.enumerated().reduce(0) { sum, axis in
        try sum + call.counted(numbers[i * depth + axis.offset], s, axis.element) * strides[axis.element]
      }
    }
    let rest = Value.positions(Shape(kept.map { s[$0] }), strides: kept.map { strides[$0] })
    let positions = rest.flatMap { base in starts.map { base + $0 } }
    let outer = tuples.shape.extents.dropLast()
    let shape = Shape(kept.map { s[$0] } + outer)
    let elements = try pick(source, positions, as: shape, isOneEntry: true, call, &builder)
    let target = Array(kept.count..<shape.rank) + order[depth...].map { kept.firstIndex(of: $0)! }
    return try builder.transpose(elements, target, for: call)
  }
}

extension OperatorCall {
  /// Where the elements of the slices at index tuples lie, and the shape they fill: `GatherND`.
  func slices(at tuples: Value, of shape: Shape) throws -> (positions: [Int], shape: Shape) {
    let (depth, batch) = (tuples.shape.extents.last ?? 0, attributes.integer("batch_dims", default: 0))
    guard batch >= 0, batch < tuples.shape.rank, depth > 0, depth <= shape.rank - batch,
      Array(shape.extents[..<batch]) == Array(tuples.shape.extents[..<batch])
    else { throw bad("index tuples of \(tuples.shape) do not pick from \(shape)") }
    let size = shape.extents[(batch + depth)...].reduce(1, *)
    let count = tuples.shape.count / depth
    let target = try checked(tuples.shape.extents.dropLast() + Array(shape.extents[(batch + depth)...]))
    let perBatch = max(1, count / max(1, shape.extents[..<batch].reduce(1, *)))
    let block = shape.extents[batch...].reduce(1, *)
    let (strides, numbers) = (shape.strides, tuples.integers)
    var positions: [Int] = []
    for i in 0..<count {
      var start = i / perBatch * block
      for k in 0..<depth {
        start += try counted(numbers[i * depth + k], shape, batch + k) * strides[batch + k]
      }
      positions += start..<start + size
    }
    return (positions, target)
  }
}

// MARK: - Through transpositions

extension GraphBuilder {
  /// What a value is a transposition of, and its permutation; the value itself and its own order where it is none.
  func untransposed(_ edge: Edge) -> (source: Edge, order: [Int]) {
    if case .flowing(.node(let i), _) = edge, let transpose = graph.nodes[i].operation as? Transpose {
      let operand = graph.nodes[i].inputs[0]
      return (.flowing(operand, shape(of: operand)), transpose.permutation)
    }
    return (edge, Array(0..<edge.shape!.rank))
  }

  /// The same where the transposition took the first axis, that of the batch, from its place; nil elsewhere.
  func batchFirst(_ edge: Edge) -> (source: Edge, order: [Int])? {
    let (source, order) = untransposed(edge)
    return order.first.map { $0 != 0 } == true && source.shape![0] == 1 ? (source, order) : nil
  }

  private func shape(of operand: Operand) -> Shape {
    switch operand {
    case .image: graph.imageShape
    case .constant(let k): graph.constants[k].shape
    case .node(let i): shapes[i]
    }
  }
}
