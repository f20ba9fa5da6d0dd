public import Experiments
internal import Geometry
internal import Networks

/// What an examination found: its parts, where they were tried; signs and verdict follow from them alone.
public struct Evidence: Sendable {
  public var classNames: [String] = []
  /// Whether another reading of the pixels suits the model better; nil where it was not tried.
  public var judgement: ReadingJudgement.Outcome?
  /// N×K of the images that were labelled.
  var logits: [[Float]] = []
  /// True classes against labels; nil where no class is known.
  public var confusion: Confusion?
  /// Of the images whose class is known; nil where none is.
  public var calibration: Calibration?
  /// Images of the set that are nearly the same; nil where they were not looked for.
  public var duplicates: Duplicates?
  /// Dead channels, dead inputs and zero gradients; nil where it was not tried.
  public var activity: Activity.Outcome?
  /// Distances by several searches, and whether gradients hide the boundary; nil where it was not tried.
  public var masking: Masking.Outcome?
  /// What changes of the images do to labels; nil where it was not tried.
  public var alterations: Alterations.Outcome?
  /// How sure the classifier is of what is no image; nil where it was not tried.
  public var outliers: Outliers.Outcome?
  /// Whether the file left an operation in training mode, which is switched off here.
  public var isInTrainingMode = false
  /// Whether derivatives pass straight through a rounding, whose own are zero.
  public var passesStraight = false
  /// Parts that did not fit, with how long they would take.
  public var skipped: [String] = []

  public init() {}

  /// Images that were labelled.
  public var count: Int { max(confusion?.accuracy.trials ?? 0, logits.count) }

  /// Labels of images, with their logits: accuracy, confusion and calibration where true classes are known.
  public mutating func take(_ found: Prediction.Outcome, classes: Int) {
    logits = found.predictions.compactMap(\.logits)
    let known = found.predictions.filter { $0.truth != nil }
    (confusion, calibration) = (nil, nil)
    guard !known.isEmpty else { return }
    let truth = known.map { $0.truth! }
    confusion = Confusion(truth: truth, labels: known.map(\.label), classes: classes)
    calibration = Calibration(
      probabilities: known.map(\.probability), isRight: known.map { $0.truth == $0.label },
      logits: known.compactMap(\.logits), truth: truth)
  }

  /// Every check that was made, what was found first, by consequence.
  public var signs: [Sign] {
    (labelSigns + behaviourSigns).enumerated().sorted {
      (!$0.element.found ? 1 : 0, $0.element.rank, $0.offset) < (
        !$1.element.found ? 1 : 0, $1.element.rank, $1.offset
      )
    }.map(\.element)
  }

  /// Whether nothing may be concluded before the pixels are read right.
  public var isInDoubt: Bool { judgement?.isSuspect ?? false }

  /// At most five sentences, in the order of their consequence.
  public var verdict: [Conclusion] {
    let found = signs.filter(\.found)
    if isInDoubt, let first = found.first {
      return [
        Conclusion(
          sentence: "The pixels are probably read wrong, so no other conclusion is drawn.",
          evidence: first.evidence,
          action: first.action)
      ]
    }
    let told = found.prefix(5).map { sign in
      Conclusion(sentence: Self.sentence(of: sign), evidence: sign.evidence, action: sign.action)
    }
    guard told.isEmpty else { return Array(told) }
    let tried = signs.count
    return [
      Conclusion(
        sentence: "No sign of trouble in what was tried.",
        evidence: "\(tried) checks on \(count) images",
        action: skipped.isEmpty
          ? "not tried: training data, other distributions, transfer from other models"
          : "not tried: \(skipped.joined(separator: "; "))")
    ]
  }

  private static func sentence(of sign: Sign) -> String {
    switch sign.name {
    case "low accuracy": "The model is wrong more often than right."
    case "class never predicted": "A class is never predicted."
    case "swapped classes": "Two classes are swapped."
    case "confused classes": "The model tells two classes apart only by chance."
    case "miscalibration": "Its probabilities do not say how often it is right."
    case "saturated logits": "The logits are so large that probabilities saturate."
    case "probabilities as logits": "The outputs are probabilities, not logits."
    case "duplicate classes": "Two classes have the same output."
    case "small test set": "The set is too small to say more."
    case "near-duplicate images": "The set holds copies of images."
    case "training mode": "The model was exported in training mode."
    case "gradients through rounding": "Gradients pass through a step that has none."
    case "zero gradients": "Some images have no gradient at all."
    case "dead channels": "Many channels are never active."
    case "dead input": "The model ignores part of the image."
    case "same answer to every image": "The network gives every image the same answer."
    case "masked gradients": "Gradients hide the boundary rather than show it."
    case "border decides": "The border of the image decides the class."
    case "colour decides": "Colour decides the class."
    case "shift decides": "One pixel of shift changes the class."
    case "one pixel decides": "One pixel decides the class."
    default: sign.name.prefix(1).uppercased() + sign.name.dropFirst() + "."
    }
  }

  func className(_ k: Int) -> String {
    classNames.indices.contains(k) ? "“\(classNames[k])”" : "class \(k)"
  }

  func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
  func percent(_ share: Proportion) -> String { percent(share.rate) }
  func points(_ share: Double) -> String { "\((share * 1000).rounded() / 10) points" }
  func short(_ number: Double) -> String { "\((number * 1000).rounded() / 1000)" }
}
