internal import Drawing
internal import Experiments
internal import Foundation
internal import Laboratory
internal import Networks

/// Sections of every network along S_c of the first, random directions below; and the fooling matrix (figure 13).
struct TransferSheet {
  let bench: Workbench
  init(_ bench: Workbench) { self.bench = bench }

  private struct Data: Encodable {
    let sections: [[SectionMap.Outcome]]
    let transfer: Transfer.Outcome?
  }

  func drawing() throws -> DrawnFigure {
    let bases = try bench.models.indices.map { i in
      Basis(name: "S_c of \(bench.models[i].classifier.name)", vectors: try bench.shared(i).basis)
    }
    let direction = Direction.given(bases[0].vector(0))
    let above = try bench.models.indices.flatMap { try bench.sections(2, on: $0, along: { _ in direction }) }
    let below = try bench.models.indices.flatMap { i in
      try bench.sections(2, on: i, along: { .random(seed: bench.seed &+ UInt64($0)) })
    }
    let transfer = try matrix(bases)
    let bent = [above, below].map { Statistics($0.map(\.curvature)).median }
    return bench.drawn(
      "fig13", titled: "Sections along S_c of \(bench.classifier.name), of every network; random below",
      Data(sections: [above, below], transfer: transfer), saying: paragraph(bent, transfer),
      size: Size(rows: 50, columns: 140), SectionSheet.scene([above, below], bench.names))
  }

  private func matrix(_ bases: [Basis]) throws -> Transfer.Outcome? {
    guard bases.count > 1 else { return nil }
    let transfer = Transfer(
      models: bench.models.dropFirst().map { OtherModel($0.classifier) },
      perturbations: bases.map { .given($0.vector(0, name: $0.name)) }, radius: bench.radius)
    let others = bench.models.indices.dropFirst().map { bench.judging($0) }
    return try bench.outcome(
      of: transfer, on: Subject(classifier: bench.classifier, images: bench.judged, others: others))
  }

  private func paragraph(_ bent: [Double], _ transfer: Transfer.Outcome?) -> String {
    let rates = transfer.map { t in
      " Fooling of v (rows) on models (columns) at ξ = \(Number.figure(bench.radius, 3)) px: "
        + t.rates.enumerated().map { i, row in
          "\(t.perturbations[i]): " + row.map { Number.rate($0) }.joined(separator: ", ")
        }.joined(separator: "; ") + "."
    }
    return """
      Sections of each network, two images each, along the first direction of S_c of \(bench.classifier.name) (above) \
      and along random directions (below): median of the mean curvature over ±h \(Number.figure(bent[0], 3)) / px against \(Number.figure(bent[1], 3)) / px. \
      The paper's text: directions of S_c found for one network are curved for others too, far more than random \
      ones.\(rates ?? " Only one network was given; a second --model shows the transfer.")
      """
  }
}
