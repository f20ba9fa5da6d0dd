package import Checkup
internal import Drawing
package import Experiments
internal import Geometry
internal import Images
internal import Tensors

extension ReportPage {
  /// The page of an examination: what the model is and how it is read, then labels, distances, one vector for all images,
  /// curvature, and what changes of the images do.
  package init(_ outcome: Examination.Outcome, images: ImageSet, notes: [String]) {
    title = "The decision boundary of \(outcome.model)"
    subtitle = "\(outcome.images), \(outcome.count) images, \(Number.duration(outcome.seconds))"
    self.notes = notes + outcome.remarks
    let findings = outcome.findings
    verdict = findings.verdict.map { ($0.sentence, $0.evidence, $0.action) }
    let contents = ReportContents(outcome: outcome, findings: findings, images: images)
    sections = [
      contents.labels, contents.distance, contents.vectors, contents.bending, contents.alterations,
      contents.outliers, contents.checks,
    ].compactMap { $0 }
  }
}

/// The sections of a page.
private struct ReportContents {
  let outcome: Examination.Outcome
  let findings: Evidence
  let images: ImageSet

  private func name(_ k: Int) -> String {
    findings.classNames.indices.contains(k) ? findings.classNames[k] : "class \(k)"
  }

  /// Lengths in pixel units, and as the change of every byte that is as long.
  private func length(_ norm: Double) -> String {
    "\(Number.figure(norm, 3)) px (\(Number.figure(255 * norm / Double(outcome.pixels).squareRoot(), 3))/255 a value)"
  }

