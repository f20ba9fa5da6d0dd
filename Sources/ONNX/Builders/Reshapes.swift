internal import Networks
internal import Tensors

/// Other shapes for the same elements, and other orders of the axes.
enum Reshapes {
  static let builders: [String: Builder] = [
    "Reshape": { call, builder in try reshape(call, &builder, to: try target(call, builder)) },
    "Flatten": { call, builder in
      let shape = try call.shape(0)
      let number = call.attributes.integer("axis", default: 1)
      let axis = number == shape.rank ? number : try call.axis(number, rank: shape.rank)
      let rows = shape.extents[..<axis].reduce(1, *)
      return try reshape(call, &builder, to: [rows, shape.extents[axis...].reduce(1, *)])
    },
    "Squeeze": squeeze,
    "Unsqueeze": { call, builder in try reshape(call, &builder, to: try unsqueezed(call)) },
    "Transpose": { call, builder in
      let rank = try call.shape(0).rank
      let permutation = call.attributes.integers("perm") ?? Array((0..<rank).reversed())
      guard permutation.sorted() == Array(0..<rank) else {
        throw call.bad("perm \(permutation.prefix(8)) does not order \(rank) axes")
      }
      return [try builder.transpose(try call.edge(0), permutation, for: call)]
    },
    "DepthToSpace": depthToSpace,
    "SpaceToDepth": spaceToDepth,
  ]

  private static func reshape(
    _ call: OperatorCall, _ builder: inout GraphBuilder, to shape: Shape
  ) throws -> [Edge] {
    [try builder.reshape(try call.edge(0), to: shape, for: call)]
  }

  /// 0 keeps an extent, −1 takes what is left.
  private static func target(_ call: OperatorCall, _ builder: GraphBuilder) throws -> Shape {
    let shape = try call.shape(0)
    guard var extents = try call.integers(1, orAttribute: "shape") else {
      throw call.bad("the shape is missing")
    }
    let keepsZeros = call.attributes.integer("allowzero", default: 0) != 0
    if try call.edge(0).value == nil, !keepsZeros || !extents.contains(0) {
      extents = try builder.forOneImage(extents, of: try call.edge(0), for: call)
    }
    for i in extents.indices where extents[i] == 0 && !keepsZeros {
      guard i < shape.rank else {
        throw call.bad("the shape \(extents.prefix(8)) keeps an extent that \(shape) does not have")
      }
      extents[i] = shape[i]
    }
    if let open = extents.firstIndex(of: -1) {
      extents[open] = 1
      let known = try call.checked(extents).count
      guard known > 0, shape.count % known == 0 else {
        throw call.bad("\(shape) does not fill \(extents.prefix(8)) with one extent open")
      }
      extents[open] = shape.count / known
    }
    return try call.checked(extents)
  }

  /// Axes of what was transposed go before it is, so that the batch stays first.
  @Sendable private static func squeeze(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge]
  {
    let edge = try call.edge(0)
    let (shape, axes) = try squeezed(call)
    guard let (source, order) = builder.batchFirst(edge), !axes.contains(where: { order[$0] == 0 }) else {
      return [try builder.reshape(edge, to: shape, for: call)]
    }
    let kept = order.indices.filter { !axes.contains($0) }.map { order[$0] }
    let narrow = try builder.reshape(source, to: Shape(kept.sorted().map { source.shape![$0] }), for: call)
    return [try builder.transpose(narrow, kept.map { kept.sorted().firstIndex(of: $0)! }, for: call)]
  }

  private static func squeezed(_ call: OperatorCall) throws -> (shape: Shape, axes: [Int]) {
    let shape = try call.shape(0)
    let named = try call.integers(1, orAttribute: "axes")
    let axes =
      try named.map { try call.axes($0, rank: shape.rank) }
      ?? (0..<shape.rank).filter { shape[$0] == 1 }
    guard axes.allSatisfy({ shape[$0] == 1 }) else {
      throw call.bad("axes \(axes) of \(shape) are not all 1")
    }
    return (Shape((0..<shape.rank).filter { !axes.contains($0) }.map { shape[$0] }), axes)
  }

  private static func unsqueezed(_ call: OperatorCall) throws -> Shape {
    let shape = try call.shape(0)
    guard let named = try call.integers(1, orAttribute: "axes"), named.count <= 16 else {
      throw call.bad("the axes are missing")
    }
    let axes = try call.axes(named, rank: shape.rank + named.count)
    var rest = shape.extents[...]
    return Shape((0..<shape.rank + axes.count).map { axes.contains($0) ? 1 : rest.removeFirst() })
  }

  @Sendable private static func depthToSpace(_ call: OperatorCall, _ builder: inout GraphBuilder)
    throws
    -> [Edge]
  {
    let (s, b) = try blocks(call)
    guard s[1] % (b * b) == 0 else { throw call.bad("blocks of \(b) do not divide \(s)") }
    let c = s[1] / (b * b)
    let columns = call.attributes.string("mode", default: "DCR") == "CRD"
    let split: Shape = columns ? [s[0], c, b, b, s[2], s[3]] : [s[0], b, b, c, s[2], s[3]]
    let order = columns ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]
    let apart = try builder.reshape(try call.edge(0), to: split, for: call)
    let moved = try builder.transpose(apart, order, for: call)
    return [try builder.reshape(moved, to: [s[0], c, s[2] * b, s[3] * b], for: call)]
  }

  @Sendable private static func spaceToDepth(_ call: OperatorCall, _ builder: inout GraphBuilder)
    throws
    -> [Edge]
  {
    let (s, b) = try blocks(call)
    guard s[2] % b == 0, s[3] % b == 0 else { throw call.bad("blocks of \(b) do not divide \(s)") }
    let split: Shape = [s[0], s[1], s[2] / b, b, s[3] / b, b]
    let apart = try builder.reshape(try call.edge(0), to: split, for: call)
    let moved = try builder.transpose(apart, [0, 3, 5, 1, 2, 4], for: call)
    return [try builder.reshape(moved, to: [s[0], s[1] * b * b, s[2] / b, s[3] / b], for: call)]
  }

  private static func blocks(_ call: OperatorCall) throws -> (Shape, Int) {
    let (shape, block) = (try call.shape(0), call.attributes.integer("blocksize", default: 0))
    guard shape.rank == 4, block > 0, block <= 1 << 12 else {
      throw call.bad("blocks of \(block) do not fit \(shape)")
    }
    return (shape, block)
  }
}
