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
    "RMSNormalization": rootMeanSquare,
    "MeanVarianceNormalization": standardized,
    "LpNormalization": unit,
  ]

  /// γ(x − μ)/√(σ² + ε) + β with the moments of training: one factor and one shift a channel.
  @Sendable private static func batch(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let shape = try call.shape(0)
    guard shape.rank >= 2 else { throw call.bad("takes N×C×…, not \(shape)") }
    let isTraining =
      call.attributes.integer("training_mode", default: 0) != 0
      || call.opset < 7 && call.attributes.integer("is_test", default: 0) == 0 && call.outputCount > 1
    if isTraining {
      if try call.edge(0).value != nil { return try batchOfKnown(call, &builder) }
      builder.remark(.trainingMode)
    }
    guard call.attributes.integer("spatial", default: 1) != 0 || shape.rank == 2 else {
      throw call.missing("moments for each element")
    }
    let roles = ["scales", "shifts", "means", "variances"]
    let numbers = try roles.enumerated().map {
      try call.weights($0.offset + 1, $0.element).elements
    }
    guard numbers.allSatisfy({ $0.count == shape[1] }) else {
      throw call.bad("has \(numbers.map(\.count)) numbers for \(shape[1]) channels")
    }
    return try Activations.apply(try affine(numbers, call), call, &builder)
  }

  /// γ(x − μ)/√(σ² + ε) + β of γ, β, μ, σ².
  private static func affine(_ numbers: [[Float]], _ call: OperatorCall) throws -> ChannelAffine {
    let epsilon = try call.attributes.float("epsilon", default: 1e-5)
    guard numbers[3].allSatisfy({ $0 + epsilon > 0 }) else {
      throw call.bad("a variance is not positive")
    }
    let scale = zip(numbers[0], numbers[3]).map { $0 / ($1 + epsilon).squareRoot() }
    let shift = numbers[1].indices.map { numbers[1][$0] - numbers[2][$0] * scale[$0] }
    return ChannelAffine(scale: scale, shift: shift)
  }

  /// Training mode on an array that is known, as weights are standardised: by the array's own moments.
  private static func batchOfKnown(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let x = try call.weights(0, "weights")
    let old = try (1...4).map { try call.weights($0, "moments").elements }
    let channels = x.shape[1]
    guard old.allSatisfy({ $0.count == channels }), x.shape.count > 0 else {
      throw call.bad("has \(old.map(\.count)) numbers for \(channels) channels")
    }
    let (means, variances) = moments(of: x)
    let y = try affine([old[0], old[1], means, variances], call).forward([x])
    let momentum = try call.attributes.float("momentum", default: 0.9)
    let running = [(old[2], means), (old[3], variances)].map { before, now -> Edge in
      let mixed = zip(before, now).map { momentum * $0.0 + (1 - momentum) * $0.1 }
      return .known(Value(shape: [channels], elements: .float(mixed)))
    }
    return [.known(Value(y))] + (call.outputCount > 1 ? running : [])
  }

  /// Mean and variance of each channel of an N×C×… array.
  private static func moments(of x: Tensor) -> (means: [Float], variances: [Float]) {
    let channels = x.shape[1]
    let size = x.shape.count / (x.shape[0] * channels)
    var sums = [(Double, Double)](repeating: (0, 0), count: channels)
    for (i, number) in x.elements.enumerated() {
      sums[i / size % channels].0 += Double(number)
      sums[i / size % channels].1 += Double(number) * Double(number)
    }
    let count = Double(x.shape[0] * size)
    let means = sums.map { $0.0 / count }
    let variances = zip(sums, means).map { Float($0.1 / count - $1 * $1) }
    return (means.map { Float($0) }, variances)
  }

  @Sendable private static func local(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let size = call.attributes.integer("size", default: 0)
    guard size > 0, size <= Attributes.largest else {
      throw call.bad("its window cannot be \(size) channels wide")
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
    let epsilon = try call.attributes.float("epsilon", default: 1e-5)
    let inner = Shape(Array(shape.extents[axis...]))
    let isTrained = try call.edge(1).value != nil && (!call.has(2) || call.edge(2).value != nil)
    var result: Edge
    if isTrained, try call.shape(1).count == inner.count,
      try !call.has(2) || call.shape(2).count == inner.count
    {
      let scale = try call.weights(1, "scales").reshaped(to: inner)
      let bias = call.has(2) ? try call.weights(2, "shifts").reshaped(to: inner) : nil
      result = try builder.apart(try call.edge(0), axis, for: call) {
        LayerNormalization(axis: $0, scale: scale, bias: bias, epsilon: epsilon)
      }
    } else {
      let one = Tensor(repeating: 1, shape: [1])
      result = try builder.apart(try call.edge(0), axis, for: call) {
        LayerNormalization(axis: $0, scale: one, bias: nil, epsilon: epsilon)
      }
      result = try Arithmetic.product(result, try call.edge(1), call, &builder)
      if call.has(2) { result = try Arithmetic.sum(result, try call.edge(2), call, &builder) }
    }
    return call.outputCount > 1 ? [result] + (try moments(axis, epsilon, call, &builder)) : [result]
  }

  /// The mean and 1/√(σ² + ε) that `LayerNormalization` gives besides.
  private static func moments(
    _ axis: Int, _ epsilon: Float, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> [Edge] {
    let x = try call.edge(0)
    let average = Mean(axes: Array(axis..<x.shape!.rank), keepsAxes: true)
    let mean = try builder.add(average, of: [x], for: call)
    let centred = try builder.add(Subtraction(), of: [x, mean], for: call)
    let squares = try builder.add(Multiplication(), of: [centred, centred], for: call)
    let variance = try builder.add(average, of: [squares], for: call)
    let shifted = try builder.add(Affine(scale: 1, shift: epsilon), of: [variance], for: call)
    return [mean, try builder.add(Elementwise(.power(-0.5)), of: [shifted], for: call)]
  }

  /// x/√(mean x² + ε)·scale (Zhang and Sennrich, NeurIPS 2019).
  @Sendable private static func rootMeanSquare(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let x = try call.edge(0)
    let axis = try call.axis(call.attributes.integer("axis", default: -1), rank: x.shape!.rank)
    let squares = try builder.add(Multiplication(), of: [x, x], for: call)
    let average = Mean(axes: Array(axis..<x.shape!.rank), keepsAxes: true)
    let mean = try builder.add(average, of: [squares], for: call)
    let epsilon = try call.attributes.float("epsilon", default: 1e-5)
    let shifted = try builder.add(Affine(scale: 1, shift: epsilon), of: [mean], for: call)
    let factor = try builder.add(Elementwise(.power(-0.5)), of: [shifted], for: call)
    let normal = try builder.add(Multiplication(), of: [x, factor], for: call)
    return [try Arithmetic.product(normal, try call.edge(1), call, &builder)]
  }

  /// (x − mean)/(deviation + 10⁻⁹) over some axes, those of batch, rows and columns where none are named.
  @Sendable private static func standardized(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let x = try call.edge(0)
    let axes = try call.axes(call.attributes.integers("axes") ?? [0, 2, 3], rank: x.shape!.rank)
    let average = Mean(axes: axes, keepsAxes: true)
    let mean = try builder.add(average, of: [x], for: call)
    let centred = try builder.add(Subtraction(), of: [x, mean], for: call)
    let squares = try builder.add(Multiplication(), of: [centred, centred], for: call)
    let variance = try builder.add(average, of: [squares], for: call)
    let deviation = try builder.add(Root(degree: 2), of: [variance], for: call)
    let divisor = try builder.add(Affine(scale: 1, shift: 1e-9), of: [deviation], for: call)
    return [try builder.add(Division(), of: [centred, divisor], for: call)]
  }

  /// x/‖x‖ₚ along an axis, p = 1 or 2; zero where x is.
  @Sendable private static func unit(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let x = try call.edge(0)
    let axis = try call.axis(call.attributes.integer("axis", default: -1), rank: x.shape!.rank)
    let p = call.attributes.integer("p", default: 2)
    guard p == 1 || p == 2 else { throw call.bad("takes a norm of degree 1 or 2, not \(p)") }
    let powers = try Norms.powers(x, p, call, &builder)
    let sum = try builder.add(Total(axes: [axis], keepsAxes: true), of: [powers], for: call)
    let norm = try builder.add(Root(degree: Float(p)), of: [sum], for: call)
    let divisor = try builder.add(Clamp(lower: .leastNormalMagnitude, upper: nil), of: [norm], for: call)
    return [try builder.add(Division(), of: [x, divisor], for: call)]
  }

  /// (x − μ)/√(σ² + ε) with the moments of each group of channels, then a factor and a shift a channel.
  private static func grouped(
    _ call: OperatorCall, _ builder: inout GraphBuilder, groups: Int
  ) throws -> [Edge] {
    let shape = try call.shape(0)
    guard shape.rank > 2, groups > 0, shape[1] % groups == 0, shape.count > 0 else {
      throw call.bad("\(groups) groups do not fit the channels of \(shape)")
    }
    var affine = [try call.weights(1, "scales").elements, try call.weights(2, "shifts").elements]
    for i in 0..<2 where affine[i].count == groups {
      affine[i] = affine[i].flatMap { [Float](repeating: $0, count: shape[1] / groups) }
    }
    guard affine.allSatisfy({ $0.count == shape[1] }) else {
      throw call.bad("does not have one scale and one shift per channel")
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
