internal import Networks
internal import Tensors

/// Maxima, means and norms over windows on one to three axes, and over whole images.
enum PoolingBuilders {
  static let builders: [String: Builder] = [
    "MaxPool": { call, builder in
      let (aperture, roundsUp) = try window(call)
      if call.outputCount > 1, let value = try call.edge(0).value {
        return try Argmaxima.pool(value, aperture, roundsUp, call).map(Edge.known)
      }
      guard call.attributes.integer("storage_order", default: 0) == 0 else {
        throw call.missing("column order")
      }
      return [
        try separably(aperture, of: try call.edge(0), call, &builder) {
          MaxPool(window: $0, roundsUp: roundsUp)
        }
      ]
    },
    "AveragePool": { call, builder in
      let (aperture, roundsUp) = try window(call)
      let counts = call.attributes.integer("count_include_pad", default: 0) != 0
      return [
        try separably(aperture, of: try call.edge(0), call, &builder) {
          AveragePool(window: $0, roundsUp: roundsUp, countsPadding: counts)
        }
      ]
    },
    "LpPool": norm,
    "GlobalAveragePool": { call, builder in
      try Activations.apply(Mean(axes: try planes(call), keepsAxes: true), call, &builder)
    },
    "GlobalMaxPool": { call, builder in
      _ = try planes(call)
      return try Activations.apply(GlobalMaxPool(), call, &builder)
    },
    "GlobalLpPool": { call, builder in
      let p = try degree(call)
      let powers = try Norms.powers(try call.edge(0), p, call, &builder)
      let sum = try builder.add(Total(axes: try planes(call), keepsAxes: true), of: [powers], for: call)
      return [try builder.add(Root(degree: Float(p)), of: [sum], for: call)]
    },
  ]

  private static func planes(_ call: OperatorCall) throws -> [Int] {
    let rank = try call.shape(0).rank
    guard rank > 2 else { throw call.bad("takes images, not \(try call.shape(0))") }
    return Array(2..<rank)
  }

  private static func window(_ call: OperatorCall) throws -> (Aperture, roundsUp: Bool) {
    guard let kernel = call.attributes.integers("kernel_shape") else {
      throw call.bad("kernel_shape is missing")
    }
    var aperture = try call.aperture(kernel: kernel, on: try call.shape(0))
    let roundsUp = call.attributes.integer("ceil_mode", default: 0) != 0
    if roundsUp { aperture.narrow(to: try call.shape(0)) }
    for axis in 0..<aperture.rank
    where max(aperture.before[axis], aperture.after[axis]) >= aperture.reach(axis) {
      throw call.bad("pads \(aperture.before + aperture.after) reach beyond the kernel \(kernel)")
    }
    return (aperture, roundsUp)
  }

  /// A pooling that is one over rows and columns followed by one over the third axis; a mean's count is a product.
  private static func separably(
    _ a: Aperture, of x: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder,
    _ pool: (Window) -> any Operation
  ) throws -> Edge {
    switch a.rank {
    case 1:
      let flat = try builder.add(pool(a.flat.window([0, 1])), of: [try builder.row(x, for: call)], for: call)
      return try builder.unrow(flat, for: call)
    case 2: return try builder.add(pool(a.window([0, 1])), of: [x], for: call)
    default:
      let s = x.shape!
      let planes = try builder.reshape(x, to: [s[0], s[1] * s[2], s[3], s[4]], for: call)
      let pooled = try builder.add(pool(a.window([1, 2])), of: [planes], for: call)
      let p = pooled.shape!
      let columns = try builder.reshape(pooled, to: [s[0], s[1], s[2], p[2] * p[3]], for: call)
      var depth = Aperture(
        kernel: [a.kernel[0]], strides: [a.strides[0]], dilations: [a.dilations[0]], before: [a.before[0]],
        after: [a.after[0]]
      ).flat
      (depth.kernel, depth.strides, depth.dilations) = (
        depth.kernel.reversed(), depth.strides.reversed(), depth.dilations.reversed()
      )
      (depth.before, depth.after) = (depth.before.reversed(), depth.after.reversed())
      let result = try builder.add(pool(depth.window([0, 1])), of: [columns], for: call)
      return try builder.reshape(result, to: [s[0], s[1], result.shape![2], p[2], p[3]], for: call)
    }
  }

  private static func degree(_ call: OperatorCall) throws -> Int {
    let p = call.attributes.integer("p", default: 2)
    guard (1...64).contains(p) else { throw call.bad("takes a norm of degree 1 to 64, not \(p)") }
    return p
  }

  /// (Σ |x|ᵖ)^(1/p) under the window: a convolution with ones between two powers.
  @Sendable private static func norm(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let (aperture, roundsUp) = try window(call)
    let shape = try call.shape(0)
    if roundsUp { throw call.missing("ceil_mode") }
    let p = try degree(call)
    let powers = try Norms.powers(try call.edge(0), p, call, &builder)
    let ones = Convolutions.Filters(
      weights: Tensor(repeating: 1, shape: try call.checked([shape[1], 1] + aperture.kernel)), bias: nil,
      groups: shape[1], aperture: aperture)
    let sums = try Convolutions.apply(ones, to: powers, call, &builder)
    return [try builder.add(Root(degree: Float(p)), of: [sums], for: call)]
  }
}

/// Powers of sizes, and with them norms.
enum Norms {
  /// |x|ᵖ.
  static func powers(_ x: Edge, _ p: Int, _ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge
  {
    if p == 2 { return try builder.add(Multiplication(), of: [x, x], for: call) }
    let sizes = p % 2 == 0 ? x : try builder.add(AbsoluteValue(), of: [x], for: call)
    return p == 1 ? sizes : try builder.add(Elementwise(.power(Float(p))), of: [sizes], for: call)
  }
}
