internal import Checkup
internal import Experiments

// What is known of a report so far, as the outcome of an examination.
extension Workspace {
  func examined(_ report: ReportQuestions) -> Examination.Outcome? {
    guard let model = subject.model, let images = subject.images else { return nil }
    var outcome = Examination.Outcome(
      model: model.entry.name, images: images.name, count: report.plan.count, pixels: subject.pixels)
    let findings = work.findings
    outcome.remarks = images.remarks
    outcome.findings.classNames = subject.classNames
    outcome.findings.isInTrainingMode = model.isInTrainingMode
    outcome.findings.passesStraight = model.passesStraight
    outcome.findings.judgement = findings.known(report.judgement)
    outcome.findings.skipped = report.plan.skipped
    if let labels = findings.known(report.labels) {
      outcome.findings.take(labels, classes: model.classCount)
    }
    outcome.findings.duplicates = findings.known(report.copies)
    outcome.findings.activity = findings.known(report.activity)
    outcome.findings.masking = findings.known(report.distances) ?? findings.known(report.firstDistances)
    outcome.findings.alterations = findings.known(report.alterations).flatMap {
      $0.effects.isEmpty ? nil : $0
    }
    outcome.findings.outliers = findings.known(report.outliers).flatMap { $0.kinds.isEmpty ? nil : $0 }
    outcome.noise = findings[report.noise]
    outcome.radius = parameters.radius
    outcome.universals = curves(report)
    outcome.looked = middle(report.firstDistances ?? report.distances, report.plan)?.image
    outcome.sections = report.sections.compactMap { findings.known($0) }
    outcome.spectrum = findings[report.spectrum]
    outcome.curvature = findings[report.curvature]
    outcome.shape = findings[report.bending]
    return outcome
  }

  private func curves(_ report: ReportQuestions) -> [Examination.Curve] {
    let all = [
      ("even universal", report.even), ("one random vector", report.random), ("S_c 1", report.shared),
    ]
    return all.compactMap { name, question in
      guard let found = work.findings.known(question), !found.points.isEmpty else { return nil }
      return Examination.Curve(name: name, points: found.points)
    }
  }
}
