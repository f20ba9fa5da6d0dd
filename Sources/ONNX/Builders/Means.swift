internal import Networks
internal import Tensors

/// Reductions over axes.
enum Means {
  static let builders: [String: Builder] = [
    "ReduceMean": { call, builder in
      let (axes, keeps) = try parameters(call)
      if axes.isEmpty { return [try call.edge(0)] }
      return try Activations.apply(Mean(axes: axes, keepsAxes: keeps), call, &builder)
    },
    "ReduceSum": { call, builder in [try total(try call.edge(0), call, &builder)] },
    "ReduceL1": { call, builder in
      [
        try total(
          try builder.add(AbsoluteValue(), of: [try call.edge(0)], for: call), call, &builder)
      ]
    },
    "ReduceL2": { call, builder in
      let sum = try squares(call, &builder)
      return [try builder.add(Elementwise(.sqrt), of: [sum], for: call)]
    },
    "ReduceSumSquare": { call, builder in [try squares(call, &builder)] },
    "ReduceMax": maximum,
  ]

  /// The axes of a reduction, an attribute in old opsets and an input in new ones; all where none are named.
  static func axes(of call: OperatorCall, rank: Int) throws -> [Int] {
    let named = try call.integers(1, orAttribute: "axes") ?? []
    if named.isEmpty, call.attributes.integer("noop_with_empty_axes", default: 0) != 0 { return [] }
    return named.isEmpty ? Array(0..<rank) : try call.axes(named, rank: rank).sorted()
  }

  private static func parameters(_ call: OperatorCall) throws -> (axes: [Int], keeps: Bool) {
    let axes = try axes(of: call, rank: try call.shape(0).rank)
    return (axes, call.attributes.integer("keepdims", default: 1) != 0)
  }

  private static func total(_ x: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> Edge
  {
    let (axes, keeps) = try parameters(call)
    if axes.isEmpty { return x }
    return try builder.add(Total(axes: axes, keepsAxes: keeps), of: [x], for: call)
  }

  private static func squares(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge {
    try total(
      try builder.add(Elementwise(.power(2)), of: [try call.edge(0)], for: call), call, &builder)
  }

  /// Over rows and columns of images: a global maximum.
  @Sendable private static func maximum(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let shape = try call.shape(0)
    let (axes, keeps) = try parameters(call)
    guard shape.rank == 4, axes == [2, 3] else { throw call.missing("axes \(axes) of \(shape)") }
    let result = try builder.add(GlobalMaxPool(), of: [try call.edge(0)], for: call)
    return [keeps ? result : try builder.reshape(result, to: [shape[0], shape[1]], for: call)]
  }
}
