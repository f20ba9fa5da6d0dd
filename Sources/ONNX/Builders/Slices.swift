internal import Networks
internal import Tensors

/// Parts of arrays, and arrays put together.
enum Slices {
  static let builders: [String: Builder] = [
    "Slice": { call, builder in [try slice(try call.edge(0), try ranges(call), call, &builder)] },
    "Split": split,
    "Concat": concatenate,
    "Shape": { call, _ in
      let extents = try call.shape(0).extents
      let ranges = SliceRanges(
        axes: [0], starts: [call.attributes.integer("start", default: 0)],
        ends: [call.attributes.integer("end", default: extents.count)], steps: [1],
        in: [extents.count])
      return [.known(Value.integers(extents).sliced(ranges))]
    },
    "Size": { call, _ in [.known(Value(shape: [], elements: .integer([try call.shape(0).count])))]
    },
  ]

  static func slice(
    _ edge: Edge, _ ranges: SliceRanges, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    if let value = edge.value { return .known(value.sliced(ranges)) }
    let shape = edge.shape!
    let isWhole = ranges.axes.indices.allSatisfy {
      ranges.steps[$0] == 1 && ranges.count($0) == shape[ranges.axes[$0]]
    }
    if isWhole { return edge }
    guard ranges.axes.indices.allSatisfy({ ranges.count($0) > 0 }) else {
      throw call.bad("leaves nothing of \(shape)")
    }
    func along(_ axes: [Int]) -> Slice {
      Slice(axes: axes, starts: ranges.starts, ends: ranges.ends, steps: ranges.steps)
    }
    guard let (source, order) = builder.batchFirst(edge) else {
      return try builder.add(along(ranges.axes), of: [edge], for: call)
    }
    let part = try builder.add(along(ranges.axes.map { order[$0] }), of: [source], for: call)
    return try builder.transpose(part, order, for: call)
  }

  /// Attributes before opset 10, inputs since.
  private static func ranges(_ call: OperatorCall) throws -> SliceRanges {
    let shape = try call.shape(0)
    guard let starts = try call.integers(1, orAttribute: "starts"),
      let ends = try call.integers(2, orAttribute: "ends"), starts.count == ends.count
    else { throw call.bad("starts and ends are missing or differ in number") }
    let named = try call.integers(3, orAttribute: "axes") ?? Array(0..<starts.count)
    let axes = try call.axes(named, rank: shape.rank)
    let steps = try call.integers(4, "steps") ?? [Int](repeating: 1, count: axes.count)
    guard axes.count == starts.count, steps.count == axes.count, steps.allSatisfy({ $0 != 0 })
    else {
      throw call.bad(
        "\(axes.count) axes, \(starts.count) starts and \(steps.count) steps do not match")
    }
    return SliceRanges(axes: axes, starts: starts, ends: ends, steps: steps, in: shape)
  }

  @Sendable private static func split(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let shape = try call.shape(0)
    let axis = try call.axis(call.attributes.integer("axis", default: 0), rank: shape.rank)
    let parts = max(1, call.outputCount)
    if shape[axis] == 0, !call.has(1), !call.attributes.has("split") {
      return try (0..<parts).map { _ in try call.edge(0) }
    }
    let equal = (shape[axis] + parts - 1) / parts
    let sizes =
      try call.integers(1, orAttribute: "split")
      ?? (0..<parts).map { max(0, min(equal, shape[axis] - $0 * equal)) }
    guard sizes.count == parts, sizes.allSatisfy({ $0 >= 0 && $0 <= shape[axis] }),
      sizes.reduce(0, +) == shape[axis]
    else { throw call.bad("parts of \(sizes.prefix(8)) do not make up axis \(axis) of \(shape)") }
    var start = 0
    return try sizes.map { size in
      defer { start += size }
      let ranges = SliceRanges(
        axes: [axis], starts: [start], ends: [start + size], steps: [1], in: shape)
      return try slice(try call.edge(0), ranges, call, &builder)
    }
  }

  @Sendable private static func concatenate(_ call: OperatorCall, _ builder: inout GraphBuilder)
    throws
    -> [Edge]
  {
    var edges = try call.inputs.indices.map { try call.edge($0) }
    if let flowing = edges.first(where: { $0.value == nil }) {
      edges = edges.map { builder.forOneImage($0, beside: flowing) }
    }
    guard let shape = edges.first?.shape else { throw call.bad("takes at least one input") }
    let axis = try call.axis(call.attributes.integer("axis", default: 1), rank: shape.rank)
    var extents = shape.extents
    extents[axis] = 0
    for other in edges.map({ $0.shape! }) {
      var expected = other.extents
      guard other.rank == shape.rank else {
        throw call.bad("\(shape) and \(other) do not match")
      }
      extents[axis] += other[axis]
      expected[axis] = shape[axis]
      guard expected == shape.extents else {
        throw call.bad("\(shape) and \(other) do not match")
      }
    }
    _ = try call.checked(extents)
    let values = edges.compactMap(\.value)
    if values.count == edges.count { return [.known(.concatenating(values, axis: axis))] }
    if edges.count == 1 { return edges }
    return [try builder.add(Concatenation(axis: axis), of: edges, for: call)]
  }
}
