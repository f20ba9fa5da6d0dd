internal import Networks
internal import Tensors

/// `Conv` on one to three axes, with trained filters.
enum Convolutions {
  static let builders: [String: Builder] = ["Conv": convolution]

  /// Trained filters O×(C/groups)×k…, with what the attributes say of them.
  struct Filters {
    var weights: Tensor
    let bias: [Float]?
    let groups: Int
    var aperture: Aperture
  }

  @Sendable private static func convolution(
    _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> [Edge] {
    let image = try call.shape(0)
    let weights = try call.weights(1, "filters")
    guard (3...5).contains(image.rank), weights.shape.rank == image.rank else {
      throw call.missing("filters of \(weights.shape) on an input of \(image)")
    }
    let groups = call.attributes.integer("group", default: 1)
    guard groups > 0, weights.shape.count > 0, weights.shape[0] % groups == 0 else {
      throw call.bad("\(groups) groups do not divide filters of \(weights.shape)")
    }
    let (channels, divided) = weights.shape[1].multipliedReportingOverflow(by: groups)
    guard !divided, channels == image[1] else {
      throw call.bad("filters of \(weights.shape) in \(groups) groups do not take \(image)")
    }
    let kernel = Array(weights.shape.extents[2...])
    if let stated = call.attributes.integers("kernel_shape"), stated != kernel {
      throw call.bad("kernel_shape \(stated.prefix(4)) contradicts filters of \(weights.shape)")
    }
    let filters = Filters(
      weights: weights, bias: try bias(call, count: weights.shape[0]), groups: groups,
      aperture: try call.aperture(kernel: kernel, on: image))
    return [try apply(filters, to: try call.edge(0), call, &builder)]
  }

  static func bias(_ call: OperatorCall, count: Int) throws -> [Float]? {
    guard call.has(2) else { return nil }
    let bias = try call.weights(2, "biases").elements
    guard bias.count == count else { throw call.bad("\(bias.count) biases for \(count) filters") }
    return bias
  }

  static func apply(
    _ filters: Filters, to x: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    switch filters.aperture.rank {
    case 1:
      let s = filters.weights.shape
      let flat = Filters(
        weights: filters.weights.reshaped(to: [s[0], s[1], 1, s[2]]), bias: filters.bias,
        groups: filters.groups,
        aperture: filters.aperture.flat)
      return try builder.unrow(
        try apply(flat, to: try builder.row(x, for: call), call, &builder), for: call)
    case 2:
      let operation = Convolution(
        weights: filters.weights, bias: filters.bias, window: filters.aperture.window([0, 1]),
        groups: filters.groups)
      return try builder.add(operation, of: [x], for: call)
    default: return try volume(filters, x, call, &builder)
    }
  }

  /// Three axes as two: the slices under the taps of the first axis become channels, its places entries of the batch.
  private static func volume(
    _ filters: Filters, _ x: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let (s, a, w) = (x.shape!, filters.aperture, filters.weights.shape)
    let padding = Padding(before: [0, 0, a.before[0], 0, 0], after: [0, 0, a.after[0], 0, 0])
    let isPadded = a.before[0] + a.after[0] > 0
    let padded = isPadded ? try builder.add(padding, of: [x], for: call) : x
    let room = padded.shape![2] - a.reach(0)
    guard room >= 0 else { throw call.bad("a window of \(a.kernel) does not fit \(s)") }
    let places = room / a.strides[0] + 1
    let taps = (0..<places).flatMap { place in
      (0..<a.kernel[0]).map { place * a.strides[0] + $0 * a.dilations[0] }
    }
    _ = try call.checked([s[0], s[1], taps.count, s[3], s[4]])
    let slices = try Gathers.pick(padded, taps, axis: 2, shape: [places, a.kernel[0]], call, &builder)
    let turned = try builder.transpose(slices, [0, 2, 1, 3, 4, 5], for: call)
    let images = try builder.reshape(turned, to: [s[0] * places, s[1] * a.kernel[0], s[3], s[4]], for: call)
    let planar = Convolution(
      weights: filters.weights.reshaped(to: [w[0], w[1] * w[2], w[3], w[4]]), bias: filters.bias,
      window: a.window([1, 2]), groups: filters.groups)
    let result = try builder.add(planar, of: [images], for: call)
    let r = result.shape!
    let apart = try builder.reshape(result, to: [s[0], places, w[0], r[2], r[3]], for: call)
    return try builder.transpose(apart, [0, 2, 1, 3, 4], for: call)
  }
}
