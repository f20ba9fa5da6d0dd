internal import Checkup
internal import Experiments
internal import Figures
internal import Foundation
internal import Laboratory

// Several models on the same images.
extension Report {
  /// Each model is examined for an equal part of the time, and compared with the one before it.
  func compare(with others: [String], _ limits: ReportLimits?) throws {
    let paths = try ([model.model] + others).flatMap(Self.models)
    guard paths.count > 1 else {
      throw Refusal(.usage, "\(paths[0]) is one model; name another to compare it with")
    }
    var outcomes: [Examination.Outcome] = []
    var truth: [Int?]?
    var radius = radius ?? limits?.fooled?.radius
    var notes: [String] = []
    for path in paths {
      var one = model
      one.model = path
      let (open, set) = try one.open(for: images)
      let read = try images.open(set, for: open)
      guard read.count >= 20 else {
        throw Refusal(.badData, "a report needs at least 20 images; \(read.name) has \(read.count)")
      }
      var examination = Examination(seconds: seconds / Double(paths.count))
      (examination.seed, examination.radius) = (runs.seed, radius)
      let judgement = try runs.judgement(
        of: open, on: set, images.images, images.indices(of: set), most: 300, quiet: output.quiet)
      var outcome = try examination.run(
        on: open.classifier, read, judgement: judgement, by: runs.finder(quiet: output.quiet))
      outcome.model = Self.shortest(path, among: paths)
      // One norm for all: that of the first.
      radius = radius ?? outcome.radius
      truth = truth ?? read.truth
      notes += open.lines.map { "\(outcome.model): \($0)" }
      outcomes.append(outcome)
    }
    let comparisons = zip(outcomes, outcomes.dropFirst()).map { ModelComparison($0, $1, truth: truth) }
    try write(outcomes, comparisons, notes: notes)
    try settle(
      outcomes.flatMap { outcome in (limits?.broken(by: outcome) ?? []).map { "\(outcome.model): \($0)" } })
  }

  private func write(
    _ outcomes: [Examination.Outcome], _ comparisons: [ModelComparison], notes: [String]
  ) throws {
    if output.json || format == .json { return try printJSON(ComparedAnswer(outcomes, comparisons)) }
    try write(ReportPage(comparing: outcomes, comparisons, notes: notes))
  }

  /// The models of a folder by their dates, then by their names; a file, or a name, alone.
  private static func models(_ word: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: word, isDirectory: &isFolder), isFolder.boolValue else {
      return [word]
    }
    let folder = URL(filePath: word)
    let found = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: [.contentModificationDateKey]
    ).filter { $0.pathExtension == "onnx" }
    guard !found.isEmpty else { throw Refusal(.noSuchFile, "\(word) holds no .onnx file") }
    func date(_ file: URL) -> Date {
      (try? file.resourceValues(forKeys: [.contentModificationDateKey]))?.contentModificationDate
        ?? .distantPast
    }
    return found.sorted { (date($0), $0.path) < (date($1), $1.path) }.map(\.path)
  }

  /// The name of the file, or its path where two have one name.
  private static func shortest(_ path: String, among all: [String]) -> String {
    func name(_ path: String) -> String { URL(filePath: path).deletingPathExtension().lastPathComponent }
    return all.filter { name($0) == name(path) }.count > 1 ? path : name(path)
  }
}
