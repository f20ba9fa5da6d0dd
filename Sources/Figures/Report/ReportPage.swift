internal import Drawing
package import Experiments
internal import Foundation
package import Laboratory
internal import Networks

/// What a person who has just trained a model should know of its boundary, on one page.
///
/// Subspaces and perturbations come from the subject's images, every rate from its validation images.
package struct ReportPage: Encodable {
  let model: String
  let learnt: Int
  let judged: Int
  let accuracy: Double?
  let piecewiseLinear: Bool
  let robustness: Robustness.Outcome
  let noise: NoiseTolerance.Outcome
  let radius: Double
  let universal: [UniversalFooling.Outcome]
  let curvature: SharedCurvature.Outcome
  let shape: SubspaceShape.Outcome
  let within: [WithinSubspace.Outcome]
  let flow: Fooling.Outcome
  private(set) var findings: [String] = []
  /// What is to be known of the images before the numbers.
  let remarks: [String]

  package init(_ subject: Subject, radius chosen: Double?, _ run: OutcomeFinder) throws {
    let judged = Subject(classifier: subject.classifier, images: subject.validation ?? subject.images)
    let learnt = Subject(classifier: subject.classifier, images: subject.images)
    model = subject.classifier.name
    remarks = subject.images.remarks
    self.learnt = learnt.images.count
    self.judged = judged.images.count
    piecewiseLinear = subject.classifier.network.isPiecewiseLinear
    accuracy = try run(Prediction(), on: judged).accuracy
    robustness = try run(Robustness(), on: judged)
    noise = try run(NoiseTolerance(), on: learnt)
    guard let radius = chosen ?? noise.radius.map({ $0 / 5 }) else {
      throw Refusal(.badData, "random noise never changes 80 % of these labels, so pass --radius XI")
    }
    self.radius = radius
    var shared = SharedCurvature(product: .secant(step: Float(radius)))
    (shared.points, shared.eigenvectors, shared.iterations) = (100, 10, 40)
    let points = Subject(classifier: subject.classifier, images: subject.images.prefix(100))
    curvature = try run(shared, on: points)
    universal = try [UniversalFooling.Method.uap, .curvature, .normals, .random].map { method in
      var one = UniversalFooling(method: method, radius: radius)
      if method == .curvature { one.curvature = shared }
      return try run(one, on: subject)
    }
    let basis = Basis(name: "S_c", vectors: curvature.basis)
    shape = try run(
      SubspaceShape(basis: .given(basis), dimensions: [1, min(5, basis.dimension)], product: shared.product),
      on: judged)
    within = [
      try run(WithinSubspace(basis: .given(basis), dimensions: [min(5, basis.dimension)]), on: judged)
    ]
    let strongest = universal.max { ($0.validation?.rate ?? 0) < ($1.validation?.rate ?? 0) }!
    flow = try run(
      Fooling(perturbation: .given(Basis(name: "v", vectors: strongest.perturbation))), on: judged)
    findings = sentences
  }

  /// The largest of all norms on the page, pixels in [0, 1].
  package var largestNorm: Double { max(radius, robustness.each.filter(\.isFooled).map(\.norm).max() ?? 0) }

  /// Sentences that follow from the numbers, most important first.
  private var sentences: [String] {
    let rate = { (method: UniversalFooling.Method) in
      universal.first { $0.method == method }?.validation?.rate ?? 0
    }
    let strongest = max(rate(.uap), rate(.curvature), rate(.normals))
    var said = [
      strongest > 0.5
        ? "One vector of norm \(Number.figure(radius, 3)) px changes \(Number.rate(strongest)) of unseen labels; noise of that norm "
          + "changes \(Number.rate(rate(.random)))."
        : "No vector of norm \(Number.figure(radius, 3)) px was found that changes half of the labels (best \(Number.rate(strongest))).",
      rate(.curvature) >= rate(.normals)
        ? "Curvature explains it better than the normals do: \(Number.rate(rate(.curvature))) against \(Number.rate(rate(.normals)))."
        : "The normals explain it better than curvature: \(Number.rate(rate(.normals))) against \(Number.rate(rate(.curvature))).",
    ]
    if let first = shape.curve.first {
      said.append(
        "Along the first direction of S_c the boundary of \(Number.rate(first.positive)) of unseen images bends towards them, "
          + "with a mean radius of \(Number.figure(1 / max(1e-9, abs(first.meanNormalised)), 3)) px.")
    }
    if let dominant = flow.dominant, dominant.share > 0.3 {
      said.append(
        "\(Number.rate(dominant.share)) of the fooled images become \(dominant.name): a class that swallows others."
      )
    }
    if robustness.fooled < robustness.count {
      said.append(
        "For \(robustness.count - robustness.fooled) of \(robustness.count) images no boundary was found: gradients vanish or mislead there, which "
          + "masks weakness rather than curing it.")
    }
    if let warning = robustness.warning { said.append(warning + ".") }
    if piecewiseLinear {
      said.append(
        "The network is piecewise linear: its curvature is a secant over ±h = \(Number.figure(radius, 3)) px."
      )
    }
    return said
  }

  package func text(name: String, set: String) -> String {
    let r = robustness
    var lines = [
      "The decision boundary of \(name)", "\(set): \(learnt) images to learn from, \(judged) to judge on", "",
    ]
    lines += Self.rows([
      ("accuracy", accuracy.map { Number.rate($0) } ?? "unknown"),
      (
        "distance ‖r‖",
        "mean \(Number.figure(r.meanNorm ?? .nan, 3)) px, median \(Number.figure(r.medianNorm ?? .nan, 3)) px (DeepFool alone "
          + "\(Number.figure(r.medianDeepfool ?? .nan, 3))); ρ_adv "
          + "\(Number.figure(r.rho.raw ?? .nan, 3)) raw, \(Number.figure(r.rho.centred ?? .nan, 3)) centred; "
          + "\(r.fooled) of \(r.count) reached; cos(r, ∇G) \(Number.figure(r.meanCosine ?? .nan, 3))"
      ),
      (
        "random noise",
        noise.radius.map { "\(Number.figure($0, 3)) px change 80 % of the labels" } ?? "never changes 80 %"
      ),
      (
        "curvature of S_c",
        "vᵀA(v) " + curvature.rayleigh.prefix(5).map { Number.figure($0, 3) }.joined(separator: ", ")
          + " / px (\(curvature.points) points, h = ξ)"
      ),
      (
        "within S_c",
        within.compactMap { $0.curve.first }.map {
          "the boundary of \(Number.rate($0.reached)) is met within m = \($0.dimension), median "
            + "\($0.median.map { Number.figure($0, 3) } ?? "–") px"
        }.joined()
      ),
    ])
    lines += [
      "",
      "universal perturbations at ξ = \(Number.figure(radius, 3)) px, unclipped (of at most); −v; clipped",
    ]
    lines += Self.rows(
      universal.map { one in
        let v = one.validation
        return (
          "  " + one.method.rawValue,
          v.map {
            "\(Number.rate($0.rate, $0.interval)) (\(Number.rate($0.ceiling)))   \(Number.rate($0.opposite))   \(Number.rate($0.clipped))"
          }
            ?? "–"
        )
      })
    return (lines + [""] + findings.map { "• " + $0 }).joined(separator: "\n")
  }

  private static func rows(_ rows: [(String, String)]) -> [String] {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { $0.0.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.1 }
  }
}
