internal import Networks
internal import Tensors

/// `Resize` and `Upsample`: each axis a choice of elements (nearest) or a matrix of a few weights a row.
enum Resizing {
  static let builders: [String: Builder] = ["Resize": resize, "Upsample": resize]

  @Sendable private static func resize(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let axes = try axes(call)
    let mode = call.attributes.string("mode", default: "nearest")
    var extents = try call.shape(0).extents
    for axis in axes { extents[axis.index] = axis.output }
    _ = try call.checked(extents)
    let rule = try ResizeRule(call, mode: mode)
    var edge = try call.edge(0)
    for axis in axes where axis.isResized || rule.usesRegion {
      if mode == "nearest" {
        let indices = try (0..<axis.output).map { try rule.nearest($0, axis) }
        edge = try Gathers.pick(edge, indices, axis: axis.index, shape: [indices.count], call, &builder)
      } else {
        edge = try interpolate(edge, along: axis, by: rule, call, &builder)
      }
    }
    guard rule.usesRegion, rule.extrapolation != 0 else { return [edge] }
    return [try extrapolate(edge, along: axes, by: rule, call, &builder)]
  }

  /// Which axes are resized: by scales, an attribute before opset 9 and an input since, or to sizes.
  private static func axes(_ call: OperatorCall) throws -> [ResizedAxis] {
    let shape = try call.shape(0)
    let index = call.place.type == "Upsample" || call.opset < 11 ? 1 : 2
    let named = try call.axes(call.attributes.integers("axes") ?? Array(0..<shape.rank), rank: shape.rank)
    guard shape.count > 0 else { throw call.bad("takes no empty array, such as \(shape)") }
    var region: [Float] = []
    if index == 2, call.has(1), try call.shape(1).count == 2 * named.count {
      region = try call.weights(1, "regions").elements
    }
    func axis(_ k: Int, _ output: Int, _ scale: Float) -> ResizedAxis {
      let bounds = region.isEmpty ? (0, 1) : (region[k], region[k + named.count])
      return ResizedAxis(
        index: named[k], input: shape[named[k]], output: output, scale: scale, region: bounds)
    }
    if let scales = try scales(call, index, shape, count: named.count) {
      return named.indices.map { k in
        axis(k, Int(saturating: Float(shape[named[k]]) * scales[k]), scales[k])
      }
    }
    guard let sizes = try call.integers(3, "sizes"), sizes.count == named.count,
      sizes.allSatisfy({ $0 > 0 && $0 <= Attributes.largest })
    else { throw call.bad("neither scales nor sizes fit \(shape)") }
    let ratios = named.indices.map { Float(sizes[$0]) / Float(shape[named[$0]]) }
    switch call.attributes.string("keep_aspect_ratio_policy", default: "stretch") {
    case "stretch", "": return named.indices.map { axis($0, sizes[$0], ratios[$0]) }
    case let policy:
      guard let ratio = policy == "not_larger" ? ratios.min() : ratios.max() else {
        throw call.bad("has no axis to resize")
      }
      return named.indices.map {
        axis($0, Int(saturating: (ratio * Float(shape[named[$0]])).rounded()), ratio)
      }
    }
  }

  private static func scales(_ call: OperatorCall, _ index: Int, _ shape: Shape, count: Int) throws
    -> [Float]?
  {
    var scales = call.attributes.floats("scales") ?? []
    if call.opset < 7, call.attributes.has("width_scale") {
      let sides = ["height_scale", "width_scale"]
      scales = [1, 1] + (try sides.map { try call.attributes.float($0, default: 1) })
    }
    if call.has(index), try call.shape(index).count > 0 {
      scales = try call.weights(index, "scales").elements
    }
    if scales.isEmpty { return nil }
    guard scales.count == count, scales.allSatisfy({ $0 > 0 && $0 < 4096 }) else {
      throw call.bad("the scales do not fit \(shape)")
    }
    return scales
  }

  /// A matrix with a few weights a row, applied along the axis.
  private static func interpolate(
    _ edge: Edge, along axis: ResizedAxis, by rule: ResizeRule, _ call: OperatorCall,
    _ builder: inout GraphBuilder
  ) throws -> Edge {
    var weights = Tensor(zeros: try call.checked([axis.output, axis.input]))
    for row in 0..<axis.output {
      for (neighbour, weight) in try rule.weights(row, axis) {
        weights.elements[row * axis.input + min(max(neighbour, 0), axis.input - 1)] += weight
      }
    }
    var order = Array(0..<edge.shape!.rank)
    order.swapAt(axis.index, order.count - 1)
    let turned = try builder.transpose(edge, order, for: call)
    let resized = try builder.add(Dense(weights: weights, bias: nil), of: [turned], for: call)
    return try builder.transpose(resized, order, for: call)
  }

  /// Adds the value of what lies outside the input, where the weights are zero.
  private static func extrapolate(
    _ edge: Edge, along axes: [ResizedAxis], by rule: ResizeRule, _ call: OperatorCall,
    _ builder: inout GraphBuilder
  ) throws -> Edge {
    let shape = edge.shape!
    let strides = shape.strides
    let outside = try axes.map { axis in try (0..<axis.output).map { try rule.isOutside($0, axis) } }
    let values = (0..<shape.count).map { i in
      zip(axes, outside).contains { axis, flags in flags[i / strides[axis.index] % axis.output] }
        ? rule.extrapolation : 0
    }
    return try builder.add(
      Addition(), of: [edge, .known(Value(Tensor(shape: shape, elements: values)))], for: call)
  }
}
