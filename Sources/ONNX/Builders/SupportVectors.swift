internal import Networks
internal import Tensors

/// ONNX-ML's `SVMClassifier` and `SVMRegressor`: weighted sums of a kernel between the image and support vectors.
enum SupportVectors {
  static let builders: [String: Builder] = [
    "ai.onnx.ml.SVMClassifier": classifier, "ai.onnx.ml.SVMRegressor": regressor,
  ]

  /// The label, which is not computed, and the decisions between classes i < j, 1×K(K − 1)/2, positive where i wins.
  ///
  /// Without support vectors, one score a class. What probabilities are made of decisions is left out: see ``PairVotes``.
  @Sendable private static func classifier(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let counts = call.attributes.integers("vectors_per_class") ?? []
    guard !counts.isEmpty else { return [.unknown, try linear(call, &builder)] }
    let vectors = try vectors(call, count: counts.reduce(0, +), counts.allSatisfy { $0 >= 0 })
    let coefficients = try call.finite("coefficients")
    let offsets = try call.finite("rho")
    let (classes, total) = (counts.count, vectors.shape[0])
    guard classes > 1, coefficients.count == (classes - 1) * total,
      offsets.count == classes * (classes - 1) / 2
    else {
      throw call.bad(
        "has \(coefficients.count) coefficients and \(offsets.count) offsets for \(classes) classes")
    }
    if call.attributes.has("prob_a") { builder.remark(.fittedProbabilities) }
    let starts = counts.indices.map { counts[..<$0].reduce(0, +) }
    let weights = Tensor(shape: [offsets.count, total]) { out in
      out.update(repeating: 0)
      var row = 0
      for i in 0..<classes {
        for j in i + 1..<classes {
          for m in starts[i]..<starts[i] + counts[i] {
            out[row * total + m] = coefficients[(j - 1) * total + m]
          }
          for m in starts[j]..<starts[j] + counts[j] { out[row * total + m] = coefficients[i * total + m] }
          row += 1
        }
      }
    }
    let similar = try kernel(of: try call.features(&builder), vectors, call, &builder)
    return [.unknown, try builder.add(Dense(weights: weights, bias: offsets), of: [similar], for: call)]
  }

  /// Scores of classes that have a vector each.
  private static func linear(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge {
    let x = try call.features(&builder)
    let (weights, size) = (try call.finite("coefficients"), x.shape!.count)
    guard !weights.isEmpty, weights.count % size == 0 else {
      throw call.bad("has \(weights.count) coefficients for \(size) features")
    }
    let vectors = Tensor(shape: [weights.count / size, size], elements: weights)
    let similar = try kernel(of: x, vectors, call, &builder)
    let offset = try call.finite("rho").first ?? 0
    let scores = try builder.add(Affine(scale: 1, shift: offset), of: [similar], for: call)
    return try LinearModels.transformed(scores, call, &builder)
  }

  @Sendable private static func regressor(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let count = call.attributes.integer("n_supports", default: 0)
    guard count > 0 else { throw call.missing("no support vectors") }
    let vectors = try vectors(call, count: count, true)
    let (weights, offset) = (try call.finite("coefficients"), try call.finite("rho").first ?? 0)
    guard weights.count == count else {
      throw call.bad("has \(weights.count) coefficients for \(count) vectors")
    }
    let similar = try kernel(of: try call.features(&builder), vectors, call, &builder)
    let layer = Dense(weights: Tensor(shape: [1, count], elements: weights), bias: [offset])
    return [try builder.add(layer, of: [similar], for: call)]
  }

  private static func vectors(_ call: OperatorCall, count: Int, _ isWhole: Bool) throws -> Tensor {
    let numbers = try call.finite("support_vectors")
    let size = try call.shape(0).count
    guard isWhole, count > 0, numbers.count == count * size else {
      throw call.bad("has \(numbers.count) numbers for \(count) support vectors of \(size) features")
    }
    return Tensor(shape: [count, size], elements: numbers)
  }
}

// MARK: - Kernels

extension SupportVectors {
  /// k(x, s) for each support vector s, 1×S.
  private static func kernel(
    of x: Edge, _ vectors: Tensor, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let numbers = call.attributes.has("kernel_params") ? try call.finite("kernel_params") : []
    let (gamma, offset, degree) = numbers.count == 3 ? (numbers[0], numbers[1], numbers[2]) : (0, 0, 0)
    let kind = call.attributes.string("kernel_type", default: "LINEAR")
    if kind == "RBF" { return try radial(x, vectors: vectors, gamma: gamma, call, &builder) }
    let scale = kind == "LINEAR" ? 1 : gamma
    let bias = kind == "LINEAR" ? nil : [Float](repeating: offset, count: vectors.shape[0])
    let product = try builder.add(Dense(weights: scale * vectors, bias: bias), of: [x], for: call)
    switch kind {
    case "LINEAR": return product
    case "POLY": return try builder.add(Elementwise(.power(degree)), of: [product], for: call)
    case "SIGMOID": return try builder.add(Elementwise(.tanh), of: [product], for: call)
    default: throw call.missing("kernel \(kind)")
    }
  }

  /// exp(−γ‖x − s‖²) as exp(2γ⟨x, s⟩ − γ‖s‖² − γ‖x‖²), about the mean of all s, where little is lost to rounding.
  private static func radial(
    _ x: Edge, vectors: Tensor, gamma: Float, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let (count, size) = (vectors.shape[0], vectors.shape[1])
    let mean = (0..<size).map { i in
      Float((0..<count).reduce(0.0) { $0 + Double(vectors.elements[$1 * size + i]) } / Double(count))
    }
    let centred = vectors.addingToEach(-1, mean)
    let layer = Dense(
      weights: 2 * gamma * centred, bias: centred.entryNorms.map { Float(-Double(gamma) * $0 * $0) })
    let shift = ChannelAffine(scale: mean.map { _ in 1 }, shift: mean.map(-))
    let moved = try builder.add(shift, of: [x], for: call)
    let squares = try builder.add(Multiplication(), of: [moved, moved], for: call)
    let length = try builder.add(Total(axes: [1], keepsAxes: true), of: [squares], for: call)
    let own = try builder.add(Affine(scale: -gamma, shift: 0), of: [length], for: call)
    let product = try builder.add(layer, of: [moved], for: call)
    let exponent = try builder.add(Addition(), of: [product, own], for: call)
    return try builder.add(Elementwise(.exp), of: [exponent], for: call)
  }
}
