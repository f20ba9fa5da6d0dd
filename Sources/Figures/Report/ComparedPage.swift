package import Checkup
internal import Drawing
internal import Experiments
internal import Geometry

extension ReportPage {
  /// Several models on the same images: a row each, a sentence for each that follows another, curves over all of them.
  package init(comparing outcomes: [Examination.Outcome], _ comparisons: [ModelComparison], notes: [String]) {
    self.init(
      title: "\(outcomes.count) models on the same images",
      subtitle: "\(outcomes[0].images), \(outcomes[0].count) images", notes: notes)
    verdict = comparisons.map { one in
      (one.first + " → " + one.second + ": " + one.sentence, Self.evidence(of: one), "")
    }
    for outcome in outcomes {
      for told in outcome.findings.verdict where outcome.findings.signs.contains(where: \.found) {
        verdict.append(("\(outcome.model): \(told.sentence)", told.evidence, told.action))
      }
    }
    sections = [Section(title: "Numbers", blocks: [Self.table(outcomes)] + Self.curves(outcomes))]
  }

  private static func evidence(of one: ModelComparison) -> String {
    var parts: [String] = []
    if let gain = one.gain, let interval = one.interval {
      parts.append(
        "accuracy \(Number.signed(gain)) (95 %: \(Number.signed(interval[0])) to \(Number.signed(interval[1]))), "
          + "\(one.gained.count) images won and \(one.lost.count) lost")
    }
    if let distance = one.distance, let interval = one.distanceInterval {
      parts.append(
        "distance times \(Number.figure(distance, 3)) (95 %: \(Number.figure(interval[0], 3)) to \(Number.figure(interval[1], 3)))"
      )
    }
    if let cosine = one.cosines.first {
      parts.append(
        "largest cosine of their S_c \(Number.figure(cosine, 2)) (chance \(Number.figure(one.chance, 2)))")
    }
    return parts.joined(separator: "; ")
  }

  private static func median(_ outcome: Examination.Outcome) -> Double? {
    let norms = outcome.findings.masking?.each.compactMap(\.smallest).sorted() ?? []
    return norms.isEmpty ? nil : norms[norms.count / 2]
  }

  /// The largest share of labels that the even universal changes at most half way to its norm.
  private static func fooled(_ outcome: Examination.Outcome) -> FoolingByNorm.Point? {
    outcome.universals.first { $0.name == "even universal" }?.points.first {
      abs($0.radius - (outcome.radius ?? 0)) < 1e-9
    }
  }

  private static func table(_ outcomes: [Examination.Outcome]) -> Block {
    .table(
      head: [
        "model", "right, 95 %", "calibration error", "median distance, px", "noise R, px", "one vector",
        "of norm, px",
      ],
      rows: outcomes.map { outcome in
        let accuracy = outcome.findings.confusion?.accuracy
        let fooled = fooled(outcome)
        return [
          outcome.model,
          accuracy.map { Number.rate($0.rate, [$0.interval.lowerBound, $0.interval.upperBound]) } ?? "–",
          outcome.findings.calibration.map { Number.figure($0.error, 3) } ?? "–",
          median(outcome).map { Number.figure($0, 3) } ?? "–",
          outcome.noise?.radius.map { Number.figure($0, 3) } ?? "–",
          fooled.map { Number.rate($0.rate) } ?? "–",
          fooled.map { Number.figure($0.radius, 3) } ?? "–",
        ]
      })
  }

  /// Accuracy, and distance over its largest, over the models in their order.
  private static func curves(_ outcomes: [Examination.Outcome]) -> [Block] {
    guard outcomes.count > 2 else { return [] }
    let medians = outcomes.map { median($0) ?? .nan }
    let largest = max(medians.filter(\.isFinite).max() ?? 0, 1e-12)
    let places = outcomes.indices.map { Double($0 + 1) }
    let right = outcomes.map { $0.findings.confusion?.accuracy }
    let series: [LinePlot.Series] = [
      .init("share right", x: places, y: right.map { $0?.rate ?? .nan }, band: right.map(band)),
      .init("median distance, of the largest", x: places, y: medians.map { $0 / largest }),
      .init("changed by one vector", x: places, y: outcomes.map { fooled($0)?.rate ?? .nan }, style: .even),
    ]
    return [
      .plot(
        title: "Over the models",
        LinePlot(
          series, horizontal: Axis(counting: 1...outcomes.count), vertical: Axis(0...1),
          horizontalTitle: "model", verticalTitle: "share"))
    ]
  }

  private static func band(_ share: Proportion?) -> LinePlot.Band {
    share.map { LinePlot.Band($0.interval.lowerBound, $0.interval.upperBound) } ?? LinePlot.Band(.nan, .nan)
  }
}

/// Several models as scripts have them.
package struct ComparedAnswer: Encodable {
  package let schema = ReportAnswer.schema
  package let models: [ReportAnswer]
  package let comparisons: [ModelComparison]

  package init(_ outcomes: [Examination.Outcome], _ comparisons: [ModelComparison]) {
    (models, self.comparisons) = (outcomes.map(ReportAnswer.init), comparisons)
  }

  private enum CodingKeys: CodingKey { case schema, models, comparisons }
}

extension Number {
  /// A difference of shares in points, with its sign.
  fileprivate static func signed(_ share: Double) -> String {
    let points = (share * 1000).rounded() / 10
    return (points > 0 ? "+" : "") + "\(points)"
  }
}
