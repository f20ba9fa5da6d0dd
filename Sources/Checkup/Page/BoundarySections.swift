internal import Drawing
internal import Experiments

// Where the boundary of one image runs, how it bends there in every direction, and what becomes of fooled images.
extension PageSections {
  /// Two planes through the image at the median distance.
  func planes(_ naming: (Int) -> String) -> [ReportPage.Block]? {
    guard let image = outcome.looked, !outcome.sections.isEmpty else { return nil }
    let bends = outcome.sections.map { section in
      "along \(section.along) "
        + (section.planeCurvature.map {
          section.isFlat
            ? "it cannot be told from straight" : "κ = \(Number.figure($0, 3)) / px"
        } ?? "it ends at z")
    }
    let first = outcome.sections[0]
    let text =
      "\(naming(image)), the image at the median distance: planes through x along r, up to the boundary at z "
      + "(‖r‖ = \(length(first.norm))), and along one vector each. Of the curve at z: \(bends.joined(separator: "; "))."
    return [.text(text), .sections(outcome.sections.map { ("r and \($0.along)", $0) })]
  }

  /// All principal curvatures at that boundary point, by descending value.
  var spectrum: [ReportPage.Block] {
    guard let spectrum = outcome.spectrum, let largest = spectrum.nodes.first,
      let smallest = spectrum.nodes.last,
      spectrum.nodes.count > 1, largest.value > smallest.value
    else { return [] }
    let most = max(abs(largest.value), abs(smallest.value))
    func share(_ holds: (Double) -> Bool) -> Double {
      spectrum.nodes.reduce(0) { $0 + (holds($1.value) ? $1.weight : 0) }
    }
    let beta = spectrum.beta.map { ", β = \(Number.short($0))" } ?? ""
    let (up, down) = (share { $0 > most / 10 }, share { $0 < -most / 10 })
    let text =
      "At the boundary point of the image at the median distance, principal curvatures range from "
      + "\(Number.figure(smallest.value, 3)) to \(Number.figure(largest.value, 3)) / px; of \(spectrum.dimension) directions "
      + "\(Number.rate(up)) bend towards the image and \(Number.rate(down)) away from it by at least a tenth of the largest "
      + "(density by stochastic Lanczos quadrature, \(spectrum.products) products of the \(spectrum.product) network\(beta))."
    let reach = max(most, 1e-12) * 1.05
    return [
      .text(text),
      .plot(
        title: "Principal curvatures",
        LinePlot(
          [steps(spectrum)], horizontal: Axis(0...1), vertical: Axis(-reach...reach),
          horizontalTitle: "share of directions", verticalTitle: "κ, 1/px")),
    ]
  }

  /// The curvatures by descending value, each as wide as its share of the directions.
  private func steps(_ spectrum: PointSpectrum.Outcome) -> LinePlot.Series {
    var (shares, values, left) = ([Double](), [Double](), 0.0)
    for node in spectrum.nodes {
      let right = min(1, left + node.weight)
      shares += [left, right]
      values += [node.value, node.value]
      left = right
    }
    return LinePlot.Series("κ", x: shares, y: values, showsMarkers: false, isFilled: true)
  }

  /// What the labels become that the even universal of norm ξ changes.
  var changedLabels: [ReportPage.Block] {
    guard let radius = outcome.radius,
      let even = outcome.universals.first(where: { $0.name == "even universal" }),
      let point = even.points.min(by: { abs($0.radius - radius) < abs($1.radius - radius) }),
      !point.taken.isEmpty
    else { return [] }
    let all = max(1, point.changed)
    return [
      .table(
        head: ["changed by even, become", "share", "mostly from"],
        rows: point.taken.map { taken in
          [
            name(taken.label), Number.rate(Double(taken.count) / Double(all)),
            "\(name(taken.from)) \(taken.fromCount)",
          ]
        }, words: [0, 2])
    ]
  }
}
