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
    return [.text(text)] + outcome.sections.map { .section($0, plot(of: $0)) }
  }

  private func plot(of section: SectionMap.Outcome) -> ReportPlot {
    let palette = ClassPalette(names: (0..<max(1, findings.classNames.count)).map(name))
    func ends(_ axis: [Double]) -> ClosedRange<Double> {
      let half = axis.count > 1 ? (axis[1] - axis[0]) / 2 : 0.5
      return (axis.first ?? 0) - half...(axis.last ?? 1) + half
    }
    var plot = ReportPlot(
      "r and \(section.along)", horizontal: "along \(section.along), px", vertical: "along r, px",
      x: ends(section.axes.s), y: ends(section.axes.t),
      series: section.boundary.isEmpty
        ? [] : [.init("boundary of \(name(section.from))", section.boundary.map { ($0[0], $0[1]) })])
    plot.grid = grid(of: section, palette)
    plot.marks = [(0, 0, "x")] + (section.norm > 0 ? [(0, section.norm, "z")] : [])
    return plot
  }

  private func grid(of section: SectionMap.Outcome, _ palette: ClassPalette) -> ReportPlot.Grid {
    let light = Appearance(colors: .direct, glyphs: .blocks, background: .light)
    let margins = section.cells.margins.map { abs($0) }.filter(\.isFinite).sorted()
    let typical = margins.isEmpty ? 1 : max(margins[margins.count * 3 / 4], .leastNormalMagnitude)
    let inSight = Set(section.cells.labels).sorted()
    return ReportPlot.Grid(
      columns: section.columns, rows: section.rows,
      colors: section.cells.labels.indices.map { i in
        palette.region(section.cells.labels[i], depth: abs(section.cells.margins[i]) / typical, light).value
      },
      names: inSight.map { (name($0), palette.region($0, depth: 1, light).value) })
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
      "At the boundary point of the image at the median distance, principal curvatures reach from "
      + "\(Number.figure(smallest.value, 3)) to \(Number.figure(largest.value, 3)) / px; of \(spectrum.dimension) directions "
      + "\(Number.rate(up)) bend towards the image and \(Number.rate(down)) away from it by a tenth of the most or more "
      + "(density by stochastic Lanczos quadrature, \(spectrum.products) products of the \(spectrum.product) network\(beta))."
    var (points, left) = ([(x: Double, y: Double)](), 0.0)
    for node in spectrum.nodes {
      points.append((left, node.value))
      left = min(1, left + node.weight)
      points.append((left, node.value))
    }
    let reach = max(most, 1e-12) * 1.05
    return [
      .text(text),
      .plot(
        ReportPlot(
          "Principal curvatures", horizontal: "share of directions", vertical: "κ, 1/px", x: 0...1,
          y: -reach...reach,
          series: [.init("κ", points, isSteps: true)])),
    ]
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
        head: ["changed by even, become", "share", "most of them from"],
        rows: point.taken.map { taken in
          [
            name(taken.label), Number.rate(Double(taken.count) / Double(all)),
            "\(name(taken.from)) \(taken.fromCount)",
          ]
        }, words: [0, 2])
    ]
  }
}

extension Color {
  /// As 0xRRGGBB.
  fileprivate var value: UInt32 { UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }
}
