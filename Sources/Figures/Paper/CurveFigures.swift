internal import Drawing
internal import Experiments
internal import Explorer
internal import Foundation
internal import Laboratory
internal import Networks
internal import Tensors

/// K_S(x) of S_c and of a random subspace against m (figure 7a).
struct ShapeFigure {
  let bench: Workbench
  init(_ bench: Workbench) { self.bench = bench }

  func drawing() throws -> DrawnFigure {
    let sc = Basis(name: "S_c", vectors: try bench.shared(0, 50).basis)
    let random = bench.randomBasis(sc.dimension)
    let curves = try [sc, random].map { basis in
      var shape = SubspaceShape(
        basis: .given(basis), dimensions: usualDimensions(upTo: 50), product: bench.secant)
      shape.seed = bench.seed
      return try bench.outcome(of: shape, on: bench.judging())
    }
    let first = curves[0].curve
    let falls = zip(first, first.dropFirst()).filter { $1.meanNormalised <= $0.meanNormalised }.count
    let paragraph = """
      K_S(x)/‖∇F‖ at \(curves[0].count) boundary points of unseen images: \(Number.figure(first[0].meanNormalised, 3)) ± \
      \(Number.figure(first[0].deviationNormalised, 3)) / px at m = 1 and \(Number.figure(first[first.count - 1].meanNormalised, 3)) / px \
      at m = \(first[first.count - 1].dimension) in S_c; \(Number.figure(curves[1].curve[0].meanNormalised, 3)) / px along random \
      directions. It falls with m in \(falls) of \(first.count - 1) steps. The paper's text: the average curvature is \
      strongly oriented towards positive for small m, and falls with m. Here \
      \(Number.rate(first[0].positive)) of the unseen points curve towards x at m = 1. Secant over ±h, h = ξ.
      """
    let plot = LinePlot(
      curves.map { curve in
        LinePlot.Series(
          curve.name, x: curve.curve.map { Double($0.dimension) }, y: curve.curve.map(\.meanNormalised),
          deviation: curve.curve.map(\.deviationNormalised), style: .named(curve.name))
      }, horizontalScale: .logarithmic, horizontalTitle: "dimension m of the subspace",
      verticalTitle: "K_S / ‖∇F‖, 1/px: mean ± std over unseen points")
    return bench.drawn(
      "fig7a", titled: "Average curvature K_S of \(bench.classifier.name) against the dimension", curves,
      saying: paragraph, size: Size(rows: 34, columns: 100),
      .one(plot))
  }
}

/// Fooling rates of draws from S_c, S_f and random subspaces against m, the published algorithm as a line
/// (figures 7b, 11, 12).
struct FoolingFigure {
  let bench: Workbench
  init(_ bench: Workbench) { self.bench = bench }

  private struct Data: Encodable {
    let radius: Double
    let curves: [SubspaceFooling.Outcome]
    let universal: UniversalFooling.Outcome
  }

  func drawing(_ name: String) throws -> DrawnFigure {
    let bases = [
      Basis(name: "S_c", vectors: try bench.shared(0, 50).basis),
      Basis(name: "S_f", vectors: try bench.normals(0, 50).basis), bench.randomBasis(50),
    ]
    let curves = try bases.map { basis in
      let dimensions = usualDimensions(upTo: basis.dimension)
      return try bench.outcome(
        of: SubspaceFooling(
          basis: .given(basis), dimensions: dimensions, radius: bench.radius, seed: bench.seed),
        on: bench.judging())
    }
    // m is chosen where nothing is judged.
    let learnt = try bases.map { basis in
      try bench.outcome(
        of: SubspaceFooling(
          basis: .given(basis), dimensions: usualDimensions(upTo: basis.dimension), radius: bench.radius,
          seed: bench.seed),
        on: bench.subject())
    }
    let uap = try bench.universal()
    let rate = uap.validation?.rate ?? 0
    let plot = LinePlot(
      curves.map { curve in
        LinePlot.Series(
          curve.name, x: curve.curve.map { Double($0.dimension) }, y: curve.curve.map { 100 * $0.mean },
          deviation: curve.curve.map { 100 * $0.deviation }, style: .named(curve.name))
      }, references: [.init("UAP \(Number.fixed(100 * rate, 1)) %", y: 100 * rate, style: .universal)],
      vertical: Axis(0...100),
      horizontalScale: .logarithmic, horizontalTitle: "dimension m of the subspace",
      verticalTitle: "labels changed, %: mean ± std over 20 draws")
    return bench.drawn(
      name, titled: "Fooling by random vectors of S_c, S_f and random subspaces: \(bench.classifier.name)",
      Data(radius: bench.radius, curves: curves, universal: uap), saying: paragraph(curves, learnt, uap),
      size: Size(rows: 34, columns: 100),
      .one(plot))
  }

  /// The rates at the m with the largest rate on the images that are learnt from.
  private func chosen(
    _ curves: [SubspaceFooling.Outcome], _ learnt: [SubspaceFooling.Outcome]
  ) -> [SubspaceFooling.Point] {
    zip(curves, learnt).map { judged, own in
      let best = own.curve.indices.max { own.curve[$0].mean < own.curve[$1].mean } ?? 0
      return judged.curve[best]
    }
  }

  private func paragraph(
    _ curves: [SubspaceFooling.Outcome], _ learnt: [SubspaceFooling.Outcome],
    _ uap: UniversalFooling.Outcome
  ) -> String {
    let best = chosen(curves, learnt)
    func told(_ point: SubspaceFooling.Point) -> String {
      "\(Number.rate(point.mean)) ± \(Number.rate(point.deviation)) of at most \(Number.rate(point.ceiling)) at m = \(point.dimension)"
    }
    let algorithm = uap.validation.map {
      "\(Number.rate($0.rate, $0.interval)) of at most \(Number.rate($0.ceiling))"
    }
    let ordered = best[0].mean > best[1].mean && best[1].mean > best[2].mean
    return """
      At ξ = \(Number.figure(bench.radius, 3)) px (\(bench.radiusOrigin)), judged on \(curves[0].count) unseen images, each at the m \
      with the largest mean on the images learnt from: S_c from \(bench.points) points fools \(told(best[0])), S_f \
      \(told(best[1])), random \(told(best[2])) (± std over 20 draws, one sample of images); the published algorithm on \
      \(bench.training.count) images \(algorithm ?? "nothing"). S_c > S_f > random \(ordered ? "holds" : "does not hold") here; \
      S_c is \(best[0].mean >= uap.validation?.rate ?? 0 ? "above" : "below") the published algorithm. The paper's text: draws \
      from S_c of small m fool nearly 85 % with LeNet on CIFAR-10, comparable to the algorithm of 2017, and the best vector of \
      S_f 65 %; on CaffeNet (ImageNet) S_c from 200 images fools 67.2 %, S_f 38 %, the algorithm of 2017 85.4 %.
      """
  }
}

extension Workbench {
  /// A uniformly random subspace of the images.
  func randomBasis(_ count: Int) -> Basis {
    var generator = SeededGenerator(seed: seed, stream: 7)
    let size = training.images.entryCount
    var rows: [[Float]] = []
    while rows.count < min(count, size) {
      var v = generator.unitVector(size)
      for _ in 0..<2 { for row in rows { add(-Float(dot(v, row)), row, to: &v) } }
      rows.append(scaled(v, by: Float(1 / norm(v))))
    }
    return Basis(
      name: "random",
      vectors: Tensor(shape: training.images.shape.batch(of: rows.count), elements: rows.flatMap { $0 }))
  }
}
