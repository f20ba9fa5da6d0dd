internal import Drawing
internal import Experiments
internal import Foundation
internal import Laboratory
internal import Networks

/// Principal angles between S_c of networks, beside random subspaces and S_c of the same network from other images
/// (figure 10).
struct AnglesFigure {
  let bench: Workbench
  init(_ bench: Workbench) { self.bench = bench }

  func drawing() throws -> DrawnFigure {
    let bases = try bench.models.indices.map { i in
      Basis(name: bench.models[i].classifier.name, vectors: try bench.shared(i).basis)
    }
    // S_c does not even agree with itself over two samples: that is how far two networks could agree.
    let again = try bench.sharedAgain().map {
      Basis(name: "\(bases[0].name), other images", vectors: $0.basis)
    }
    let others = bases.dropFirst() + [again].compactMap { $0 }
    let found = try others.map {
      try PrincipalAngles(.given(bases[0]), .given($0)).outcome(between: bases[0], $0)
    }
    guard let first = found.first else {
      throw Refusal(
        .badData,
        "fig10 compares S_c of two networks, or of one from twice \(bench.points) images: pass a second --model or more --images"
      )
    }
    let plot = LinePlot(
      found.map { one in
        LinePlot.Series(
          "\(one.first) × \(one.second)", x: one.cosines.indices.map { Double($0 + 1) }, y: one.cosines)
      } + [
        LinePlot.Series(
          "random", x: first.random.indices.map { Double($0 + 1) }, y: first.random, style: .random)
      ], vertical: Axis(0...1), horizontalTitle: "principal angle", verticalTitle: "cosine")
    return bench.drawn(
      "fig10", titled: "Principal angles of S_c between networks", found,
      saying: paragraph(found, networks: bases.count, hasCeiling: again != nil),
      size: Size(rows: 30, columns: 96),
      .one(plot))
  }

  private func paragraph(_ found: [PrincipalAngles.Outcome], networks: Int, hasCeiling: Bool) -> String {
    func mean(_ cosines: [Double]) -> Double { cosines.reduce(0, +) / Double(max(1, cosines.count)) }
    let told = found.map { one in
      "\(one.first) × \(one.second): largest cosine \(Number.figure(one.cosines[0], 2)), mean \(Number.figure(mean(one.cosines), 2))"
    }.joined(separator: "; ")
    let pairs = found.prefix(networks - 1)
    let verdict =
      pairs.isEmpty
      ? "One network says nothing about what networks share: a second --model does."
      : pairs.allSatisfy { $0.cosines[0] > $0.randomLargest }
        ? "Each pair of networks is above the largest of the random pairs here."
        : "Not every pair of networks is above the largest of the random pairs here."
    return """
      Cosines of the principal angles between the spans of the first \(found[0].dimensions[0]) directions of S_c. \(told); \
      random subspaces of the same dimensions: largest \(Number.figure(found[0].randomLargest, 2)), mean \
      \(Number.figure(mean(found[0].random), 2)). \
      \(hasCeiling ? "S_c of one network from other images shows how far two could agree. " : "")\(verdict) One sample of \
      images each. The paper's text: the first principal angles between S_c of LeNet and of NiN are very small.
      """
  }
}

/// The bounds of both theorems against m beside the norms that are really reached.
struct TheoremsFigure {
  let bench: Workbench
  init(_ bench: Workbench) { self.bench = bench }

  private struct Data: Encodable {
    let bounds: Theorems.Outcome
    let linear: LinearRemark.Outcome
  }

  func drawing() throws -> DrawnFigure {
    let sf = Basis(name: "S_f", vectors: try bench.normals(0, 50).basis)
    let sc = Basis(name: "S_c", vectors: try bench.shared(0, 50).basis)
    var theorems = Theorems(
      normals: .given(sf), basis: .given(sc), dimensions: usualDimensions(upTo: 50), product: bench.secant)
    theorems.seed = bench.seed
    let found = try bench.outcome(of: theorems, on: bench.judging(0, 300))
    let linear = try bench.outcome(of: LinearRemark(), on: bench.subject(validation: bench.judged))
    let plot = LinePlot(
      [
        series("S_f reached, ±", found.theorem1.map { ($0.dimension, $0.reached) }, .normals.with(.solid)),
        series("S_c reached", found.theorem2.map { ($0.dimension, $0.reached) }, .curvature),
        series(
          "Th. 1 printed", found.theorem1.map { ($0.dimension, $0.printed) }, .normals.with(.dashed, .box)),
        series(
          "Th. 1 sharp", found.theorem1.map { ($0.dimension, $0.sharp) }, .normals.with(.dotted, .lozenge)),
        series(
          "Th. 2 sharp", found.theorem2.map { ($0.dimension, $0.sharp) }, .curvature.with(.dotted, .delta)),
        series(
          "Th. 2 along v", found.theorem2.map { ($0.dimension, $0.tangentBound) },
          .curvature.with(.dashDotted, .diamond)),
      ].filter { !$0.x.isEmpty }, horizontalScale: .logarithmic, verticalScale: .logarithmic,
      horizontalTitle: "dimension m of the subspace", verticalTitle: "norm of v, px")
    return bench.drawn(
      "theorems", titled: "What the theorems promise for \(bench.classifier.name), and what is reached",
      Data(bounds: found, linear: linear), saying: paragraph(found, linear),
      size: Size(rows: 36, columns: 110),
      .one(plot))
  }

