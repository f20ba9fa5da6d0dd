internal import Drawing
internal import Experiments
internal import Foundation
internal import Images
internal import Laboratory
internal import Networks

/// How pixels are read, with what the judge of readings found: the keys of one object.
struct JudgedPixels: Encodable {
  private let preprocessing: Preprocessing
  private let judgement: ReadingJudgement.Outcome?

  init(_ preprocessing: Preprocessing, _ judgement: ReadingJudgement.Outcome? = nil) {
    (self.preprocessing, self.judgement) = (preprocessing, judgement)
  }

  /// A reading that was tried, as scripts have it.
  private struct Row: Encodable {
    let entry: ReadingJudgement.Entry
    let size: Preprocessing.Size

    private enum Key: CodingKey {
      case name, range, mean, std, channels, size, accuracy, interval, confidence, entropy, count, given,
        options
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      let reading = entry.reading
      try container.encode(entry.title, forKey: .name)
      try container.encode(reading.range, forKey: .range)
      try container.encode(reading.mean, forKey: .mean)
      try container.encode(reading.std, forKey: .std)
      try container.encode(reading.channels, forKey: .channels)
      try container.encode(size, forKey: .size)
      try container.encode(entry.accuracy, forKey: .accuracy)
      try container.encode(entry.interval, forKey: .interval)
      try container.encode(entry.confidence, forKey: .confidence)
      try container.encode(entry.entropy, forKey: .entropy)
      try container.encode(entry.count, forKey: .count)
      try container.encode(entry.isGiven, forKey: .given)
      try container.encode(entry.options, forKey: .options)
    }
  }

  private enum Key: CodingKey { case judged, suspect, remark }

  func encode(to encoder: any Encoder) throws {
    try preprocessing.encode(to: encoder)
    guard let judgement else { return }
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(judgement.judged.map { Row(entry: $0, size: size(of: $0)) }, forKey: .judged)
    try container.encode(judgement.isSuspect, forKey: .suspect)
    try container.encode(judgement.sentence, forKey: .remark)
  }

  private func size(of entry: ReadingJudgement.Entry) -> Preprocessing.Size {
    var size = preprocessing.size
    if let fit = entry.fit { (size.resize, size.crop) = (fit.resize, fit.crop) }
    return size
  }
}

extension RunOptions {
  /// What the judge of readings says on images of a set: nil where there are none to go by.
  func judgement(
    of model: OpenModel, on set: any DataSet, _ spec: String, _ range: Range<Int>,
    most: Int = OpenModel.judgedImages, quiet: Bool
  ) throws -> ReadingJudgement.Outcome? {
    guard let (experiment, subject) = try model.judgement(on: set, spec, range, most: most) else {
      return nil
    }
    return try outcome(of: experiment, on: subject, quiet: quiet)
  }
}

/// The table of readings that were tried.
func printReadings(_ outcome: ReadingJudgement.Outcome) {
  print("")
  let isLabelled = outcome.labelled > 0
  let rows = outcome.judged.prefix(8).map { entry in
    [
      entry.title, entry.accuracy.map { Number.rate($0) } ?? "–",
      entry.interval.map { "\(Number.rate($0[0])) to \(Number.rate($0[1]))" } ?? "–", "\(entry.count)",
      Number.rate(entry.confidence), Number.figure(entry.entropy),
    ]
  }
  printTable(["pixels", "right", "95 %", "images", "confidence", "entropy"], rows)
  if !isLabelled { print("These images have no known classes: confidence is weak evidence.") }
}
