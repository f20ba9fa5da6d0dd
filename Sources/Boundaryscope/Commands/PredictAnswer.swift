internal import Experiments
internal import Images
internal import Networks

/// What `predict` tells scripts: each prediction with its file, and what its probability is.
struct PredictAnswer: Encodable {
  /// A prediction with what the set says of its image.
  struct Row: Encodable {
    let prediction: Prediction.Label
    let file: String?
    /// What the set itself calls the image's class, such as the name of its folder.
    let folder: String?

    private enum Key: String, CodingKey { case file, folder }

    func encode(to encoder: any Encoder) throws {
      try prediction.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encodeIfPresent(file, forKey: .file)
      try container.encodeIfPresent(folder, forKey: .folder)
    }
  }

  let count: Int
  @OrNull var accuracy: Double?
  let predictions: [Row]
  /// `model` where the probabilities are the model's own, `softmax` where they are that of its logits.
  let probabilities: String
  let remarks: [String]

  init(_ outcome: Prediction.Outcome, _ set: any DataSet, head: Head, remarks: [String]) throws {
    count = outcome.count
    _accuracy = OrNull(wrappedValue: outcome.accuracy)
    probabilities = head.hasProbabilities ? "model" : "softmax"
    self.remarks = remarks
    predictions = try outcome.predictions.map { prediction in
      let label = set.labelling == .names ? try set.label(prediction.index) : nil
      return Row(
        prediction: prediction, file: set.file(prediction.index), folder: label.map { set.classNames[$0] })
    }
  }
}
