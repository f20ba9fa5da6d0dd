internal import ArgumentParser
internal import CanonicalJSON
internal import Checkup
internal import Drawing
internal import Experiments
internal import Figures
internal import Foundation
internal import Images
internal import Laboratory

/// One page on a model's boundary, with a verdict.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say on one page what to know about the boundary of a model that you have just trained.",
    discussion: """
      It learns from the first half of the images and judges on the second. The page says what did not fit into --seconds.
      With --check, a JSON file of limits such as {"accuracy": 0.8, "medianDistance": 0.1, "calibrationError": 0.1,
      "fooled": {"radius": 1.5, "rate": 0.3}, "signs": ["any"]}, the exit status is 1 if the model breaks one.
      """)

  @OptionGroup var model: ModelOptions

  @Argument(
    help:
      "More models, or a folder of checkpoints: each is compared with the one before it, on the same images.",
    completion: .file())
  var others: [String] = []

  @OptionGroup var images: ImageOptions
  @OptionGroup(title: "How it runs") var runs: RunOptions
  @OptionGroup(title: "How it answers") var output: OutputOptions

  @Option(
    name: .long, parsing: .unconditional,
    help: "ξ, pixels in [0, 1]; by default a fifth of the random-noise norm of q = 0.8.")
  var radius: Double?

  @Option(name: .long, parsing: .unconditional, help: "About how many seconds the page may take.")
  var seconds = 60.0

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, html, markdown, json, pdf }

  @Option(
    name: .long,
    help: "The format of the page: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format = Format.text

  @Option(
    name: .customLong("check"),
    help: ArgumentHelp("Limits that the model must keep.", valueName: "limits.json"),
    completion: .file(extensions: ["json"]))
  var limits: String?

  func run() throws {
    try checkPositive([("--radius", radius), ("--seconds", seconds)])
    try output.check()
    if format == .pdf, output.output == nil, isatty(STDOUT_FILENO) == 1 {
      throw Refusal(.usage, "a terminal cannot show a PDF; name a file with --output")
    }
    let limits = try limits.map(Self.read)
    let (open, set) = try model.open(for: images)
    let read = try images.open(set, for: open)
    guard read.count >= 20 else {
      throw Refusal(
        .badData,
        "a report needs at least 20 images, half of them to judge on; \(read.name) has \(read.count)")
    }
    guard others.isEmpty else { return try compare(with: others, limits) }
    let judgement = try runs.judgement(
      of: open, on: set, images.images, images.indices(of: set), most: 300, quiet: output.quiet)
    var examination = Examination(seconds: seconds)
    (examination.seed, examination.radius) = (runs.seed, radius ?? limits?.fooled?.radius)
    let outcome = try examination.run(
      on: open.classifier, read, judgement: judgement, by: runs.finder(quiet: output.quiet))
    let alarm = open.alarm("the largest norm", norm: outcome.largestNorm)
    try write(outcome, read, open, alarm: alarm, judgement)
    try settle(limits?.broken(by: outcome) ?? [])
  }

  private func write(
    _ outcome: Examination.Outcome, _ read: ImageSet, _ open: OpenModel, alarm: String?,
    _ judgement: ReadingJudgement.Outcome?
  ) throws {
    if output.json || format == .json {
      return try printJSON(Answer(ReportAnswer(outcome), with: open, alarm: alarm, judgement: judgement))
    }
    let judged = judgement?.sentence.map { ["doubt: \($0)"] } ?? []
    let notes = open.lines + judged + (alarm.map { ["alarm: \($0)"] } ?? [])
    let classNames = outcome.findings.classNames
    let page = ReportPage(outcome, notes: notes) { read.naming($0, classNames) }
    try write(page, images: read)
  }

  /// The page in the format that was asked for, to the file that was named or to standard output.
  func write(_ page: ReportPage, images: ImageSet? = nil) throws {
    let bytes: [UInt8]
    switch format {
    case .html: bytes = Array((HTMLReport(page, images: images).text + "\n").utf8)
    case .markdown: bytes = Array((TextReport(page, isMarkdown: true).text + "\n").utf8)
    case .text, .json: bytes = Array((TextReport(page).text + "\n").utf8)
    case .pdf: bytes = try PDFReport(page, images: images).bytes()
    }
    if let path = output.output { return try OutputFile.write(bytes, to: path) }
    if format == .pdf { return try printBytes(bytes) }
    print(String(decoding: bytes.dropLast(), as: UTF8.self))
  }

  func settle(_ broken: [String]) throws {
    guard !broken.isEmpty else { return }
    throw Refusal(.limitBroken, broken.joined(separator: "; "))
  }

  /// - Throws: a ``Refusal`` that says what is no JSON of limits.
  private static func read(_ path: String) throws -> ReportLimits {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw Refusal(.noSuchFile, "\(path): no such file, or it cannot be read")
    }
    do {
      return try CanonicalJSON.decoder.decode(ReportLimits.self, from: bytes)
    } catch let error as SubjectError {
      throw Refusal(.badData, "\(path): \(error)")
    } catch {
      throw Refusal(
        .badData, "\(path) holds no limits; write JSON such as {\"accuracy\": 0.8, \"signs\": [\"any\"]}")
    }
  }
}
