internal import Checkup
internal import Drawing
internal import Experiments

extension ReportScreen {
  func draw(on canvas: inout Canvas, _ workspace: Workspace) {
    guard let model = workspace.subject.model, let report = workspace.report else {
      let inside = canvas.frame("report", in: canvas.bounds)
      return canvas.paragraph(
        "The report needs a model and \(ExaminationPlan.fewest) images, half of them to judge on. Press 1.",
        in: inside, canvas.theme.muted)
    }
    let inside = canvas.frame(
      "report on \(model.entry.name)", note: standing(report, workspace), isActive: true, in: canvas.bounds)
    let page = page(workspace, columns: inside.columns)
    let first = min(scroll, max(0, page.rows - inside.rows))
    canvas.with(inside) { $0.draw(page, from: first, workspace) }
    let edge = inside.column + inside.columns
    if first > 0 { canvas.put("▴", row: inside.row, column: edge, canvas.theme.accent) }
    if first + inside.rows < page.rows {
      canvas.put("▾", row: inside.row + inside.rows - 1, column: edge, canvas.theme.accent)
    }
  }

  /// How many parts are there, and what the rest takes.
  private func standing(_ report: ReportQuestions, _ workspace: Workspace) -> String {
    let (open, count) = (open(report, workspace), Set(report.requests).count)
    if open == 0 { return "\(report.plan.count) images" }
    let done = "\(count - open) of \(count) parts"
    if isStopped { return done + ", stopped" }
    return done + (workspace.work.awaited.left.map { ", \(Number.roughly($0)) left" } ?? "")
  }

  /// How many parts are still to come.
  private func open(_ report: ReportQuestions, _ workspace: Workspace) -> Int {
    let findings = workspace.work.findings
    return Set(report.requests).filter { findings[$0] == nil && findings.failures[$0] == nil }.count
  }

  /// All of it, in as many columns as there is room for.
  func page(_ workspace: Workspace, columns: Int) -> PageLayout {
    var page = PageLayout(workspace.viewport.appearance, classNames: workspace.subject.classNames)
    guard let report = workspace.report else { return page }
    var top = PageLayout.Column(left: 1, columns: min(116, columns - 2))
    addVerdict(to: &page, &top, report, workspace)
    let count = columns >= 170 ? 3 : columns >= 104 ? 2 : 1
    var sides = PageLayout.Column.side(by: count, of: columns - 2, from: top.row + 1)
    for (side, topics) in Self.order(count).enumerated() {
      for topic in topics { add(topic, to: &page, &sides[side], report, workspace) }
    }
    var below = PageLayout.Column(
      row: sides.map(\.row).max() ?? 0, left: 1, columns: min(140, columns - 2))
    addChecks(to: &page, &below, workspace)
    return page
  }

  /// Which topics stand below each other: they keep their places while the page fills in.
  private static func order(_ columns: Int) -> [[ReportPage.Topic]] {
    switch columns {
    case 1: [[.labels, .distance, .sections, .changes, .vectors, .curvature, .outliers]]
    case 2: [[.labels, .sections, .changes], [.distance, .vectors, .curvature, .outliers]]
    default: [[.labels, .outliers, .curvature], [.distance, .sections], [.changes, .vectors]]
    }
  }

  private func addVerdict(
    to page: inout PageLayout, _ column: inout PageLayout.Column, _ report: ReportQuestions,
    _ workspace: Workspace
  ) {
    let theme = page.theme
    let images = "\(workspace.subject.images?.name ?? ""), the first \(report.plan.count) images"
    let pixels = workspace.subject.model?.entry.pixels.map { ". Pixels \($0)" } ?? ""
    page.add(images + pixels + ".", theme.muted, to: &column)
    column.row += 1
    guard let outcome, outcome.isLabelled else {
      return page.add("Computing labels; the verdict begins with them.", theme.muted, to: &column)
    }
    let isFound = outcome.findings.signs.contains(where: \.found)
    // What is still to come may find something: no clean bill before the end.
    let isEarly = !isFound && open(report, workspace) > 0
    if isEarly { page.add("No sign of trouble so far.", theme.muted.with(.bold), to: &column) }
    for (n, told) in (isEarly ? [] : outcome.findings.verdict).enumerated() {
      let number = isFound ? "\(n + 1). " : ""
      page.add(number + told.sentence, isFound ? theme.warning : theme.good.with(.bold), to: &column)
      page.add(told.evidence.asSentence, to: &column, indent: number.count)
      if !told.action.isEmpty {
        page.add(
          "→ " + told.action.asSentence, Look(theme.accent.foreground), to: &column, indent: number.count)
      }
    }
    if let coming = coming(report, workspace) { page.add(coming, theme.muted, to: &column) }
  }

