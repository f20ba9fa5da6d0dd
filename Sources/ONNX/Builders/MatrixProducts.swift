internal import Networks
internal import Tensors

/// `Gemm` and `MatMul`: a layer where one factor is trained, a product of two values otherwise.
enum MatrixProducts {
  static let builders: [String: Builder] = [
    "Gemm": gemm,
    "MatMul": { call, builder in [try product(try call.edge(0), try call.edge(1), call, &builder)]
    },
  ]

  /// α·op(A)·op(B) + β·C.
  @Sendable private static func gemm(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    guard try call.shape(0).rank == 2, try call.shape(1).rank == 2 else {
      throw call.bad("takes matrices, not \(try call.shape(0)) and \(try call.shape(1))")
    }
    let attributes = call.attributes
    let alpha = try attributes.float("alpha", default: 1)
    let beta = try attributes.float("beta", default: 1)
    let transposesRight = attributes.integer("transB", default: 0) != 0
    var left = try call.edge(0)
    if attributes.integer("transA", default: 0) != 0 {
      left = try builder.transposeMatrix(left, for: call)
    }
    if left.value == nil, try call.edge(1).value != nil, let bias = try vectorBias(call, beta) {
      let rows = try rows(call, transposesRight: transposesRight, alpha)
      let fits = bias.isEmpty || bias.count == rows.shape[0] || bias.count == 1
      guard fits else { throw call.bad("\(bias.count) biases for \(rows.shape[0]) outputs") }
      let full = bias.count == 1 ? [Float](repeating: bias[0], count: rows.shape[0]) : bias
      return [
        try builder.add(
          Dense(weights: rows, bias: full.isEmpty ? nil : full), of: [left], for: call)
      ]
    }
    var right = try call.edge(1)
    if transposesRight { right = try builder.transposeMatrix(right, for: call) }
    var result = try product(left, right, call, &builder)
    if alpha != 1 {
      result = try builder.add(Affine(scale: alpha, shift: 0), of: [result], for: call)
    }
    guard call.has(2), beta != 0 else { return [result] }
    var addend = try call.edge(2)
    if beta != 1 {
      addend = try builder.add(Affine(scale: beta, shift: 0), of: [addend], for: call)
    }
    return [try Arithmetic.sum(result, addend, call, &builder)]
  }

  /// β·C where C is one number an output; empty where there is none; nil where it is anything else.
  private static func vectorBias(_ call: OperatorCall, _ beta: Float) throws -> [Float]? {
    guard call.has(2), beta != 0 else { return [] }
    guard let value = try call.edge(2).value, value.shape.extents.dropLast().allSatisfy({ $0 == 1 })
    else {
      return nil
    }
    let bias = try call.weights(2, "biases").elements
    return bias.isEmpty ? nil : beta == 1 ? bias : bias.map { beta * $0 }
  }

  /// The trained factor as K×D, scaled.
  private static func rows(_ call: OperatorCall, transposesRight: Bool, _ alpha: Float) throws
    -> Tensor
  {
    let weights = try call.weights(1, "weights")
    let rows = transposesRight ? weights : weights.transposedMatrix
    return alpha == 1 ? rows : Tensor(shape: rows.shape, elements: rows.elements.map { alpha * $0 })
  }

  /// A·B as numpy has it, for arrays of at least one axis.
  static func product(
    _ left: Edge, _ right: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let (a, b) = (left.shape!, right.shape!)
    guard a.rank > 0, b.rank > 0 else { throw call.bad("takes arrays, not \(a) and \(b)") }
    if a.rank == 1 {
      let wide = try builder.reshape(left, to: Shape([1] + a.extents), for: call)
      let result = try product(wide, right, call, &builder)
      return try drop(axis: b.rank == 1 ? 0 : result.shape!.rank - 2, of: result, call, &builder)
    }
    if b.rank == 1 {
      let tall = try builder.reshape(right, to: Shape(b.extents + [1]), for: call)
      let result = try product(left, tall, call, &builder)
      return try drop(axis: result.shape!.rank - 1, of: result, call, &builder)
    }
    guard a[a.rank - 1] == b[b.rank - 2] else { throw call.bad("\(a) and \(b) do not match") }
    if left.value == nil, let weights = right.value, b.rank == 2 {
      try weights.tensor.checkFinite { call.bad("weights hold a number that is not finite") }
      return try builder.add(
        Dense(weights: weights.tensor.transposedMatrix, bias: nil), of: [left], for: call)
    }
    if right.value == nil, let weights = left.value, a.rank == 2 {
      try weights.tensor.checkFinite { call.bad("weights hold a number that is not finite") }
      let columns = try builder.transposeMatrix(right, for: call)
      let result = try builder.add(
        Dense(weights: weights.tensor, bias: nil), of: [columns], for: call)
      return try builder.transposeMatrix(result, for: call)
    }
    return try builder.add(MatrixProduct(), of: [left, right], for: call)
  }

  private static func drop(
    axis: Int, of edge: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    var extents = edge.shape!.extents
    extents.remove(at: axis)
    return try builder.reshape(edge, to: Shape(extents), for: call)
  }
}

extension Tensor {
  /// Rows and columns exchanged, in blocks that stay in the cache.
  var transposedMatrix: Tensor {
    let (rows, columns) = (shape[0], shape[1])
    let turned = Rearrangement([Array(0..<columns), (0..<rows).map { $0 * columns }])
    return turned.gather(self, as: turned.shape)
  }
}
