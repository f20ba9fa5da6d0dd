internal import Networks
internal import Tensors

/// Reductions over axes.
enum Reductions {
  static let builders: [String: Builder] = [
    "ReduceMean": { call, builder in
      let (axes, keeps) = try parameters(call)
      if axes.isEmpty { return [try call.edge(0)] }
      return try Activations.apply(Mean(axes: axes, keepsAxes: keeps), call, &builder)
    },
    "ReduceSum": { call, builder in [try total(try call.edge(0), call, &builder)] },
    "ReduceL1": { call, builder in
      let sizes = try builder.add(AbsoluteValue(), of: [try call.edge(0)], for: call)
      return [try total(sizes, call, &builder)]
    },
    "ReduceL2": { call, builder in
      [try builder.add(Root(degree: 2), of: [try squares(call, &builder)], for: call)]
    },
    "ReduceSumSquare": { call, builder in [try squares(call, &builder)] },
    "ReduceLogSum": { call, builder in
      [try builder.add(Elementwise(.log), of: [try total(try call.edge(0), call, &builder)], for: call)]
    },
    "ReduceLogSumExp": logSumExp,
    "ReduceMax": { call, builder in [try largest(try call.edge(0), -.infinity, call, &builder)] },
    "ReduceMin": { call, builder in
      if let empty = try emptied(try call.edge(0), .infinity, call) { return [empty] }
      let turned = try builder.add(negation, of: [try call.edge(0)], for: call)
      return [try builder.add(negation, of: [try largest(turned, 0, call, &builder)], for: call)]
    },
    "ReduceProd": product,
    "CumSum": { call, builder in
      let rank = try call.shape(0).rank
      let axis = try call.axis(try call.value(1, "axes").integers.first ?? 0, rank: rank)
      let isExclusive = call.attributes.integer("exclusive", default: 0) != 0
      let isReverse = call.attributes.integer("reverse", default: 0) != 0
      return [
        try builder.apart(try call.edge(0), axis, for: call) {
          CumulativeSum(axis: $0, isExclusive: isExclusive, isReverse: isReverse)
        }
      ]
    },
  ]

  private static let negation = Affine(scale: -1, shift: 0)

  /// The axes of a reduction, an attribute in old opsets and an input in new ones; all where none are named.
  static func axes(of call: OperatorCall, rank: Int) throws -> [Int] {
    let named = try call.integers(1, orAttribute: "axes") ?? []
    if named.isEmpty, call.attributes.integer("noop_with_empty_axes", default: 0) != 0 { return [] }
    return named.isEmpty ? Array(0..<rank) : try call.axes(named, rank: rank).sorted()
  }

  static func parameters(_ call: OperatorCall) throws -> (axes: [Int], keeps: Bool) {
    let axes = try axes(of: call, rank: try call.shape(0).rank)
    return (axes, call.attributes.integer("keepdims", default: 1) != 0)
  }

  /// The shape that the reduction gives.
  private static func reduced(_ call: OperatorCall) throws -> Shape {
    let (axes, keeps) = try parameters(call)
    let shape = try call.shape(0)
    return Shape((0..<shape.rank).compactMap { axes.contains($0) ? (keeps ? 1 : nil) : shape[$0] })
  }

  /// What the reduction of an array without elements gives: `value` everywhere; nil where there are elements.
  private static func emptied(_ x: Edge, _ value: Float, _ call: OperatorCall) throws -> Edge? {
    guard x.shape!.count == 0 else { return nil }
    return .known(Value(Tensor(repeating: value, shape: try reduced(call))))
  }

  private static func total(_ x: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge {
    if let empty = try emptied(x, 0, call) { return empty }
    let (axes, keeps) = try parameters(call)
    if axes.isEmpty { return x }
    return try builder.add(Total(axes: axes, keepsAxes: keeps), of: [x], for: call)
  }

  private static func squares(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge {
    let x = try call.edge(0)
    if x.shape!.count == 0 { return try total(x, call, &builder) }
    return try total(try builder.add(Multiplication(), of: [x, x], for: call), call, &builder)
  }

  /// The elements to be reduced together in rows, N×M×run with the entries of a batch apart where they are not reduced.
  private static func rows(_ x: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge {
    let shape = x.shape!
    let axes = try parameters(call).axes
    let rest = (0..<shape.rank).filter { !axes.contains($0) }
    let moved = try builder.transpose(x, rest + axes, for: call)
    let outer = rest.map { shape[$0] }
    let batch = rest.first == 0 ? shape[0] : 1
    let run = axes.reduce(1) { $0 * shape[$1] }
    return try builder.reshape(moved, to: [batch, outer.reduce(1, *) / max(1, batch), run], for: call)
  }

  private static func largest(
    _ x: Edge, _ none: Float, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    if let empty = try emptied(x, none, call) { return empty }
    if try parameters(call).axes.isEmpty { return x }
    let result = try builder.add(GlobalMaxPool(), of: [try rows(x, call, &builder)], for: call)
    return try builder.reshape(result, to: try reduced(call), for: call)
  }

  /// log Σ eˣ = x₁ − logsoftmax(x)₁.
  @Sendable private static func logSumExp(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let x = try call.edge(0)
    if let empty = try emptied(x, -.infinity, call) { return [empty] }
    let rows = try rows(x, call, &builder)
    let shares = try builder.add(LogSoftmax(axis: 2), of: [rows], for: call)
    let sums = try builder.add(Subtraction(), of: [rows, shares], for: call)
    let first = SliceRanges(axes: [2], starts: [0], ends: [1], steps: [1], in: rows.shape!)
    let sum = try Slices.slice(sums, first, call, &builder)
    return [try builder.reshape(sum, to: try reduced(call), for: call)]
  }

  /// One factor after the other.
  @Sendable private static func product(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge]
  {
    if let empty = try emptied(try call.edge(0), 1, call) { return [empty] }
    let rows = try rows(try call.edge(0), call, &builder)
    let count = rows.shape![2]
    guard count <= 256 else { throw call.missing("\(count) factors") }
    var result: Edge?
    for k in 0..<count {
      let range = SliceRanges(axes: [2], starts: [k], ends: [k + 1], steps: [1], in: rows.shape!)
      let factor = try Slices.slice(rows, range, call, &builder)
      result = try result.map { try builder.add(Multiplication(), of: [$0, factor], for: call) } ?? factor
    }
    return [try builder.reshape(result!, to: try reduced(call), for: call)]  // there is at least one factor
  }
}