  /// What of the page is not whole; nil where all of it is.
  private func coming(_ report: ReportQuestions, _ workspace: Workspace) -> String? {
    let topics = ReportPage.Topic.allCases.filter { topic in
      topic != .checks && report.requests(topic).contains { isOpen($0, workspace) }
    }
    if topics.isEmpty { return nil }
    return (isStopped ? "Not tried yet: " : "Still to come: ")
      + topics.map { $0.title.lowercased() }.joined(separator: ", ") + "."
  }

  private func isOpen(_ request: Request, _ workspace: Workspace) -> Bool {
    workspace.work.findings[request] == nil && workspace.work.findings.failures[request] == nil
  }

  private func add(
    _ topic: ReportPage.Topic, to page: inout PageLayout, _ column: inout PageLayout.Column,
    _ report: ReportQuestions, _ workspace: Workspace
  ) {
    let theme = page.theme
    column = PageLayout.Column(row: column.row, left: max(1, column.left), columns: column.columns)
    page.add(.line([(topic.title, theme.accent)]), rows: 1, to: &column)
    let requests = report.requests(topic)
    let section = outcome.flatMap { outcome in
      ReportPage.section(topic, of: outcome) { workspace.subject.truth(of: $0) ?? "image \($0)" }
    }
    for block in section?.blocks ?? [] { page.add(block, to: &column) }
    let open = requests.filter { isOpen($0, workspace) }
    if let job = open.lazy.compactMap({ workspace.work.job(of: $0) }).first(where: { $0.progress != nil }) {
      page.add(.gauge(job), rows: 1, to: &column)
    } else if let reason = requests.lazy.compactMap({ workspace.work.findings.failures[$0] }).first {
      page.add(reason, theme.bad, to: &column)
    } else if section == nil {
      let tooLong = "Too long for a one-minute report."
      let words = requests.isEmpty ? tooLong : isStopped ? "Not tried." : "Still to come."
      page.add(words, theme.muted, to: &column)
    }
    column.row += 1
  }

  /// Each sign with what was seen; those that were found first.
  private func addChecks(
    to page: inout PageLayout, _ column: inout PageLayout.Column, _ workspace: Workspace
  ) {
    guard let outcome, outcome.isLabelled else { return }
    let theme = page.theme
    page.add(.line([(ReportPage.Topic.checks.title, theme.accent)]), rows: 1, to: &column)
    for sign in outcome.findings.signs {
      let mark = sign.found ? ("✗ ", theme.bad) : ("✓ ", theme.good)
      page.add(.line([mark, (sign.name, sign.found ? theme.warning : theme.title)]), rows: 1, to: &column)
      page.add(sign.evidence.asSentence, theme.muted, to: &column, indent: 2)
    }
    guard !outcome.findings.skipped.isEmpty else { return }
    page.add(
      "Too long for a one-minute report: \(outcome.findings.skipped.joined(separator: "; ")).", theme.muted,
      to: &column)
  }
}

extension Examination.Outcome {
  /// Whether there is anything that a verdict could be of.
  fileprivate var isLabelled: Bool { findings.count > 0 }
}

extension String {
  /// With a capital letter and a full stop.
  fileprivate var asSentence: String {
    guard let first else { return self }
    return first.uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".")
  }
}

extension ReportScreen {
  func definitions(_ workspace: Workspace) -> [Definition] {
    [
      Definition(
        "verdict",
        "At most five sentences, the most consequential first, each with its evidence and what to do next. A "
          + "sign of trouble is one whose whole 95 % interval lies beyond a published threshold; while the "
          + "pixels are in doubt, nothing is concluded."),
      Definition(
        "calibration error",
        "Over 15 bins of the label's probability p: Σ (n_b/n)·|share right − mean p| (Guo et al., ICML 2017). "
          + "Chance is the 95 % quantile of the same sum with right and wrong drawn from p itself. The "
          + "likeliest temperature T maximises the likelihood of softmax(f/T)."),
      Definition(
        "smallest of all",
        "For each image, the smallest norm that any search found: DeepFool, its refinement, a fast "
          + "minimum-norm attack (Pintor et al., NeurIPS 2021), and a walk that sees only labels (Brendel et "
          + "al., ICLR 2018)."),
      Definition("/255 a value", "ε = 255·‖r‖/√d: a change of each of the d values by ε is as long as r."),
      Definition(
        "severity",
        "A subset of the corruptions of Hendrycks and Dietterich (ICLR 2019) with the five severities of "
          + "CIFAR-10-C, or of ImageNet-C for images larger than 64 pixels; no mean over them is an mCE."),
      Definition(
        "AUROC, FPR at 95 %",
        "The chance that an image's label has a larger probability than an outlier's; the share of outliers "
          + "above the probability that 95 % of the images exceed (Hendrycks and Gimpel, ICLR 2017)."),
      Definition(
        "even universal",
        "One vector of norm ξ that fools with both signs, by gradient ascent over varied images; it is learnt "
          + "from the first half of the images and judged on the second."),
      Glossary.shared, Glossary.perturbation, Glossary.curvature,
    ]
  }
}
