/// Turns a node whose inputs are there into operations, and returns its outputs.
typealias Builder = @Sendable (OperatorCall, inout GraphBuilder) throws -> [Edge]

/// Every operator that is available, by name.
enum Builders {
  static let all: [String: Builder] = [
    Convolutions.builders, TransposedConvolutions.builders, MatrixProducts.builders, Einsum.builders,
    Attention.builders, Recurrences.builders, Activations.builders, SmoothActivations.builders,
    Arithmetic.builders,
    Extremes.builders,
    Choices.builders, PoolingBuilders.builders, PatchSums.builders, Reductions.builders,
    Normalizations.builders,
    Softmaxes.builders,
    Reshapes.builders, Slices.builders, Gathers.builders, Picks.builders, Paddings.builders,
    Resizing.builders,
    Steps.builders, Grids.builders, QuantizeLinear.builders, IntegerProducts.builders,
    QuantizedLayers.builders,
    QuantizedTraining.builders, FusedLayers.builders, FusedNormalizations.builders, FusedAttention.builders,
    LinearModels.builders, SupportVectors.builders, FeatureTables.builders,
  ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  /// Operators that are folded when all their inputs are known, and are not available otherwise.
  static let foldedOnly = Set(ConstantFolding.rules.keys).union(ConstantFolding.rankings.keys)
    .subtracting(all.keys)
}

extension ModelFile {
  /// Every operator that is built or folded, by name; those of other domains than ONNX's own have theirs before a dot.
  package static let operatorNames: [String] = (Set(Builders.all.keys).union(Builders.foldedOnly)).sorted()
}
