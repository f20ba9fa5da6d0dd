internal import Networks
internal import Tensors

/// Normalisations: trained (of a batch), and of each image by its own moments.
enum Normalizations {
  static let builders: [String: Builder] = [
    "BatchNormalization": batch,
    "LRN": local,
    "LayerNormalization": layer,
    "InstanceNormalization": { call, builder in
      try grouped(call, &builder, groups: try call.shape(0).rank > 1 ? try call.shape(0)[1] : 0)
    },
    "GroupNormalization": { call, builder in
      try grouped(call, &builder, groups: call.attributes.integer("num_groups", default: 0))
    },
  ]

  /// γ(x − μ)/√(σ² + ε) + β with the moments of training: one factor and one shift a channel.
  @Sendable private static func batch(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let shape = try call.shape(0)
    guard shape.rank >= 2 else { throw call.bad("takes N×C×…, not \(shape)") }
    guard call.attributes.integer("training_mode", default: 0) == 0 else {
      throw call.missing("training_mode")
    }
    let roles = ["scales", "shifts", "means", "variances"]
    let numbers = try roles.enumerated().map {
      try call.weights($0.offset + 1, $0.element).elements
    }
    guard numbers.allSatisfy({ $0.count == shape[1] }) else {
      throw call.bad("has \(numbers.map(\.count)) numbers for \(shape[1]) channels")
    }
    let epsilon = try call.attributes.float("epsilon", default: 1e-5)
    guard numbers[3].allSatisfy({ $0 + epsilon > 0 }) else {
      throw call.bad("a variance is not positive")
    }
    let scale = zip(numbers[0], numbers[3]).map { $0 / ($1 + epsilon).squareRoot() }
    let shift = numbers[1].indices.map { numbers[1][$0] - numbers[2][$0] * scale[$0] }
    return try Activations.apply(ChannelAffine(scale: scale, shift: shift), call, &builder)
  }

  @Sendable private static func local(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let size = call.attributes.integer("size", default: 0)
    guard size > 0, size <= Attributes.largest else {
      throw call.bad("a window of \(size) channels")
    }
    guard try call.shape(0).rank == 4 else {
      throw call.missing("an input of \(try call.shape(0))")
    }
    let operation = LocalResponseNormalization(
      size: size, alpha: try call.attributes.float("alpha", default: 1e-4),
      beta: try call.attributes.float("beta", default: 0.75),
      bias: try call.attributes.float("bias", default: 1))
    return try Activations.apply(operation, call, &builder)
  }

  @Sendable private static func layer(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let shape = try call.shape(0)
    let axis = try call.axis(call.attributes.integer("axis", default: -1), rank: shape.rank)
    let scale = try call.weights(1, "scales")
    let bias = call.has(2) ? try call.weights(2, "shifts") : nil
    let inner = Shape(Array(shape.extents[axis...]))
    guard scale.shape.count == inner.count, bias == nil || bias!.shape.count == inner.count else {
      throw call.missing("scales of \(scale.shape) for \(inner)")
    }
    let operation = LayerNormalization(
      axis: axis, scale: scale.reshaped(to: inner), bias: bias?.reshaped(to: inner),
      epsilon: try call.attributes.float("epsilon", default: 1e-5))
    return try Activations.apply(operation, call, &builder)
  }

  /// (x − μ)/√(σ² + ε) with the moments of each group of channels, then a factor and a shift a channel.
  private static func grouped(
    _ call: OperatorCall, _ builder: inout GraphBuilder, groups: Int
  ) throws -> [Edge] {
    let shape = try call.shape(0)
    guard shape.rank > 2, groups > 0, shape[1] % groups == 0, shape.count > 0 else {
      throw call.bad("\(groups) groups of the channels of \(shape)")
    }
    var affine = [try call.weights(1, "scales").elements, try call.weights(2, "shifts").elements]
    for i in 0..<2 where affine[i].count == groups {
      affine[i] = affine[i].flatMap { [Float](repeating: $0, count: shape[1] / groups) }
    }
    guard affine.allSatisfy({ $0.count == shape[1] }) else {
      throw call.bad("not one scale and shift a channel")
    }
    let run = shape.count / shape[0] / groups
    let flat = try builder.reshape(try call.edge(0), to: [shape[0], groups, run], for: call)
    let normalization = LayerNormalization(
      axis: 2, scale: Tensor(repeating: 1, shape: [1]), bias: nil,
      epsilon: try call.attributes.float("epsilon", default: 1e-5))
    let normal = try builder.add(normalization, of: [flat], for: call)
    let image = try builder.reshape(normal, to: shape, for: call)
    return [
      try builder.add(ChannelAffine(scale: affine[0], shift: affine[1]), of: [image], for: call)
    ]
  }
}
