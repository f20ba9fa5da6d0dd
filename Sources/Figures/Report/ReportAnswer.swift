package import Checkup
internal import Experiments
internal import Geometry

/// An examination as scripts have it.
///
/// `schema` grows with every change that takes or renames a key.
package struct ReportAnswer: Encodable {
  private let outcome: Examination.Outcome
  package static let schema = 1

  package init(_ outcome: Examination.Outcome) { self.outcome = outcome }

  private enum Key: CodingKey {
    case schema, model, images, count, seconds, verdict, signs, skipped, accuracy, calibration, confusion,
      duplicates,
      distance, noise, radius, universal, looked, sections, spectrum, curvature, shape, alterations, outliers,
      activity, remarks
  }

  private struct Accuracy: Encodable { let rate: Double, interval: [Double], count: Int }

  private struct Distance: Encodable {
    let count: Int, reached: Int
    @OrNull var median: Double?
    @OrNull var mean: Double?
    @OrNull var medianDeepfool: Double?
    /// The median as a change of every value, in units of 1/255.
    @OrNull var epsilon: Double?
    let beaten: Int
    /// On how many images each search was the shortest.
    let won: [String: Int]
    let references: [Reference]
    let each: [Masking.Each]
  }

  private struct Reference: Encodable { let name: String, training: String, median: Double, epsilon: Double }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    let findings = outcome.findings
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(outcome.model, forKey: .model)
    try container.encode(outcome.images, forKey: .images)
    try container.encode(outcome.count, forKey: .count)
    try container.encode(outcome.seconds, forKey: .seconds)
    try container.encode(findings.verdict, forKey: .verdict)
    try container.encode(findings.signs, forKey: .signs)
    try container.encode(findings.skipped, forKey: .skipped)
    try container.encode(
      findings.confusion.map { c in
        Accuracy(
          rate: c.accuracy.rate, interval: [c.accuracy.interval.lowerBound, c.accuracy.interval.upperBound],
          count: c.accuracy.trials)
      }, forKey: .accuracy)
    try container.encode(findings.calibration, forKey: .calibration)
    try container.encode(findings.confusion?.counts, forKey: .confusion)
    try container.encode(findings.duplicates?.pairs, forKey: .duplicates)
    try container.encode(distance, forKey: .distance)
    try container.encode(outcome.noise, forKey: .noise)
    try container.encode(outcome.radius, forKey: .radius)
    try container.encode(outcome.universals, forKey: .universal)
    try container.encode(outcome.looked, forKey: .looked)
    try container.encode(outcome.sections, forKey: .sections)
    try container.encode(outcome.spectrum, forKey: .spectrum)
    try container.encode(outcome.curvature, forKey: .curvature)
    try container.encode(outcome.shape, forKey: .shape)
    try container.encode(findings.alterations, forKey: .alterations)
    try container.encode(findings.outliers, forKey: .outliers)
    try container.encode(findings.activity, forKey: .activity)
    try container.encode(outcome.remarks, forKey: .remarks)
  }

  private var distance: Distance? {
    guard let masking = outcome.findings.masking else { return nil }
    let norms = masking.each.compactMap(\.smallest).sorted()
    let deepfool = masking.each.filter(\.isFooled).map(\.deepfool).sorted()
    let median = norms.isEmpty ? nil : norms[norms.count / 2]
    return Distance(
      count: masking.count, reached: masking.reached, median: median, mean: masking.meanSmallest,
      medianDeepfool: deepfool.isEmpty ? nil : deepfool[deepfool.count / 2],
      epsilon: median.map { DistanceReference.epsilon(of: $0, pixels: outcome.pixels) },
      beaten: masking.beaten, won: masking.won,
      references: DistanceReference.bundled.map {
        Reference(name: $0.name, training: $0.training, median: $0.median, epsilon: $0.epsilon)
      }, each: masking.each)
  }
}

/// What a model has to keep, read from a JSON file; whatever is not named is not asked for.
package struct ReportLimits: Decodable {
  /// At least.
  package var accuracy: Double?
  /// At least, in pixel units.
  package var medianDistance: Double?
  /// At most.
  package var calibrationError: Double?
  package var fooled: Fooled?
  /// Signs that must not be found; `any` for all.
  package var signs: [String]?

  /// The share of unseen labels that the even universal of this norm may change at most.
  package struct Fooled: Decodable {
    package var radius: Double
    package var rate: Double
  }

  private enum Key: String, CodingKey, CaseIterable {
    case accuracy, medianDistance, calibrationError, fooled, signs
  }

  /// - Throws: a sentence that names a key which is none.
  package init(from decoder: any Decoder) throws {
    let names = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    if let unknown = names.first(where: { Key(rawValue: $0) == nil }) {
      throw SubjectError(
        "“\(unknown)” is not a limit; choose from \(Key.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let container = try decoder.container(keyedBy: Key.self)
    accuracy = try container.decodeIfPresent(Double.self, forKey: .accuracy)
    medianDistance = try container.decodeIfPresent(Double.self, forKey: .medianDistance)
    calibrationError = try container.decodeIfPresent(Double.self, forKey: .calibrationError)
    fooled = try container.decodeIfPresent(Fooled.self, forKey: .fooled)
    signs = try container.decodeIfPresent([String].self, forKey: .signs)
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// A sentence for each limit that is broken, or that could not be tried.
  package func broken(by outcome: Examination.Outcome) -> [String] {
    let findings = outcome.findings
    var broken: [String] = []
    func least(_ name: String, _ limit: Double?, _ value: Double?) {
      guard let limit else { return }
      guard let value else { return broken.append("\(name) is unknown, so \(limit) cannot be met") }
      if value < limit { broken.append("\(name) \(short(value)) is below \(short(limit))") }
    }
    func most(_ name: String, _ limit: Double?, _ value: Double?) {
      guard let limit else { return }
      guard let value else { return broken.append("\(name) is unknown, so \(limit) cannot be met") }
      if value > limit { broken.append("\(name) \(short(value)) is above \(short(limit))") }
    }
    let norms = findings.masking?.each.compactMap(\.smallest).sorted() ?? []
    least("accuracy", accuracy, findings.confusion?.accuracy.rate)
    least("the median distance", medianDistance, norms.isEmpty ? nil : norms[norms.count / 2])
    most("the calibration error", calibrationError, findings.calibration?.error)
    let even = outcome.universals.first { $0.name == "even universal" }
    most(
      "the share of labels changed at norm \(short(fooled?.radius ?? 0))", fooled?.rate,
      even?.points.first { abs($0.radius - (fooled?.radius ?? 0)) < 1e-9 }?.rate)
    for sign in findings.signs
    where sign.found && (signs?.contains { $0 == "any" || $0 == sign.name } ?? false) {
      broken.append("sign of \(sign.name): \(sign.evidence)")
    }
    for name in signs ?? [] where name != "any" && !findings.signs.contains(where: { $0.name == name }) {
      broken.append("“\(name)” was not looked for")
    }
    return broken
  }

  private func short(_ number: Double) -> String { "\((number * 10000).rounded() / 10000)" }
}
