internal import Networks
internal import Tensors

/// `Resize` and `Upsample`: each axis a choice of elements (nearest) or a matrix of two weights a row (linear).
enum Resizing {
  static let builders: [String: Builder] = ["Resize": resize, "Upsample": resize]

  /// How one axis is resized.
  private struct Axis {
    let input: Int
    let output: Int
    let scale: Float
  }

  @Sendable private static func resize(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let axes = try axes(call)
    _ = try call.checked(axes.map(\.output))
    let mode = call.attributes.string("mode", default: "nearest")
    guard mode == "nearest" || ["linear", "bilinear"].contains(mode) else {
      throw call.missing("mode \(mode)")
    }
    for name in ["axes", "antialias", "exclude_outside"]
    where call.attributes.integer(name, default: 0) != 0 {
      throw call.missing(name)
    }
    var edge = try call.edge(0)
    for (i, axis) in axes.enumerated() where axis.input != axis.output || axis.scale != 1 {
      let positions = try (0..<axis.output).map { try position($0, axis, call) }
      if mode == "nearest" {
        let indices = try positions.map { min(max(try nearest($0, call), 0), axis.input - 1) }
        edge = try Gathers.pick(edge, indices, i, [indices.count], call, &builder)
      } else {
        edge = try interpolate(edge, positions, i, axis, call, &builder)
      }
    }
    return [edge]
  }

  /// Scales are an attribute before opset 9, an input since; sizes may stand in their place.
  private static func axes(_ call: OperatorCall) throws -> [Axis] {
    let shape = try call.shape(0)
    let index = call.place.type == "Upsample" || call.opset < 11 ? 1 : 2
    var scales = call.attributes.floats("scales") ?? []
    if call.has(index), try call.edge(index).shape!.count > 0 {
      scales = try call.weights(index, "scales").elements
    }
    if scales.isEmpty, let sizes = try call.integers(3, "sizes"), sizes.count == shape.rank,
      shape.count > 0
    {
      guard sizes.allSatisfy({ $0 > 0 }),
        call.attributes.string("keep_aspect_ratio_policy", default: "") != "not_larger",
        call.attributes.string("keep_aspect_ratio_policy", default: "") != "not_smaller"
      else { throw call.missing("sizes \(sizes.prefix(8)) that keep the aspect ratio") }
      return zip(shape.extents, sizes).map {
        Axis(input: $0, output: $1, scale: Float($1) / Float($0))
      }
    }
    guard scales.count == shape.rank, scales.allSatisfy({ $0 > 0 && $0 < 4096 }) else {
      throw call.bad("the scales do not fit \(shape)")
    }
    return zip(shape.extents, scales).map { extent, scale in
      Axis(input: extent, output: Int((Float(extent) * scale).rounded(.down)), scale: scale)
    }
  }

  /// Where an output element lies among the input's.
  private static func position(_ i: Int, _ axis: Axis, _ call: OperatorCall) throws -> Float {
    let isOld = call.place.type == "Upsample" || call.opset < 11
    let rule = call.attributes.string(
      "coordinate_transformation_mode", default: isOld ? "asymmetric" : "half_pixel")
    switch rule {
    case "asymmetric": return Float(i) / axis.scale
    case "half_pixel": return (Float(i) + 0.5) / axis.scale - 0.5
    case "pytorch_half_pixel": return axis.output > 1 ? (Float(i) + 0.5) / axis.scale - 0.5 : 0
    case "align_corners":
      // The last column by the scale, which need not be a whole one.
      let extent = Float(axis.input) * axis.scale
      return axis.output > 1 || extent > 1 ? Float(i) * Float(axis.input - 1) / (extent - 1) : 0
    default: throw call.missing("coordinates by \(rule)")
    }
  }

  private static func nearest(_ x: Float, _ call: OperatorCall) throws -> Int {
    let isOld = call.place.type == "Upsample" || call.opset < 11
    switch call.attributes.string("nearest_mode", default: isOld ? "floor" : "round_prefer_floor") {
    case "round_prefer_floor": return Int((x - 0.5).rounded(.up))
    case "round_prefer_ceil": return Int((x + 0.5).rounded(.down))
    case "floor": return Int(x.rounded(.down))
    case "ceil": return Int(x.rounded(.up))
    case let other: throw call.missing("nearest_mode \(other)")
    }
  }

  /// A matrix with two weights a row, applied along the axis.
  private static func interpolate(
    _ edge: Edge, _ positions: [Float], _ i: Int, _ axis: Axis, _ call: OperatorCall,
    _ builder: inout GraphBuilder
  ) throws -> Edge {
    var weights = Tensor(zeros: try call.checked([axis.output, axis.input]))
    for (row, x) in positions.enumerated() {
      let low = x.rounded(.down)
      for (neighbour, weight) in [(Int(low), 1 - (x - low)), (Int(low) + 1, x - low)] {
        weights.elements[row * axis.input + min(max(neighbour, 0), axis.input - 1)] += weight
      }
    }
    var order = Array(0..<edge.shape!.rank)
    order.swapAt(i, order.count - 1)
    let turned = try builder.transpose(edge, order, for: call)
    let resized = try builder.add(Dense(weights: weights, bias: nil), of: [turned], for: call)
    return try builder.transpose(resized, order, for: call)
  }
}
