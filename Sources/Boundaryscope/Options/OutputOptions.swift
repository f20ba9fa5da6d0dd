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
    _ outcome: some Encodable, with model: OpenModel, alarm: String? = nil,
    judgement: ReadingJudgement.Outcome? = nil, _ describe: () -> Void
  ) throws {
    if json { return try printJSON(Answer(outcome, with: model, alarm: alarm, judgement: judgement)) }
    tell(model.preprocessing, alarm: alarm, judgement)
    describe()
  }

  /// The same for what was found with several models.
  func answer(_ outcome: some Encodable, withEach models: [OpenModel], _ describe: () -> Void) throws {
    if json { return try printJSON(Answer(outcome, withEach: models)) }
    for model in models {
      print("\(model.classifier.name)")
      tell(model.preprocessing)
    }
    describe()
  }

  /// What there is to say of the pixels before any number.
  func tell(
    _ preprocessing: Preprocessing, alarm: String? = nil, _ judgement: ReadingJudgement.Outcome? = nil
  ) {
    let judged = judgement?.sentence.map { ["doubt: \($0)"] } ?? []
    for line in preprocessing.lines + judged + (alarm.map { ["alarm: \($0)"] } ?? []) { print(line) }
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

/// What was found, with how the pixels were read.
struct Answer<Outcome: Encodable>: Encodable {
  private enum Reading {
    case one(JudgedPixels)
    case each([Preprocessing])
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
    reading = .one(JudgedPixels(model.preprocessing, judgement))
    self.alarm = alarm
  }

  /// Where a command takes any number of models, the readings are an array, of one too.
  init(_ outcome: Outcome, withEach models: [OpenModel]) {
    self.outcome = outcome
    reading = .each(models.map(\.preprocessing))
    alarm = nil
  }

  private enum Key: CodingKey { case preprocessing, alarm }

  func encode(to encoder: any Encoder) throws {
    try outcome.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    switch reading {
    case .one(let preprocessing): try container.encode(preprocessing, forKey: .preprocessing)
    case .each(let preprocessings): try container.encode(preprocessings, forKey: .preprocessing)
    }
    try container.encode(alarm, forKey: .alarm)
  }
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
