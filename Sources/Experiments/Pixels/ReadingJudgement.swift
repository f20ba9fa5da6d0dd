public import Networks

/// Which reading of pixels suits a model best, by its accuracy on labelled images, or, without labels, by how sure it is.
///
/// Every reading is tried by one forward pass an image, in portions; one that falls behind the leader beyond doubt is
/// tried no further, and where the given reading errs so seldom that nothing could beat it beyond doubt, only a portion
/// of the others is seen. ``Outcome/isSuspect`` asks for a paired comparison: of the images on which the given reading
/// and another differ, so many speak for the other that chance has less than 2.3 % (two standard errors), divided by the
/// number of readings. Cost: at most one forward pass for each reading and image, most often a third of that.
public struct ReadingJudgement: Experiment {
  public static let name = "judge"
  public static let version = 1

  /// How pictures may be brought to the model's size, what is given first; empty where there is one way alone.
  ///
  /// The subject's other sets are the same images by the others.
  public var fits: [Fit]

  /// One way to bring pictures to a size.
  public struct Fit: Codable, Hashable, Sendable {
    public var name: String
    /// What pictures are resized to; nil where they stay as they are.
    public var resize: Preprocessing.Resize?
    /// The side of the square that is then cut out of their middle, in pixels; nil where nothing is cut off.
    public var crop: Int?

    public init(_ name: String, resize: Preprocessing.Resize?, crop: Int?) {
      self.name = name
      self.resize = resize
      self.crop = crop
    }

    var options: String {
      let side =
        switch resize {
        case .shortSide(let side)?: " --resize \(side)"
        case .exactly(let height, let width)?: " --resize \(height)x\(width)"
        case nil: ""
        }
      return side + (crop.map { " --crop \($0)" } ?? "")
    }
  }

  public init(fits: [Fit] = []) { self.fits = fits }

  /// The readings in the order of how well they do.
  public struct Outcome: StoredOutcome {
    /// Images, and those whose true class is known.
    public var count: Int
    /// Images whose true class is known.
    public var labelled: Int
    /// Best first: by accuracy, or by confidence where no class is known.
    public var judged: [Entry]
    /// Whether another reading than the given one is better beyond doubt; false where no class is known.
    public var isSuspect: Bool
  }

  /// One reading, and how the model does with it.
  public struct Entry: Codable, Sendable, Equatable {
    /// How pixels were read.
    public var reading: PixelReading
    /// How pictures came to the size; nil where there is one way alone.
    @OrNull public var fit: Fit?
    /// Whether it is the reading and the fit that the model was opened with.
    public var isGiven: Bool
    /// Images it was tried on.
    public var count: Int
    /// Share of labelled images that are right, with its 95 % Wilson interval; nil where no class is known.
    @OrNull public var accuracy: Double?
    /// Lower and upper end of the 95 % Wilson interval of the accuracy; nil where no class is known.
    @OrNull public var interval: [Double]?
    /// Mean probability of the label, and mean entropy in nats: weak evidence, for wrong pixels may make a network sure.
    public var confidence: Double
    /// Mean entropy of the probabilities, in nats.
    public var entropy: Double
  }
}

extension ReadingJudgement.Outcome {
  /// The entry of the reading that the model was opened with; nil where there is none.
  public var given: ReadingJudgement.Entry? { judged.first(where: \.isGiven) }
  /// The first of the entries; nil where there is none.
  public var best: ReadingJudgement.Entry? { judged.first }

  /// One sentence for people; nil where the given reading stands.
  public var sentence: String? {
    guard let best, let given, !best.isGiven else { return nil }
    if labelled == 0 {
      guard best.confidence > given.confidence + 0.2 else { return nil }
      return
        "weak evidence against these pixels: mean confidence is \(percent(best.confidence)) with "
        + "\(best.title), \(percent(given.confidence)) as given; labelled pictures would tell"
    }
    guard isSuspect, let own = given.accuracy, let better = best.accuracy else { return nil }
    return
      "these pixels are probably wrong: \(percent(better)) of \(best.count) images are labelled correctly with \(best.title), "
      + "\(percent(own)) as given; pass \(best.options)"
  }

  private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}

extension ReadingJudgement.Entry {
  /// As people call it.
  public var title: String { isGiven ? "as given" : reading.name + (fit.map { ", \($0.name)" } ?? "") }

  /// Options of a command that ask for the reading and the fit.
  public var options: String { reading.options + (fit?.options ?? "") }
}
