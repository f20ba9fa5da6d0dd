internal import ArgumentParser
internal import CanonicalJSON
internal import Experiments
internal import Foundation
internal import Images
internal import Laboratory
internal import Networks
internal import Tensors

/// How a command answers.
struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Print exactly one JSON document.")
  var json = false

  @Option(name: .long, help: ArgumentHelp("Where the arrays go.", valueName: "file"), completion: .file())
  var output: String?

  @Flag(name: .long, help: "No progress on standard error.")
  var quiet = false

  /// The document for scripts, or what `describe` prints for people.
  func answer(_ outcome: some Encodable, _ describe: () -> Void) throws {
    if json { try printJSON(outcome) } else { describe() }
  }

  /// The same for what was found with a model: how its pixels are read comes with it, and what speaks against that.
  func answer(
    _ outcome: some Encodable, with model: OpenModel, alarm: String? = nil, derives: Bool = true,
    judgement: ReadingJudgement.Outcome? = nil, _ describe: () -> Void
  ) throws {
    if json { return try printJSON(Answer(outcome, with: model, alarm: alarm, judgement: judgement)) }
    tell(model, alarm: alarm, derives: derives, judgement)
    describe()
  }

  /// The same for what was found with several models.
  func answer(_ outcome: some Encodable, withEach models: [OpenModel], _ describe: () -> Void) throws {
    if json { return try printJSON(Answer(outcome, withEach: models)) }
    for model in models {
      print("\(model.classifier.name)")
      tell(model)
    }
    describe()
  }

  /// What there is to say of pixels, truth and derivatives before any number; `derives`: whether there are such.
  func tell(
    _ model: OpenModel, alarm: String? = nil, derives: Bool = true,
    _ judgement: ReadingJudgement.Outcome? = nil
  ) {
    let judged = judgement?.sentence.map { ["doubt: \($0)"] } ?? []
    let lines = model.lines(derives: derives) + judged + (alarm.map { ["alarm: \($0)"] } ?? [])
    for line in lines { print(line) }
  }

  /// Finds out before the work whether `--output` can take what comes of it.
  func check() throws {
    guard let output, let problem = OutputFile.refusal(of: output) else { return }
    throw Refusal(.cannotWrite, "cannot write \(output): \(problem)")
  }

  /// Writes an array to `--output`, where one was named.
  func save(_ tensor: @autoclosure () throws -> Tensor) throws {
    guard let output else { return }
    try NPY.write(try tensor(), to: output)
  }
}

/// What was found, with how the pixels were read, what the truth is known from, and how derivatives are taken.
struct Answer<Outcome: Encodable>: Encodable {
  private enum Reading {
    case one(OpenModel, ReadingJudgement.Outcome?)
    case each([OpenModel])
  }

  private let outcome: Outcome
  private let reading: Reading
  private let alarm: String?

  /// Takes as alarm why the norms that were found cannot be.
  init(
    _ outcome: Outcome, with model: OpenModel, alarm: String? = nil,
    judgement: ReadingJudgement.Outcome? = nil
  ) {
    self.outcome = outcome
    reading = .one(model, judgement)
    self.alarm = alarm
  }

  /// Where a command takes any number of models, the readings are an array, of one too.
  init(_ outcome: Outcome, withEach models: [OpenModel]) {
    self.outcome = outcome
    reading = .each(models)
    alarm = nil
  }

  private enum Key: CodingKey { case preprocessing, truth, straightThrough, alarm }

  func encode(to encoder: any Encoder) throws {
    try outcome.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    switch reading {
    case .one(let model, let judgement):
      try container.encode(JudgedPixels(model.preprocessing, judgement), forKey: .preprocessing)
      try container.encodeIfPresent(model.truth.map(Truth.init), forKey: .truth)
      try container.encode(model.classifier.network.isStraightThrough, forKey: .straightThrough)
    case .each(let models):
      try container.encode(models.map(\.preprocessing), forKey: .preprocessing)
      try container.encode(models.map(\.classifier.network.isStraightThrough), forKey: .straightThrough)
    }
    try container.encode(alarm, forKey: .alarm)
  }
}

/// Where the true classes of labelled images are known from.
private struct Truth: Encodable {
  /// How the set's classes were matched with the model's: names, wordNet, numbers, order, none.
  let source: String
  /// What was assumed, or what would settle it; left out where nothing is to be said.
  let sentence: String?

  init(_ matching: ClassMatching) { (source, sentence) = (matching.source.rawValue, matching.sentence) }
}

/// One document on standard output.
func printJSON(_ outcome: some Encodable) throws {
  printDrawn(escaped(String(decoding: try CanonicalJSON.encoder.encode(outcome), as: UTF8.self)))
}

/// The document with escapes for what a terminal would obey or hide: it says the same.
private func escaped(_ document: String) -> String {
  guard document.unicodeScalars.contains(where: isHidden) else { return document }
  var escaped = ""
  for scalar in document.unicodeScalars {
    if isHidden(scalar) {
      for unit in String(scalar).utf16 { escaped += String(format: "\\u%04x", unit) }
    } else {
      escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}

/// Controls beyond ASCII, marks of direction, and what has no width.
private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
  guard scalar.value >= 0x7f else { return false }
  return switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator: true
  default: false
  }
}
