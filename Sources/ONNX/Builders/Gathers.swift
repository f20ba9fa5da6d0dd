internal import Networks
internal import Tensors

/// Entries picked out of an axis, and entries repeated.
enum Gathers {
  static let builders: [String: Builder] = [
    "Gather": gather,
    "Expand": expand,
    "Tile": tile,
  ]

  @Sendable private static func gather(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let shape = try call.shape(0)
    let axis = try call.axis(call.attributes.integer("axis", default: 0), rank: shape.rank)
    let indices = try call.value(1, "indices")
    let counted = indices.integers.map { $0 < 0 ? $0 &+ shape[axis] : $0 }
    guard counted.allSatisfy({ $0 >= 0 && $0 < shape[axis] }) else {
      throw call.bad("an index lies outside axis \(axis) of \(shape)")
    }
    let target = shape.extents[..<axis] + indices.shape.extents + shape.extents[(axis + 1)...]
    _ = try call.checked(Array(target))
    return [try pick(try call.edge(0), counted, axis: axis, shape: indices.shape, call, &builder)]
  }

  static func pick(
    _ edge: Edge, _ indices: [Int], axis: Int, shape indexShape: Shape, _ call: OperatorCall,
    _ builder: inout GraphBuilder
  ) throws -> Edge {
    if let value = edge.value {
      return .known(value.gathering(indices, axis: axis, indexShape: indexShape))
    }
    if let (source, order) = builder.batchFirst(edge), order[axis] != 0 {
      return try beforeTransposing(source, by: order, indices, axis: axis, shape: indexShape, call, &builder)
    }
    return try builder.add(
      Gather(indices: indices, axis: axis, indexShape: indexShape.extents), of: [edge], for: call)
  }

  /// Picks from what was transposed, where the batch comes first, and transposes then: so entries stay apart.
  private static func beforeTransposing(
    _ source: Edge, by order: [Int], _ indices: [Int], axis: Int, shape indexShape: Shape,
    _ call: OperatorCall,
    _ builder: inout GraphBuilder
  ) throws -> Edge {
    let own = order[axis]
    let gather = Gather(indices: indices, axis: own, indexShape: indexShape.extents)
    let picked = try builder.add(gather, of: [source], for: call)
    let target = order.flatMap { k in
      k == own ? Array(own..<own + indexShape.rank) : [k < own ? k : k + indexShape.rank - 1]
    }
    return try builder.transpose(picked, target, for: call)
  }

  @Sendable private static func expand(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    guard var extents = try call.integers(1, "extents") else {
      throw call.bad("the shape is missing")
    }
    let edge = try call.edge(0)
    if edge.value == nil, extents.first == builder.statedBatch, edge.shape!.rank == extents.count,
      edge.shape![0] == 1
    {
      extents[0] = 1
    }
    return [try expand(try call.edge(0), to: try call.checked(extents), call, &builder)]
  }

  /// The array repeated along axes of extent 1, to what it and `shape` broadcast to.
  static func expand(
    _ edge: Edge, to shape: Shape, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let target = try call.broadcast(edge.shape!, shape)
    if target == edge.shape! { return edge }
    if let value = edge.value { return .known(value.expanded(to: target)) }
    return try builder.add(Expansion(to: target), of: [edge], for: call)
  }

  @Sendable private static func tile(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let shape = try call.shape(0)
    guard let repeats = try repeats(call, shape), repeats.count == shape.rank,
      repeats.allSatisfy({ $0 > 0 && $0 <= Attributes.largest })
    else { throw call.bad("the repeats do not fit \(shape)") }
    _ = try call.checked(
      zip(shape.extents, repeats).map { $0.multipliedReportingOverflow(by: $1).partialValue })
    var edge = try call.edge(0)
    for axis in 0..<shape.rank where repeats[axis] > 1 {
      let indices = (0..<repeats[axis]).flatMap { _ in 0..<shape[axis] }
      edge = try pick(edge, indices, axis: axis, shape: [indices.count], call, &builder)
    }
    return [edge]
  }

  /// A number an axis; before opset 6 one number and the axis that it is for.
  private static func repeats(_ call: OperatorCall, _ shape: Shape) throws -> [Int]? {
    guard call.opset < 6 else { return try call.integers(1, "repeats") }
    guard let times = try call.integers(1, "tiles")?.first, let axis = try call.integers(2, "axis")?.first
    else {
      return nil
    }
    let place = try call.axis(axis, rank: shape.rank)
    return (0..<shape.rank).map { $0 == place ? times : 1 }
  }
}
