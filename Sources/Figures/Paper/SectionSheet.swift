internal import Drawing
internal import Experiments
internal import Explorer
internal import Foundation
internal import Laboratory
internal import Networks

/// Sections of several images at once: along one direction above, along random ones below (figures 5 and 6).
struct SectionSheet {
  let bench: Workbench
  /// Images side by side.
  private static let columns = 3

  init(_ bench: Workbench) { self.bench = bench }

  func drawing(_ name: String) throws -> DrawnFigure {
    let uap = try bench.universal()
    let above = Direction.given(Basis(name: "UAP", vectors: uap.perturbation))
    let rows = [
      try sections(along: { _ in above }),
      try sections(along: { .random(seed: bench.seed &+ UInt64($0)) }),
    ]
    let universal = Basis(name: "UAP", vectors: uap.perturbation)
    let shapes = try [universal, bench.randomBasis(1)].map { basis in
      try bench.outcome(
        of: SubspaceShape(basis: .given(basis), dimensions: [1], product: bench.secant),
        on: bench.judging(0, 200))
    }
    let bent = shapes.map(\.curve[0].meanNormalised)
    let ratio = abs(bent[1]) > 0 ? abs(bent[0] / bent[1]) : .infinity
    let paragraph = """
      Rows: sections along (r(x), v) with v the published universal perturbation (fooling \
      \(Number.rate(uap.validation?.rate ?? 0)) of unseen images at ξ = \(Number.figure(bench.radius, 3)) px), and with v random; \
      columns: images. Over \(shapes[0].count) unseen images and a window of h = ξ the mean curvature is \
      \(Number.figure(bent[0], 3)) / px along the universal direction (positive at \(Number.rate(shapes[0].curve[0].positive))) and \
      \(Number.figure(bent[1], 3)) / px along a random one (\(Number.figure(ratio, 3)) times as much). The paper's text: \
      sections along universal perturbations are highly curved, the boundary being locally inside a disc, while random \
      ones are comparatively flat. \(verdict(bent))
      """
    return bench.drawn(
      name, titled: "Normal sections of \(bench.classifier.name): universal above, random below", rows,
      saying: paragraph, size: Size(rows: 50, columns: 132), Self.scene(rows, bench.names))
  }

  private func verdict(_ bent: [Double]) -> String {
    bent[0] > 2 * abs(bent[1]) ? "This holds here too." : "This does not hold here."
  }

  private func sections(along direction: (Int) -> Direction) throws -> [SectionMap.Outcome] {
    try bench.sections(Self.columns, on: 0, along: direction)
  }

  /// Heatmaps in rows and columns, a column an image.
  static func scene(_ rows: [[SectionMap.Outcome]], _ names: [String]) -> FigureScene {
    .rows(
      rows.map { row in
        (
          1,
          .columns(
            row.compactMap { outcome in
              guard var map = Heatmap(outcome, classNames: names) else { return nil }
              map.showsLegend = false
              (map.horizontal, map.vertical) = ("s along v, px", "t along r, px")
              let note = outcome.planeCurvature.map { "κ \(Number.short($0))/px" } ?? ""
              return .titled("image \(outcome.index) × \(outcome.along)", note: note, .one(map))
            })
        )
      })
  }
}

extension Workbench {
  /// Sections of the first judged images at whose boundary there is one.
  func sections(
    _ count: Int, on model: Int, along direction: (Int) -> Direction
  ) throws -> [SectionMap.Outcome] {
    let robustness = try outcome(of: Robustness(), on: judging(model, 20))
    let chosen = robustness.each.filter(\.isFooled).prefix(count)
    return try chosen.map { each in
      let section = SectionMap(
        index: each.index, along: direction(each.index), extent: max(2 * each.norm, radius), width: 96,
        height: 96,
        product: secant)
      return try outcome(of: section, on: judging(model, 20))
    }
  }
}
