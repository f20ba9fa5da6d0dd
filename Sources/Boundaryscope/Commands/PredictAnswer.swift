internal import Experiments
internal import Images

/// What `predict` tells scripts: each prediction with its file, and where the truth is known from.
struct PredictAnswer: Encodable {
  struct Truth: Encodable {
    /// How the set's classes were matched with the model's: names, wordNet, numbers, order, none.
    let source: String
    /// What was assumed, or what would settle it; left out where nothing is to be said.
    let sentence: String?
  }

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
  let truth: Truth
  let remarks: [String]

  init(_ outcome: Prediction.Outcome, _ set: any DataSet, _ matching: ClassMatching, remarks: [String]) throws
  {
    count = outcome.count
    _accuracy = OrNull(wrappedValue: outcome.accuracy)
    truth = Truth(source: matching.source.rawValue, sentence: matching.sentence)
    self.remarks = remarks
    predictions = try outcome.predictions.map { prediction in
      let label = set.labelling == .names ? try set.label(prediction.index) : nil
      return Row(
        prediction: prediction, file: set.file(prediction.index), folder: label.map { set.classNames[$0] })
    }
  }
}