  private func series(_ name: String, _ points: [(Int, Double?)], _ style: CurveStyle) -> LinePlot.Series {
    let known = points.compactMap { m, y in y.map { (Double(m), $0) } }
    return LinePlot.Series(name, x: known.map(\.0), y: known.map(\.1), style: style)
  }

  private func paragraph(_ o: Theorems.Outcome, _ l: LinearRemark.Outcome) -> String {
    let flat = o.theorem1.first { $0.dimension == o.bestFlat }
    let least = o.theorem2.map(\.smallestBeta).min() ?? .nan
    let none = o.theorem2.filter { $0.printed == nil }
    let kappas = o.theorem2.map {
      "\($0.dimension): \(Number.figure($0.kappa, 2)) (along v alone \(Number.figure($0.tangentKappa, 2)))"
    }
    let fromFlat = flat.map {
      "Theorem 1's bound is smallest at m = \($0.dimension): \(Number.figure($0.printed ?? .nan)) px as "
        + "printed, \(Number.figure($0.sharp ?? .nan)) px with the exact constant (ξ = "
        + "\(Number.figure($0.xi, 2)))."
    }
    return """
      \(o.count) unseen boundary points, R = \(Number.figure(o.norm)) px, δ = \(Number.figure(o.delta)); cos(r, ∇G), which the theorems \
      assume to be 1, has median \(Number.figure(o.cosine, 2)). \(o.excess.map { "The bounds are \(Number.figure($0.least, 2)) to \(Number.figure($0.most, 2)) times the norms reached: \($0.least > 10 ? "vacuous here" : "loose"). " } ?? "")\(fromFlat ?? "Theorem 1 gives no bound.") \
      κ(m) of Theorem 2 at β = 0.1: \(kappas.joined(separator: ", ")); \(none.count) of \(o.theorem2.count) m have no bound because \
      κ is not positive with so few exceptions; it is positive from β = \(Number.figure(least, 2)) on, the share of pairs (x, v) \
      that do not bend towards x in the whole 2×2 matrix. \
      Fooling of \(Number.rate(o.reached.share)) is really reached at \(o.reached.radius.map { Number.figure($0) } ?? "no") px \
      (\(o.reached.subspace ?? "–"), m = \(o.reached.dimension ?? 0)). Remark 1, a linear classifier of \(l.classes) classes \
      trained here (\(Number.rate(l.judgedAccuracy)) right): normals span \(l.dimension) dimensions, ξ = \(Number.figure(l.xi, 1)), bound \
      \(Number.figure(l.printed)) px printed and \(Number.figure(l.sharp)) px sharp, \(Number.rate(l.fooledAtSharp)) fooled at the sharp one, \
      80 % really reached at \(l.reached.map { Number.figure($0) } ?? "no") px. The paper's text: flat theory alone overestimates the \
      norm, curvature explains small perturbations; the bounds are sufficient, not necessary.
      """
  }
}

/// DeepFool's ρ_adv (table 1 of the DeepFool paper).
struct RobustnessTable {
  let bench: Workbench
  init(_ bench: Workbench) { self.bench = bench }

  private struct Row: Encodable {
    let model: String
    let count: Int
    let accuracy: Double?
    let rho: Robustness.Rho
    let meanNorm: Double?
    /// Mean norm after the minimum-norm search from there.
    let meanRefinedNorm: Double?
    let meanIterations: Double?
  }

  func drawing() throws -> DrawnFigure {
    let rows = try bench.models.indices.map { i in
      let o = try bench.outcome(of: Robustness.deepFool, on: bench.judging(i))
      let refined = try bench.outcome(of: Robustness(), on: bench.judging(i))
      let p = try bench.outcome(of: Prediction(), on: bench.judging(i))
      return Row(
        model: bench.models[i].classifier.name, count: o.count, accuracy: p.accuracy, rho: o.rho,
        meanNorm: o.meanNorm, meanRefinedNorm: refined.meanNorm, meanIterations: o.meanIterations)
    }
    let table = Table(
      [
        .init("model"), .init("images", alignment: .trailing), .init("accuracy", alignment: .trailing),
        .init("ρ_adv, centred", alignment: .trailing), .init("ρ_adv, raw", alignment: .trailing),
        .init("mean ‖r‖, px", alignment: .trailing), .init("refined", alignment: .trailing),
        .init("iterations", alignment: .trailing),
      ],
      rows: rows.map { row in
        [
          row.model, "\(row.count)", row.accuracy.map { Number.rate($0) } ?? "–",
          row.rho.centred.map { Number.figure($0, 3) } ?? "–",
          row.rho.raw.map { Number.figure($0, 3) } ?? "–", row.meanNorm.map { Number.figure($0) } ?? "–",
          row.meanRefinedNorm.map { Number.figure($0) } ?? "–",
          row.meanIterations.map { Number.figure($0, 3) } ?? "–",
        ]
      })
    let paragraph = """
      Mean of ‖r(x)‖/‖x‖ by DeepFool landed on the boundary, with the set's mean image subtracted (centred) and without \
      (raw). The DeepFool paper's table 1 prints 0.20 for LeNet on MNIST and 0.030 for LeNet on CIFAR-10, with the \
      network's mean-subtracted input: the centred column. It includes the overshoot of 2 % in r; here r ends on the \
      boundary and is up to that much shorter. "Refined" is the mean norm after a minimum-norm search from \
      there: the nearer it is to DeepFool's, the more ρ_adv is a distance.
      """
    return bench.drawn(
      "table1", titled: "DeepFool's average robustness ρ_adv", rows, saying: paragraph,
      size: Size(rows: 5 + rows.count, columns: 110), .one(table))
  }
}
