internal import Networks
internal import Tensors

/// `ConvTranspose` on one to three axes, with trained filters C×(O/groups)×k….
enum TransposedConvolutions {
  static let builders: [String: Builder] = ["ConvTranspose": convolution]

  @Sendable private static func convolution(
    _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> [Edge] {
    let image = try call.shape(0)
    let weights = try call.weights(1, "filters")
    let groups = call.attributes.integer("group", default: 1)
    guard (3...5).contains(image.rank), weights.shape.rank == image.rank else {
      throw call.missing("filters of \(weights.shape) on an input of \(image)")
    }
    guard groups > 0, groups <= Attributes.largest, weights.shape.count > 0, weights.shape[0] == image[1],
      image[1] % groups == 0
    else { throw call.bad("filters of \(weights.shape) in \(groups) groups do not take \(image)") }
    let kernel = Array(weights.shape.extents[2...])
    if let stated = call.attributes.integers("kernel_shape"), stated != kernel {
      throw call.bad("kernel_shape \(stated.prefix(4)) contradicts filters of \(weights.shape)")
    }
    var filters = Convolutions.Filters(
      weights: weights, bias: try Convolutions.bias(call, count: weights.shape[1] * groups), groups: groups,
      aperture: try call.aperture(kernel: kernel, on: image))
    let extents = try output(&filters.aperture, image, call)
    _ = try call.checked([image[0], weights.shape[1] * groups] + extents)
    return [try apply(filters, extents, to: try call.edge(0), call, &builder)]
  }

  /// The extents of the output, and with them the padding where those are stated or the input's times the stride.
  private static func output(_ a: inout Aperture, _ image: Shape, _ call: OperatorCall) throws -> [Int] {
    let extra = try call.attributes.extents("output_padding", count: a.rank, least: 0, default: 0)
    let stated = call.attributes.integers("output_shape").map { Array($0.suffix(a.rank)) }
    let isUpper = call.attributes.string("auto_pad", default: "") == "SAME_UPPER"
    if stated == nil, !call.padsItself {
      return try (0..<a.rank).map { axis in
        let extent =
          a.strides[axis] * (image[axis + 2] - 1) + extra[axis] + a.reach(axis) - a.before[axis]
          - a.after[axis]
        guard extent > 0 else { throw call.bad("its pads leave nothing of the output") }
        return extent
      }
    }
    let extents = stated ?? (0..<a.rank).map { image[$0 + 2] * a.strides[$0] }
    guard extents.count == a.rank, extents.allSatisfy({ $0 > 0 && $0 <= Attributes.largest }) else {
      throw call.bad("cannot give an output of \(extents.prefix(4))")
    }
    for axis in 0..<a.rank {
      let whole = a.strides[axis] * (image[axis + 2] - 1) + extra[axis] + a.reach(axis)
      let total = max(0, whole - extents[axis])
      a.before[axis] = isUpper ? total / 2 : total - total / 2
      a.after[axis] = total - a.before[axis]
    }
    return extents
  }

  private static func apply(
    _ filters: Convolutions.Filters, _ extents: [Int], to x: Edge, _ call: OperatorCall,
    _ builder: inout GraphBuilder
  ) throws -> Edge {
    switch filters.aperture.rank {
    case 1:
      let s = filters.weights.shape
      var flat = filters
      flat.weights = filters.weights.reshaped(to: [s[0], s[1], 1, s[2]])
      flat.aperture = filters.aperture.flat
      let row = try builder.row(x, for: call)
      return try builder.unrow(try apply(flat, [1] + extents, to: row, call, &builder), for: call)
    case 2:
      var window = filters.aperture.window([0, 1])
      for axis in 0..<2 {
        // So that the convolution back gives the input's extent: what lies beyond the last place is not read.
        let needed = window.strides[axis] * (x.shape![axis + 2] - 1) + window.reach(axis)
        window.after[axis] = max(0, needed - extents[axis] - window.before[axis])
      }
      let operation = TransposedConvolution(
        weights: filters.weights, bias: filters.bias, window: window, groups: filters.groups, extents: extents
      )
      return try builder.add(operation, of: [x], for: call)
    default: return try volume(filters, to: extents, of: x, call, &builder)
    }
  }

  /// On three axes: the convolution with mirrored filters of the input with zeros between its elements.
  private static func volume(
    _ filters: Convolutions.Filters, to extents: [Int], of x: Edge, _ call: OperatorCall,
    _ builder: inout GraphBuilder
  ) throws -> Edge {
    let a = filters.aperture
    var edge = x
    for axis in 0..<3 where a.strides[axis] > 1 {
      edge = try spread(edge, axis: axis + 2, stride: a.strides[axis], call, &builder)
    }
    let before = (0..<3).map { a.reach($0) - 1 - a.before[$0] }
    let after = (0..<3).map { extents[$0] + a.reach($0) - 1 - edge.shape![$0 + 2] - before[$0] }
    _ = try call.checked(
      (0..<5).map { $0 < 2 ? edge.shape![$0] : max(0, edge.shape![$0] + before[$0 - 2] + after[$0 - 2]) })
    let padded = try builder.add(
      Padding(before: [0, 0] + before, after: [0, 0] + after), of: [edge], for: call)
    let zeros = [0, 0, 0]
    let mirrored = Convolutions.Filters(
      weights: mirrored(filters), bias: filters.bias, groups: filters.groups,
      aperture: Aperture(
        kernel: a.kernel, strides: [1, 1, 1], dilations: a.dilations, before: zeros, after: zeros))
    return try Convolutions.apply(mirrored, to: padded, call, &builder)
  }

  /// Zeros between the elements along an axis, so many less one each.
  private static func spread(
    _ x: Edge, axis: Int, stride: Int, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let s = x.shape!.extents
    let tall = try call.checked(s[..<axis] + [s[axis], 1] + s[(axis + 1)...])
    let apart = try builder.reshape(x, to: tall, for: call)
    var after = [Int](repeating: 0, count: tall.rank)
    after[axis + 1] = stride - 1
    let wide = try call.checked((0..<tall.rank).map { tall[$0] + after[$0] })
    let padding = Padding(before: [Int](repeating: 0, count: tall.rank), after: after)
    let padded = try builder.add(padding, of: [apart], for: call)
    let joined = Shape(Array(s[..<axis]) + [wide[axis] * stride] + Array(s[(axis + 1)...]))
    let whole = try builder.reshape(padded, to: joined, for: call)
    let range = SliceRanges(
      axes: [axis], starts: [0], ends: [(s[axis] - 1) * stride + 1], steps: [1], in: joined)
    return try Slices.slice(whole, range, call, &builder)
  }

  /// C×(O/g)×k… as O×(C/g)×k…, every filter turned around.
  private static func mirrored(_ filters: Convolutions.Filters) -> Tensor {
    let (s, g) = (filters.weights.shape, filters.groups)
    let (inputs, outputs, taps) = (s[0] / g, s[1], s[2] * s[3] * s[4])
    let w = filters.weights.elements
    return Tensor(shape: Shape([outputs * g, inputs, s[2], s[3], s[4]])) { out in
      for i in 0..<out.count {
        let (o, c, t) = (i / taps / inputs, i / taps % inputs, i % taps)
        let (group, within) = (o / outputs, o % outputs)
        out[i] = w[((group * inputs + c) * outputs + within) * taps + taps - 1 - t]
      }
    }
  }
}
