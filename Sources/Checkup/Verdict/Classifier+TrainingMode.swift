public import Networks

extension Classifier {
  /// Whether the file left an operation in training mode: in the graph it is switched off, and the importer's remark is
  /// what is left of it.
  public var wasInTrainingMode: Bool { remark?.contains("training mode") ?? false }
}
