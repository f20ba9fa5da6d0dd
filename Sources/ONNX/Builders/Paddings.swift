internal import Networks
internal import Tensors

/// `Pad`: attributes before opset 11, inputs since; negative numbers cut away.
enum Paddings {
  static let builders: [String: Builder] = ["Pad": pad]

  @Sendable private static func pad(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let shape = try call.shape(0)
    let (before, after) = try amounts(call, rank: shape.rank)
    let cut = try crop(call, before, after, &builder)
    let padding = (before.map { max(0, $0) }, after.map { max(0, $0) })
    if (padding.0 + padding.1).allSatisfy({ $0 == 0 }) { return [cut] }
    let extents = (0..<shape.rank).map { cut.shape![$0] + padding.0[$0] + padding.1[$0] }
    _ = try call.checked(extents)
    if call.attributes.string("mode", default: "") == "wrap" {
      return [try wrap(cut, before: padding.0, after: padding.1, call, &builder)]
    }
    let operation = Padding(
      before: padding.0, after: padding.1, value: try fill(call), mode: try mode(call))
    return [try builder.add(operation, of: [cut], for: call)]
  }

  /// Each axis as often again as it takes.
  private static func wrap(
    _ edge: Edge, before: [Int], after: [Int], _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    var edge = edge
    for axis in before.indices where before[axis] + after[axis] > 0 {
      let extent = edge.shape![axis]
      let indices = (-before[axis]..<extent + after[axis]).map { ($0 % extent + extent) % extent }
      edge = try Gathers.pick(edge, indices, axis: axis, shape: [indices.count], call, &builder)
    }
    return edge
  }

  private static func mode(_ call: OperatorCall) throws -> Padding.Mode {
    switch call.attributes.string("mode", default: "constant") {
    case "constant", "": return .constant
    case "reflect": return .reflect
    case "edge": return .edge
    case let other: throw call.missing("mode \(other)")
    }
  }

  private static func amounts(_ call: OperatorCall, rank: Int) throws -> (
    before: [Int], after: [Int]
  ) {
    guard let pads = try call.integers(1, orAttribute: call.attributes.has("paddings") ? "paddings" : "pads"),
      pads.allSatisfy({ abs(max($0, -Int.max)) <= Attributes.largest })
    else { throw call.bad("the pads are missing or too large") }
    let named = try call.integers(3, "axes") ?? Array(0..<rank)
    let axes = try call.axes(named, rank: rank)
    guard pads.count == 2 * axes.count else {
      throw call.bad("\(pads.count) pads for \(axes.count) axes")
    }
    var (before, after) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
    for (i, axis) in axes.enumerated() {
      before[axis] = pads[i]
      after[axis] = pads[i + axes.count]
    }
    return (before, after)
  }

  private static func fill(_ call: OperatorCall) throws -> Float {
    guard call.has(2) else { return try call.attributes.float("value", default: 0) }
    guard let value = try call.value(2, "fills").scalar else {
      throw call.bad("the fill is not one number")
    }
    return value
  }

  private static func crop(
    _ call: OperatorCall, _ before: [Int], _ after: [Int], _ builder: inout GraphBuilder
  ) throws -> Edge {
    let shape = try call.shape(0)
    let axes = (0..<shape.rank).filter { before[$0] < 0 || after[$0] < 0 }
    let starts = axes.map { max(0, -before[$0]) }
    let ends = axes.map { shape[$0] + min(0, after[$0]) }
    guard zip(starts, ends).allSatisfy({ $0 < $1 }) else {
      throw call.bad("leaves nothing of \(shape)")
    }
    let ranges = SliceRanges(
      axes: axes, starts: starts, ends: ends, steps: [Int](repeating: 1, count: axes.count),
      in: shape)
    return try Slices.slice(try call.edge(0), ranges, call, &builder)
  }
}
