internal import Networks
internal import ONNXSchema
internal import Tensors

/// A decision for a class at the end of a model, traced back to the scores that it was made by.
struct Decision {
  /// The value that holds the scores.
  var scores: String
  /// The operators that decide, first to last.
  var operators: [String] = []
  /// The names of the classes in the order of the scores; nil where they are 0, 1, 2, … or not told.
  var classNames: [String]?
  /// What one score is compared with.
  var threshold: Threshold?
  /// Whether the scores are those of pairs of classes, which vote.
  var isVote = false

  struct Threshold {
    let value: Float
    /// Whether class 1 is what lies above it.
    let isLower: Bool
  }

  /// Operators that only put a decision into another shape or type.
  private static let wrappers: Set = [
    "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Transpose",
  ]
  /// Operators that turn scores into labels, into maps, or into a table's entries for those.
  private static let deciding: Set = [
    "ArgMax", "TopK", "Hardmax", "OneHot", "Gather", "GatherElements", "GatherND", "Round", "Sign", "Where",
    "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "ai.onnx.ml.ZipMap",
    "ai.onnx.ml.ArrayFeatureExtractor",
    "ai.onnx.ml.LabelEncoder", "ai.onnx.ml.CategoryMapper",
  ]

  static func wraps(_ node: Onnx_NodeProto) -> Bool { wrappers.contains(node.place.type) }
  fileprivate static func decides(_ node: Onnx_NodeProto) -> Bool { deciding.contains(node.place.type) }
}

extension Importer {
  /// The scores by which the model decides what an output says; those of the output itself where it says no class.
  func decision(behind output: String) -> Decision {
    if let vote = vote(behind: output) { return vote }
    var (decision, found) = (Decision(scores: output), Decision(scores: output))
    while let node = producer(of: decision.scores) {
      if node.isClassifier, decision.scores == node.output.first, node.output.count > 1 {
        decision.scores = node.output[1]
        decision.operators.insert("label", at: 0)
        found = decision
        break
      }
      let moving = node.input.filter { ancestors(of: $0).takeImage }
      if let top = scoresBeforeTop(node, moving: moving) {
        decision.scores = top.scores
        decision.operators = top.operators + decision.operators
        found = decision
        continue
      }
      guard moving.count == 1, Decision.wraps(node) || isDecision(node, by: moving[0], &decision) else {
        break
      }
      decision.scores = moving[0]
      if Decision.decides(node) { found = decision }
    }
    if found.classNames == nil {
      let classifiers = ancestors(of: found.scores).nodes.filter(\.isClassifier)
      if classifiers.count == 1 { found.classNames = classifiers[0].classNames }
    }
    return found
  }

  /// Whether a node decides by its only moving input; notes its operator, the classes' names and the threshold.
  private func isDecision(_ node: Onnx_NodeProto, by moving: String, _ decision: inout Decision) -> Bool {
    guard Decision.decides(node) else { return false }
    switch node.opType {
    case "ZipMap", "LabelEncoder", "CategoryMapper":
      decision.classNames = node.classNames ?? decision.classNames
    case "ArrayFeatureExtractor", "Gather", "GatherElements", "GatherND":
      // A decision picks from a constant table; constant places in a moving array decide nothing.
      guard node.input.count > 1, node.input[1] == moving else { return false }
      decision.classNames = tensor(node.input[0]).flatMap(classNames) ?? decision.classNames
    case "Greater", "GreaterOrEqual", "Less", "LessOrEqual":
      guard node.input.count == 2, let other = node.input.first(where: { $0 != moving }),
        let value = tensor(other).flatMap({ try? decoder.value(of: $0) })?.scalar, value.isFinite
      else { return false }
      let isFirst = node.input[0] == moving
      decision.threshold = .init(value: value, isLower: node.opType.hasPrefix("Greater") == isFirst)
    case "Where": guard node.input[0] == moving else { return false }
    default: break
    }
    decision.operators.insert(node.opType, at: 0)
    return true
  }

  /// A lone classifier of pairs, whose votes decide wherever they are counted.
  private func vote(behind output: String) -> Decision? {
    let classifiers = ancestors(of: output).nodes.filter(\.isClassifier)
    guard classifiers.count == 1, classifiers[0].votes, classifiers[0].output.count > 1 else { return nil }
    return Decision(
      scores: classifiers[0].output[1], operators: ["vote of pairs"], classNames: classifiers[0].classNames,
      isVote: true)
  }

  /// The entries of a table of labels; nil where they are their own numbers.
  private func classNames(_ table: Onnx_TensorProto) -> [String]? {
    if table.dataType == Onnx_TensorProto.DataType.string.rawValue {
      return table.stringData.map { String(decoding: $0, as: UTF8.self) }
    }
    guard let value = try? decoder.value(of: table), value.kind == .integer, value.shape.count < 1 << 20
    else {
      return nil
    }
    return names(ofLabels: value.integers)
  }
}

/// Labels as names; nil where each is its own place.
private func names(ofLabels labels: [Int]) -> [String]? {
  labels.isEmpty || labels == Array(labels.indices) ? nil : labels.map(String.init)
}

extension Onnx_NodeProto {
  /// Whether it gives a label first, and then the scores.
  fileprivate var isClassifier: Bool {
    ["ai.onnx.ml.LinearClassifier", "ai.onnx.ml.SVMClassifier"].contains(place.type)
  }

  /// Whether it is a classifier that decides between two classes at a time.
  fileprivate var votes: Bool {
    opType == "SVMClassifier" && attribute.contains { $0.name == "vectors_per_class" && !$0.ints.isEmpty }
  }

  /// The names of the classes among the attributes; nil where there are none, or each is its own place.
  fileprivate var classNames: [String]? {
    for name in [
      "classlabels_strings", "classlabels_ints", "classlabels_int64s", "values_strings", "cats_strings",
    ] {
      guard let found = attribute.first(where: { $0.name == name }) else { continue }
      if !found.strings.isEmpty { return found.strings.map { String(decoding: $0, as: UTF8.self) } }
      if !found.ints.isEmpty { return names(ofLabels: found.ints.map { Int($0) }) }
    }
    return nil
  }
}

// MARK: - Scores

extension Importer {
  /// The scores of the classes that a decision goes by: one against its threshold, or those of pairs joined.
  mutating func classScores(of decision: Decision, _ scores: Edge) throws -> Edge {
    let call = OperatorCall(
      place: NodePlace(type: decision.operators.first ?? "", node: decision.scores), opset: body.opset,
      attributes: .none, inputs: [scores], outputCount: 1, decoder: decoder,
      budget: builder.budget)
    if decision.isVote { return try PairVotes.classScores(scores, call, &builder) }
    guard let threshold = decision.threshold, scores.shape?.count == 1 else { return scores }
    let sign: Float = threshold.isLower ? 1 : -1
    return try builder.add(Affine(scale: sign, shift: -sign * threshold.value), of: [scores], for: call)
  }
}
