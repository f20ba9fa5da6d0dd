/// Why some of ONNX's operators have no operation here.
enum OperatorNotes {
  private static let groups: [(reason: String, operators: String)] = [
    (
      "operations on bits, which have no derivative", "BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor"
    ),
    (
      "sequences and optional values, which no image classifier needs",
      """
      SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap \
      SplitToSequence ConcatFromSequence Optional OptionalGetElement OptionalHasElement
      """
    ),
    (
      "text",
      "StringNormalizer StringConcat StringSplit RegexFullMatch TfIdfVectorizer ai.onnx.ml.LabelEncoder"
    ),
    (
      "decision trees, whose gradient is zero almost everywhere, so no boundary can be followed",
      "ai.onnx.ml.TreeEnsemble ai.onnx.ml.TreeEnsembleClassifier ai.onnx.ml.TreeEnsembleRegressor"
    ),
    ("a threshold, whose gradient is zero almost everywhere", "ai.onnx.ml.Binarizer"),
    ("recurrence over time", "Scan"),
    ("random numbers", "RandomNormal RandomNormalLike RandomUniform RandomUniformLike Multinomial Bernoulli"),
    ("a training graph", "Gradient Adam Adagrad Momentum SoftmaxCrossEntropyLoss NegativeLogLikelihoodLoss"),
    ("detection", "NonMaxSuppression RoiAlign MaxRoiPool"),
  ]

  private static let reasons: [String: String] = groups.reduce(into: [:]) { table, group in
    for name in group.operators.split(separator: " ") { table[String(name)] = group.reason }
  }

  /// A few words on why an operator is left out; nil where it merely has not come up.
  static func reason(_ type: String) -> String? {
    type.hasPrefix("com.microsoft.nchwc.")
      ? "a layout made for one processor; save the model with ORT_ENABLE_EXTENDED instead" : reasons[type]
  }
}
