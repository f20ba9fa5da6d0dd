internal import Drawing
internal import Experiments
internal import Geometry

extension ReportPage {
  /// The page of an examination: what the model is and how it is read, then its topics, as far as they were tried.
  ///
  /// `naming` says what is below the picture of an image, by its place in the set.
  package init(_ outcome: Examination.Outcome, notes: [String], naming: (Int) -> String) {
    self.init(
      title: "The decision boundary of \(outcome.model)",
      subtitle: "\(outcome.images), \(outcome.count) images, \(Number.duration(outcome.seconds))",
      notes: notes + outcome.remarks)
    classNames = outcome.findings.classNames
    verdict = outcome.findings.verdict.map { ($0.sentence, $0.evidence, $0.action) }
    sections = Topic.allCases.compactMap { Self.section($0, of: outcome, naming: naming) }
  }

  /// Nil where nothing of it was tried.
  package static func section(
    _ topic: Topic, of outcome: Examination.Outcome, naming: (Int) -> String
  ) -> Section? {
    let sections = PageSections(outcome: outcome, findings: outcome.findings)
    let blocks: [Block]? =
      switch topic {
      case .labels: sections.labels
      case .distance: sections.distance(naming)
      case .vectors: sections.vectors
      case .sections: sections.planes(naming)
      case .curvature: sections.bending
      case .changes: sections.alterations
      case .outliers: sections.outliers
      case .checks: sections.checks
      }
    return blocks.map { Section(title: topic.title, blocks: $0) }
  }
}

/// The sections of a page.
struct PageSections {
  let outcome: Examination.Outcome
  let findings: Evidence

  func name(_ k: Int) -> String {
    findings.classNames.indices.contains(k) ? findings.classNames[k] : "class \(k)"
  }

  /// Lengths in pixel units, and as the change of every byte that is as long.
  func length(_ norm: Double) -> String {
    "\(Number.figure(norm, 3)) px (\(Number.figure(DistanceReference.epsilon(of: norm, pixels: outcome.pixels), 3))/255 per value)"
  }

  var labels: [ReportPage.Block]? {
    guard let confusion = findings.confusion else {
      guard !findings.logits.isEmpty else { return nil }
      return [.text("These images have no known classes: no accuracy, no calibration.")]
    }
    let accuracy = confusion.accuracy
    var blocks: [ReportPage.Block] = [
      .text(
        "\(Number.rate(accuracy.rate, [accuracy.interval.lowerBound, accuracy.interval.upperBound])) of \(accuracy.trials) images are labelled correctly."
      )
    ]
    let worst = (0..<confusion.classes).filter { confusion.size(of: $0) > 0 }
      .sorted { confusion.recall(of: $0).rate < confusion.recall(of: $1).rate }
    blocks.append(
      .table(
        head: ["class", "right", "of", "most taken for"],
        rows: worst.prefix(10).map { k in
          let recall = confusion.recall(of: k)
          let other = (0..<confusion.classes).filter { $0 != k }.max {
            confusion.counts[k][$0] < confusion.counts[k][$1]
          }
          let taken =
            other.map { confusion.counts[k][$0] > 0 ? "\(name($0)) \(confusion.counts[k][$0])" : "–" } ?? "–"
          return [name(k), Number.rate(recall.rate), "\(recall.trials)", taken]
        }, words: [0, 3]))
    if let c = findings.calibration {
      blocks.append(
        .text(
          "Expected calibration error \(Number.figure(c.error, 3)); chance alone gives up to \(Number.figure(c.chance, 3)); "
            + "likeliest temperature \(Number.figure(c.temperature, 3))."))
      let filled = c.bins.filter { $0.count >= 5 }
      blocks.append(
        .plot(
          title: "Reliability",
          LinePlot(
            [
              .init(
                "images", x: filled.map(\.confidence), y: filled.map(\.accuracy),
                band: filled.map { bin in
                  let right = Proportion(Int((bin.accuracy * Double(bin.count)).rounded()), of: bin.count)
                  return .init(right.interval.lowerBound, right.interval.upperBound)
                }),
              .init("calibrated", x: [0, 1], y: [0, 1], showsMarkers: false, style: .random),
            ], horizontal: Axis(0...1), vertical: Axis(0...1), horizontalTitle: "probability of the label",
            verticalTitle: "share that is right")))
    }
    return blocks
  }

