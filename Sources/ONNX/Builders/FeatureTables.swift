internal import Networks
internal import Tensors

/// What ONNX-ML does to tables of features before a classifier: scaling, normalising, picking and joining.
enum FeatureTables {
  static let builders: [String: Builder] = [
    "ai.onnx.ml.Scaler": scaler, "ai.onnx.ml.Normalizer": normalizer,
    "ai.onnx.ml.ArrayFeatureExtractor": extractor, "ai.onnx.ml.FeatureVectorizer": vectorizer,
    "ai.onnx.ml.Imputer": imputer,
  ]

  /// (x − offset)·scale, one number a feature or one for all.
  @Sendable private static func scaler(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let x = try call.features(&builder)
    func numbers(_ name: String, _ value: Float) throws -> [Float] {
      let found = call.attributes.has(name) ? try call.finite(name) : [value]
      guard [1, x.shape!.count].contains(found.count) else {
        throw call.bad("\(name) has \(found.count) numbers for \(x.shape!.count) features")
      }
      return found.count == 1 ? [Float](repeating: found[0], count: x.shape!.count) : found
    }
    let (scale, offset) = (try numbers("scale", 1), try numbers("offset", 0))
    let shift = zip(scale, offset).map { -$0 * $1 }
    let scaled = try builder.add(ChannelAffine(scale: scale, shift: shift), of: [x], for: call)
    return [try builder.reshape(scaled, to: try call.shape(0), for: call)]
  }

  /// x divided by its largest element, by Σ|x| or by ‖x‖; a row of zeros stays.
  @Sendable private static func normalizer(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let x = try call.features(&builder)
    let length: Edge
    switch call.attributes.string("norm", default: "MAX") {
    case "L1":
      let sizes = try builder.add(AbsoluteValue(), of: [x], for: call)
      length = try builder.add(Total(axes: [1], keepsAxes: true), of: [sizes], for: call)
    case "L2":
      let squares = try builder.add(Multiplication(), of: [x, x], for: call)
      let sum = try builder.add(Total(axes: [1], keepsAxes: true), of: [squares], for: call)
      length = try builder.add(Root(degree: 2), of: [sum], for: call)
    case "MAX":
      let row = try builder.reshape(x, to: [1, 1, x.shape!.count], for: call)
      let largest = try builder.add(GlobalMaxPool(), of: [row], for: call)
      length = try builder.reshape(largest, to: [1, 1], for: call)
    case let name: throw call.missing("norm \(name)")
    }
    let divisor = try builder.add(Affine(scale: 1, shift: .leastNormalMagnitude), of: [length], for: call)
    let shares = try builder.add(Division(), of: [x, divisor], for: call)
    return [try builder.reshape(shares, to: try call.shape(0), for: call)]
  }

  /// Some elements along the last axis.
  @Sendable private static func extractor(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let shape = try call.shape(0)
    let indices = try call.integers(1, "indices") ?? []
    guard shape.rank > 0, let extent = shape.extents.last, indices.allSatisfy({ $0 >= 0 && $0 < extent })
    else {
      throw call.bad("picks elements that do not exist")
    }
    let gather = Gather(indices: indices, axis: -1, indexShape: [indices.count])
    let picked = try builder.add(gather, of: [try call.edge(0)], for: call)
    return [shape.rank == 1 ? try builder.reshape(picked, to: [1, indices.count], for: call) : picked]
  }

  /// The inputs' features one behind the other.
  @Sendable private static func vectorizer(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let rows = try call.inputs.indices.map { i in
      try builder.reshape(try call.edge(i), to: [1, try call.shape(i).count], for: call)
    }
    return [rows.count == 1 ? rows[0] : try builder.add(Concatenation(axis: 1), of: rows, for: call)]
  }

  /// Pixels are never missing, so that nothing stands in for them.
  @Sendable private static func imputer(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge]
  {
    guard call.attributes.floats("imputed_value_floats") != nil,
      call.attributes.has("replaced_value_float") == false || call.attributes.isNaN("replaced_value_float")
    else { throw call.missing("numbers that stand for missing ones") }
    return [try call.edge(0)]
  }
}
