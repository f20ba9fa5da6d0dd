internal import Jobs
internal import Networks
internal import Tensors

/// What the classifier says about each image, with its accuracy where the truth is known.
public struct Prediction: Experiment, ImageByImage {
  public static let name = "predict"
  public static let version = 1
  public static let tellsNames = true

  /// Whether the logits of every image are kept.
  public var includesLogits: Bool

  public init(includesLogits: Bool = false) { self.includesLogits = includesLogits }

  /// The labels of all images, with their accuracy.
  public struct Outcome: StoredOutcome {
    public var count: Int
    /// Share of images whose label is the true class; nil where the truth is unknown.
    @OrNull public var accuracy: Double?
    /// One an image, in the order of the subject's images.
    public var predictions: [Label]
  }

  /// The label of one image.
  public struct Label: Codable, Sendable, Equatable {
    /// Which image of the range that was asked for.
    public var index: Int
    /// k(x) = argmax f(x).
    public var label: Int
    public var name: String
    /// The model's own at k(x); softmax of the logits where it gives none.
    public var probability: Double
    /// The true class; nil where it is unknown.
    @OrNull public var truth: Int?
    /// The best classes with their probabilities, best first, five at most.
    public var best: [Candidate]
    /// One a class; nil unless ``Prediction/includesLogits``.
    @OrNull public var logits: [Float]?
  }

  /// A class and its probability.
  public struct Candidate: Codable, Sendable, Equatable {
    /// Which of the logits, from 0.
    public var label: Int
    public var name: String
    /// The model's own; softmax of the logits where it gives none.
    public var probability: Double
  }
}

extension Prediction {
  /// Multiply-adds between two reports, and images at most.
  private static let stride = (work: 10_000_000_000, images: 256)

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.network(interruptibleBy: context.interruption)
    var predictions: [Label] = []
    while predictions.count < subject.images.count {
      let start = predictions.count
      // The first image of a dear network goes alone: somebody waits for it, and it tells what a pass costs.
      let fitting = max(1, Self.stride.work / max(1, network.multiplyAdds))
      let stride = fitting >= Self.stride.images ? Self.stride.images : start == 0 ? 1 : max(2, fitting)
      let range = start..<min(subject.images.count, start + stride)
      let logits = try network.logits(subject.images.images[range])
      let probabilities = network.head.probabilities(logits)
      for i in range {
        predictions.append(
          try label(i, Array(logits.entryElements(i - start)), probabilities[i - start], subject))
      }
      try context.report(
        Progress(completed: predictions.count, total: subject.images.count, phase: "images"),
        partial: outcome(predictions))
    }
    return outcome(predictions)
  }

  private func outcome(_ predictions: [Label]) -> Outcome {
    let known = predictions.filter { $0.truth != nil }
    let correct = known.filter { $0.truth == $0.label }.count
    return Outcome(
      count: predictions.count, accuracy: known.isEmpty ? nil : Double(correct) / Double(known.count),
      predictions: predictions)
  }

  private func label(_ i: Int, _ logits: [Float], _ probabilities: [Double], _ subject: Subject) throws
    -> Label
  {
    let order = logits.indices.sorted { logits[$0] > logits[$1] || (logits[$0] == logits[$1] && $0 < $1) }
    let best = order.prefix(5).map {
      Candidate(label: $0, name: subject.classifier.className($0), probability: probabilities[$0])
    }
    return Label(
      index: subject.images.offsets[i], label: best[0].label, name: best[0].name,
      probability: best[0].probability,
      truth: subject.images.truth?[i], best: best, logits: includesLogits ? logits : nil)
  }
}

extension Prediction {
  public func suits(_ outcome: Outcome, _ subject: Subject) -> Bool {
    let classes = 0..<subject.classifier.network.classCount
    return outcome.predictions.count == subject.images.count
      && outcome.predictions.enumerated().allSatisfy { i, row in
        row.truth == subject.images.truth?[i]
          && ([row.label] + row.best.map(\.label)).allSatisfy(classes.contains)
          && (row.logits?.count ?? 0) == (includesLogits ? classes.count : 0)
      }
  }

  public func joined(_ parts: [Outcome], on subject: Subject) -> Outcome {
    var all = parts.flatMap(\.predictions)
    for i in all.indices { all[i].index = subject.images.offsets[i] }
    return outcome(all)
  }
}