  var vectors: [ReportPage.Block]? {
    guard !outcome.universals.isEmpty, let radius = outcome.radius else { return nil }
    let rows = outcome.universals.flatMap { curve in
      curve.points.map { point in
        [
          curve.shortName, Number.figure(point.radius, 3), Number.rate(point.rate, point.interval),
          Number.rate(point.opposite), Number.rate(point.ceiling),
        ]
      }
    }
    let series = outcome.universals.map { curve in
      LinePlot.Series(
        curve.shortName, x: curve.points.map(\.radius), y: curve.points.map(\.rate),
        band: curve.points.map { .init($0.interval[0], $0.interval[1]) }, style: .named(curve.name))
    }
    var blocks: [ReportPage.Block] = [
      .table(
        head: ["vector", "norm, px", "labels changed, 95 %", "by −v", "at most"],
        rows: rows),
      .plot(
        title: "One vector for all images",
        LinePlot(
          series, horizontal: Axis(0...(2 * radius)), vertical: Axis(0...1), horizontalTitle: "norm, px",
          verticalTitle: "share of unseen labels changed")),
    ]
    if let noise = outcome.noise?.radius {
      blocks.insert(
        .text("Random noise of norm \(length(noise)) changes 80 % of the labels; ξ = \(length(radius))."),
        at: 0)
    }
    return blocks + changedLabels
  }

  var bending: [ReportPage.Block]? {
    guard let curvature = outcome.curvature else { return spectrum.isEmpty ? nil : spectrum }
    let secant = curvature.step.map { "secants over ±\(Number.figure($0, 3)) px" } ?? curvature.product
    var text =
      "Mean curvature along S_c 1, vᵀA(v): \(Number.figure(curvature.rayleigh.first ?? .nan, 3)) / px at \(curvature.points) boundary points (\(secant), region margin)."
    if let shape = outcome.shape?.curve.first {
      text +=
        " The boundary bends towards the image along it at \(Number.rate(shape.positive)) of \(outcome.shape?.count ?? 0) unseen boundary points, mean κ \(Number.figure(shape.meanNormalised, 3)) ± \(Number.figure(shape.deviationNormalised, 3)) / px."
    }
    return [.text(text)] + spectrum
  }

  var alterations: [ReportPage.Block]? {
    guard let found = findings.alterations else { return nil }
    let single = found.effects.filter { $0.severity == nil }
    var blocks: [ReportPage.Block] = [
      .table(
        head: ["change", "changed", "accuracy", "lost, 95 %"],
        rows: single.map { effect in
          [
            effect.name, Number.rate(effect.changed), effect.accuracy.map { Number.rate($0) } ?? "–",
            effect.interval.map { "\(Number.fixed(100 * $0[0], 1)) to \(Number.rate($0[1]))" } ?? "–",
          ]
        })
    ]
    let kinds = Alteration.Corruption.allCases.map(\.rawValue).filter { name in
      found.effects.contains { $0.name == name }
    }
    if !kinds.isEmpty {
      blocks.append(
        .table(
          head: [found.accuracy == nil ? "labels changed by" : "accuracy under"] + (1...5).map { "\($0)" },
          rows: kinds.map { name in
            [name]
              + found.effects.filter { $0.name == name }.map { Number.rate($0.accuracy ?? $0.changed) }
          }))
      blocks.append(
        .text(
          "A subset of the corruptions of Hendrycks and Dietterich at the five severities of \(found.severities), on \(found.count) images; no mCE."
        ))
      blocks.append(corruptions(found, kinds))
    }
    return blocks
  }

  /// One curve a corruption, from the images as they are.
  private func corruptions(_ found: Alterations.Outcome, _ kinds: [String]) -> ReportPage.Block {
    let series = kinds.map { name in
      let effects = found.effects.filter { $0.name == name }
      return LinePlot.Series(
        name, x: [0] + effects.map { Double($0.severity ?? 0) },
        y: [found.accuracy ?? 0] + effects.map { $0.accuracy ?? $0.changed })
    }
    let isKnown = found.accuracy != nil
    return .plot(
      title: isKnown ? "Accuracy under corruptions" : "Labels changed by corruptions",
      LinePlot(
        series, horizontal: Axis(0...5), vertical: Axis(0...1), horizontalTitle: "severity",
        verticalTitle: isKnown ? "share right" : "share changed"))
  }

  var outliers: [ReportPage.Block]? {
    guard let found = findings.outliers else { return nil }
    return [
      .table(
        head: ["", "median probability", "AUROC", "FPR at 95 %"],
        rows: [["the images", Number.figure(found.confidence, 3), "", ""]]
          + found.kinds.map {
            [
              $0.name, Number.figure($0.confidence, 3), Number.figure($0.auroc, 3),
              Number.figure($0.fpr95, 3),
            ]
          })
    ]
  }

  var checks: [ReportPage.Block]? {
    var blocks: [ReportPage.Block] = [
      .table(
        head: ["sign of trouble", "found", "evidence"],
        rows: findings.signs.map { [$0.name, $0.found ? "yes" : "no", $0.evidence] }, words: [0, 1, 2])
    ]
    if !findings.skipped.isEmpty {
      blocks.append(.text("Did not fit into the time: \(findings.skipped.joined(separator: "; "))."))
    }
    return blocks
  }
}

extension Examination.Curve {
  /// Without what the section's title says.
  fileprivate var shortName: String {
    switch name {
    case "even universal": "even"
    case "one random vector": "random"
    default: name
    }
  }
}
