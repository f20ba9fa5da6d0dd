internal import Networks
internal import Tensors

/// ONNX-ML's `LinearClassifier` and `LinearRegressor`: a dense layer, and what follows it.
enum LinearModels {
  static let builders: [String: Builder] = [
    "ai.onnx.ml.LinearClassifier": classifier, "ai.onnx.ml.LinearRegressor": regressor,
  ]

  /// The label, which is not computed, and the scores W·x + b of the classes, transformed.
  ///
  /// Of one row of weights for two classes, or of two that are opposite, the scores are −s and s.
  @Sendable private static func classifier(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let classes = max(
      call.attributes.strings("classlabels_strings")?.count ?? 0,
      call.attributes.integers("classlabels_ints")?.count ?? 0)
    var scores = try layer(call, isPair: classes == 2, &builder)
    if classes == 2, scores.shape!.count == 1 { scores = try pair(of: scores, call, &builder) }
    guard classes == 0 || scores.shape!.count == classes else {
      throw call.bad("has \(scores.shape!.count) rows of weights for \(classes) classes")
    }
    return [.unknown, try transformed(scores, call, &builder)]
  }

  /// (−s, s), 1×2, of one score.
  private static func pair(of score: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge
  {
    let opposite = try builder.add(Affine(scale: -1, shift: 0), of: [score], for: call)
    return try builder.add(Concatenation(axis: 1), of: [opposite, score], for: call)
  }

  /// Whether two rows of so many numbers are each other's opposites.
  private static func areOpposite(_ rows: [Float], size: Int) -> Bool {
    rows.count == 2 * size && (0..<size).allSatisfy { rows[$0] == -rows[size + $0] }
  }

  @Sendable private static func regressor(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    [try transformed(try layer(call, isPair: false, &builder), call, &builder)]
  }

  /// W·x + b; of a pair of opposite rows the second alone.
  private static func layer(
    _ call: OperatorCall, isPair: Bool, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let x = try call.features(&builder)
    var weights = try call.finite("coefficients")
    let size = x.shape!.count
    guard !weights.isEmpty, weights.count % size == 0 else {
      throw call.bad("has \(weights.count) coefficients for \(size) features")
    }
    var rows = weights.count / size
    var bias = call.attributes.has("intercepts") ? try call.finite("intercepts") : []
    guard bias.isEmpty || bias.count == rows else {
      throw call.bad("has \(bias.count) intercepts for \(rows) rows")
    }
    if isPair, areOpposite(weights, size: size), bias.isEmpty || areOpposite(bias, size: 1) {
      (weights, bias, rows) = (Array(weights.suffix(size)), Array(bias.suffix(1)), 1)
    }
    let layer = Dense(
      weights: Tensor(shape: [rows, size], elements: weights), bias: bias.isEmpty ? nil : bias)
    return try builder.add(layer, of: [x], for: call)
  }

  /// The scores after `post_transform`.
  static func transformed(_ scores: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge
  {
    switch call.attributes.string("post_transform", default: "NONE") {
    case "NONE", "": scores
    case "LOGISTIC":
      try builder.add(Elementwise(.sigmoid), of: [scores], for: call.calling("Sigmoid"))
    case "SOFTMAX", "SOFTMAX_ZERO":
      // ONNX Runtime takes no softmax of one number.
      scores.shape!.count == 1
        ? scores : try builder.add(Softmax(axis: 1), of: [scores], for: call.calling("Softmax"))
    case let name: throw call.missing("post_transform \(name)")
    }
  }
}

extension OperatorCall {
  /// The features of one image, 1×D.
  func features(_ builder: inout GraphBuilder) throws -> Edge {
    let x = try edge(0)
    guard let shape = x.shape, shape.rank <= 1 || shape[0] == 1 else {
      throw bad("takes one row of features per image, not \(x.shape!)")
    }
    return try builder.reshape(x, to: [1, shape.count], for: self)
  }

  /// The same node by the name of a part of it.
  func calling(_ type: String) -> OperatorCall {
    OperatorCall(
      place: NodePlace(type: type, node: place.node), opset: opset, attributes: attributes, inputs: inputs,
      outputCount: outputCount, decoder: decoder, budget: budget)
  }

  /// Numbers of an attribute that has to be there.
  func finite(_ name: String) throws -> [Float] {
    guard let numbers = attributes.floats(name) else { throw bad("\(name) are missing") }
    guard numbers.allSatisfy(\.isFinite) else { throw bad("\(name) hold a number that is not finite") }
    return numbers
  }
}