  var labels: ReportPage.Section? {
    guard let confusion = findings.confusion else {
      return .init(
        title: "Labels",
        blocks: [.text("No true class of these images is known: no accuracy, no calibration.")])
    }
    let accuracy = confusion.accuracy
    var blocks: [ReportPage.Block] = [
      .text(
        "\(Number.rate(accuracy.rate, [accuracy.interval.lowerBound, accuracy.interval.upperBound])) of \(accuracy.trials) images are right."
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
          "Expected calibration error \(Number.figure(c.error, 3)), of which chance alone gives up to \(Number.figure(c.chance, 3)); "
            + "likeliest temperature \(Number.figure(c.temperature, 3))."))
      let filled = c.bins.filter { $0.count >= 5 }
      blocks.append(
        .plot(
          ReportPlot(
            "Reliability", horizontal: "probability of the label", vertical: "share that is right", x: 0...1,
            y: 0...1,
            series: [.init("images", filled.map { ($0.confidence, $0.accuracy) })], showsDiagonal: true)))
    }
    return .init(title: "Labels", blocks: blocks)
  }

  var distance: ReportPage.Section? {
    guard let masking = findings.masking else { return nil }
    let norms = masking.each.compactMap(\.smallest).sorted()
    guard !norms.isEmpty else {
      return .init(
        title: "Distance to the boundary",
        blocks: [.text("From none of \(masking.count) images a boundary was reached.")])
    }
    let median = norms[norms.count / 2]
    let walks = masking.each.filter { $0.isBeaten }.count
    let refined = masking.each.filter { !$0.isBeaten && $0.isFooled && $0.refined < 0.999 * $0.deepfool }
      .count
    var blocks: [ReportPage.Block] = [
      .text(
        "Of each image the smallest of DeepFool, its refinement and a search without gradients: median \(length(median)), "
          + "mean \(length(masking.meanSmallest ?? .nan)); \(masking.reached) of \(masking.count) reached along gradients. "
          + "The refinement won on \(refined), the search without gradients on \(walks)."),
      .plot(
        ReportPlot(
          "Labels changed within a norm", horizontal: "norm, px", vertical: "share of images",
          x: 0...max(norms.last ?? 1, masking.each.map(\.deepfool).max() ?? 0, 1e-6), y: 0...1,
          series: [
            .init("smallest of all", Self.shares(norms, of: masking.count)),
            .init(
              "DeepFool alone",
              Self.shares(masking.each.filter(\.isFooled).map(\.deepfool).sorted(), of: masking.count)),
          ])),
    ]
    blocks.append(.pictures(nearest(masking)))
    return .init(title: "Distance to the boundary", blocks: blocks)
  }

  private static func shares(_ norms: [Double], of count: Int) -> [(x: Double, y: Double)] {
    [(0, 0)] + norms.enumerated().map { ($1, Double($0 + 1) / Double(count)) }
  }

  /// The three nearest to the boundary and the three farthest from it.
  private func nearest(_ masking: Masking.Outcome) -> [(png: [UInt8], caption: String)] {
    let half = images.count / 2
    let known = masking.each.indices.compactMap { i in
      masking.each[i].smallest.map { (index: half + i, norm: $0) }
    }
    .sorted { $0.norm < $1.norm }
    let chosen = known.count <= 6 ? known : Array(known.prefix(3) + known.suffix(3))
    guard images.images.shape[1] == 1 || images.images.shape[1] == 3 else { return [] }
    return chosen.map { one in
      let picture = Picture(images.images, entry: one.index)
      let label = images.truth?[one.index].map(name) ?? "image \(images.indices[one.index])"
      return (PNG.encode(picture), "\(label), \(Number.figure(one.norm, 3)) px")
    }
  }

  var vectors: ReportPage.Section? {
    guard !outcome.universals.isEmpty, let radius = outcome.radius else { return nil }
    let rows = outcome.universals.flatMap { curve in
      curve.points.map { point in
        [
          curve.name, Number.figure(point.radius, 3), Number.rate(point.rate, point.interval),
          Number.rate(point.opposite), Number.rate(point.ceiling),
        ]
      }
    }
    let series = outcome.universals.map { curve in
      ReportPlot.Series(
        curve.name, curve.points.map { ($0.radius, $0.rate) },
        bands: curve.points.map { ($0.interval[0], $0.interval[1]) })
    }
    var blocks: [ReportPage.Block] = [
      .table(
        head: ["one vector for all images", "norm, px", "labels changed, 95 %", "by −v", "at most"],
        rows: rows),
      .plot(
        ReportPlot(
          "One vector for all images", horizontal: "norm, px", vertical: "share of unseen labels changed",
          x: 0...(2 * radius), y: 0...1, series: series)),
    ]
    if let noise = outcome.noise?.radius {
      blocks.insert(
        .text("Random noise of norm \(length(noise)) changes 80 % of the labels; ξ = \(length(radius))."),
        at: 0)
    }
    return .init(title: "One vector for all images", blocks: blocks)
  }

  var bending: ReportPage.Section? {
    guard let curvature = outcome.curvature else { return nil }
    let secant = curvature.step.map { "secants over ±\(Number.figure($0, 3)) px" } ?? curvature.product
    var text =
      "Mean curvature along S_c 1, vᵀA(v): \(Number.figure(curvature.rayleigh.first ?? .nan, 3)) / px at \(curvature.points) boundary points (\(secant), region margin)."
    if let shape = outcome.shape?.curve.first {
      text +=
        " At unseen boundary points the boundary bends towards the image along it at \(Number.rate(shape.positive)) of \(outcome.shape?.count ?? 0), mean κ \(Number.figure(shape.meanNormalised, 3)) ± \(Number.figure(shape.deviationNormalised, 3)) / px."
    }
    return .init(title: "Curvature", blocks: [.text(text)])
  }

  var alterations: ReportPage.Section? {
    guard let found = findings.alterations else { return nil }
    let single = found.effects.filter { $0.severity == nil }
    var blocks: [ReportPage.Block] = [
      .table(
        head: ["change", "labels changed", "accuracy", "lost, 95 %"],
        rows: single.map { effect in
          [
            effect.name, Number.rate(effect.changed), effect.accuracy.map { Number.rate($0) } ?? "–",
            effect.interval.map { "\(Number.rate($0[0])) to \(Number.rate($0[1]))" } ?? "–",
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
          "A subset of the corruptions of Hendrycks and Dietterich at their five severities for CIFAR-10, on \(found.count) images; no mCE."
        ))
      blocks.append(
        .plot(
          ReportPlot(
            found.accuracy == nil ? "Labels changed by corruptions" : "Accuracy under corruptions",
            horizontal: "severity",
            vertical: found.accuracy == nil ? "share changed" : "share right", x: 0...5, y: 0...1,
            series: kinds.map { name in
              let points = found.effects.filter { $0.name == name }.map {
                (Double($0.severity ?? 0), $0.accuracy ?? $0.changed)
              }
              return .init(name, (found.accuracy.map { [(0.0, $0)] } ?? [(0, 0)]) + points)
            })))
    }
    return .init(title: "Changes that should not matter", blocks: blocks)
  }

  var outliers: ReportPage.Section? {
    guard let found = findings.outliers else { return nil }
    return .init(
      title: "What is no image",
      blocks: [
        .table(
          head: ["", "probability of the label, median", "AUROC", "FPR at 95 %"],
          rows: [["the images", Number.figure(found.confidence, 3), "", ""]]
            + found.kinds.map {
              [
                $0.name, Number.figure($0.confidence, 3), Number.figure($0.auroc, 3),
                Number.figure($0.fpr95, 3),
              ]
            })
      ])
  }

  var checks: ReportPage.Section? {
    var blocks: [ReportPage.Block] = [
      .table(
        head: ["sign of trouble", "found", "evidence"],
        rows: findings.signs.map { [$0.name, $0.found ? "yes" : "no", $0.evidence] }, words: [0, 1, 2])
    ]
    if !findings.skipped.isEmpty {
      blocks.append(.text("Did not fit into the time: \(findings.skipped.joined(separator: "; "))."))
    }
    return .init(title: "What was looked for", blocks: blocks)
  }
}
