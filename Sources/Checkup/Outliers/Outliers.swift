public import Experiments
public import Jobs
internal import Networks
internal import Tensors

/// Whether a classifier is less sure of what is no image: noise, and images cut into shuffled patches.
///
/// The score is the largest softmax probability (Hendrycks and Gimpel, ICLR 2017). AUROC is the chance that an image has a
/// larger one than an outlier, ties counting half; FPR95 the share of outliers above the probability that 95 % of the
/// images exceed. Cost: a forward pass an image and outlier.
public struct Outliers: Experiment {
  public static let name = "outliers"
  public static let version = 1

  /// Seed of the noise, and of the order of the patches.
  public var seed: UInt64

  public init(seed: UInt64 = 1) { self.seed = seed }

  /// How sure the classifier is of the images, and of each kind of outlier.
  public struct Outcome: StoredOutcome {
    public var count: Int
    /// Median of the largest probability on the images.
    public var confidence: Double
    /// Noise, then shuffled patches; of each as many as there are images.
    public var kinds: [Kind]
  }

  /// How one kind of outlier fared.
  public struct Kind: Codable, Sendable, Equatable {
    public var name: String
    /// Median of the largest probability on these outliers.
    public var confidence: Double
    /// The chance that an image scores above an outlier, ties counting half: 1 at best, ½ by chance.
    public var auroc: Double
    /// The share of outliers that score no less than the 5 % quantile of the images: 0 at best.
    public var fpr95: Double
  }

  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    [.init("outliers", passes: 3 * Double(extent.selection.images.count))]
  }

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.network(interruptibleBy: context.interruption)
    let images = subject.images.images
    func scores(_ x: Tensor) throws -> [Double] {
      network.head.probabilities(try network.logits(x)).map { $0.max() ?? 0 }
    }
    let own = try scores(images)
    var outcome = Outcome(count: images.count, confidence: own.middle, kinds: [])
    for (name, made) in [("noise", noise(like: images)), ("shuffled patches", shuffled(images))] {
      try context.report(
        Progress(completed: 1 + outcome.kinds.count, total: 3, phase: "outliers"), partial: outcome)
      let strange = try scores(made)
      outcome.kinds.append(
        Kind(
          name: name, confidence: strange.middle, auroc: Self.auroc(own, strange),
          fpr95: Self.falseAlarms(own, strange)))
    }
    return outcome
  }

  static func auroc(_ own: [Double], _ strange: [Double]) -> Double {
    let sorted = strange.sorted()
    let below = own.reduce(0.0) { sum, score in
      let (less, equal) = (sorted.count { $0 < score }, sorted.count { $0 == score })
      return sum + Double(less) + Double(equal) / 2
    }
    return below / Double(max(1, own.count * strange.count))
  }

  static func falseAlarms(_ own: [Double], _ strange: [Double]) -> Double {
    let limit = own.sorted()[own.count / 20]
    return Double(strange.filter { $0 >= limit }.count) / Double(max(1, strange.count))
  }

  /// Uniform pixels.
  private func noise(like images: Tensor) -> Tensor {
    var generator = SeededGenerator(seed: seed, stream: 1)
    return Tensor(shape: images.shape, elements: images.elements.map { _ in Float(generator.uniform()) })
  }

  /// Each image in 4×4 patches, which change places; what is left over at the edge stays.
  private func shuffled(_ images: Tensor) -> Tensor {
    let (channels, rows, columns) = (images.shape[1], images.shape[2], images.shape[3])
    let (height, width) = (max(1, rows / 4), max(1, columns / 4))
    return Tensor(
      concatenating: (0..<images.count).map { n in
        var generator = SeededGenerator(seed: seed, stream: UInt64(n) + 2)
        let order = generator.permutation(16)
        let x = images.entry(n)
        var made = x
        for (to, from) in order.enumerated() {
          for c in 0..<channels {
            for row in 0..<height where to / 4 * height + row < rows && from / 4 * height + row < rows {
              for column in 0..<width
              where to % 4 * width + column < columns && from % 4 * width + column < columns {
                let at = (c * rows + to / 4 * height + row) * columns + to % 4 * width + column
                let source = (c * rows + from / 4 * height + row) * columns + from % 4 * width + column
                made.elements[at] = x.elements[source]
              }
            }
          }
        }
        return made
      })
  }
}

extension [Double] {
  fileprivate var middle: Double {
    let sorted = sorted()
    return isEmpty ? .nan : (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
