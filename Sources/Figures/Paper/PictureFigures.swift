internal import Drawing
internal import Experiments
internal import Foundation
internal import Laboratory
internal import Networks
internal import Tensors

/// A draw from S_c as a picture, and images with their labels before and after it (figure 8).
struct PerturbedFigure {
  let bench: Workbench
  init(_ bench: Workbench) { self.bench = bench }

  func drawing() throws -> DrawnFigure {
    let sc = Basis(name: "S_c", vectors: try bench.shared().basis)
    let diversity = try bench.outcome(
      of: Diversity(.draws(.given(sc), dimension: min(5, sc.dimension), radius: bench.radius), count: 1),
      on: bench.judging())
    let v = Basis(name: "draw", vectors: diversity.perturbations)
    let fooling = try bench.outcome(of: Fooling(perturbation: .given(v)), on: bench.judging())
    let fooled = fooling.before.indices.filter { fooling.before[$0] != fooling.after[$0] }.prefix(5)
    let shown =
      Array(fooled) + fooling.before.indices.filter { !fooled.contains($0) }.prefix(5 - fooled.count)
    let flow = fooling.flow.prefix(4).map { flow in
      "\(bench.names[flow.from]) → \(bench.names[flow.to]) \(flow.count)"
    }.joined(separator: ", ")
    let dominant =
      fooling.dominant.map { "\(Number.rate($0.share)) of the fooled become \($0.name)" } ?? "none is fooled"
    let paragraph = """
      A random vector of the first \(min(5, sc.dimension)) directions of S_c with ‖v‖ = \(Number.figure(bench.radius, 3)) px (left, \
      its largest component at full colour), and unseen images plus v with their labels. It fools \
      \(Number.rate(fooling.rate, fooling.interval)) of \(fooling.count) images, with clipping to real pixels \
      \(Number.rate(fooling.clipped)); \(dominant). The largest flows: \(flow). The paper's text: the perturbation is nearly \
      invisible and all images shown in Fig. 8 get one label (its code aims at one target class).
      """
    return bench.drawn(
      "fig8", titled: "A perturbation drawn from S_c of \(bench.classifier.name), and images perturbed by it",
      fooling, saying: paragraph, size: Size(rows: 15, columns: 138),
      scene(v.vectors, fooling, shown))
  }

  private func scene(_ v: Tensor, _ fooling: Fooling.Outcome, _ shown: [Int]) -> FigureScene {
    let images = bench.judged.images
    let (channels, height, width) = (images.shape[1], images.shape[2], images.shape[3])
    let perturbation = CellPicture.signed(v.elements, channels: channels, height: height, width: width)
    let perturbed = shown.map { n -> FigureScene in
      let moved = zip(images.entryElements(n), v.elements).map { min(1, max(0, $0 + $1)) }
      let title = "\(bench.names[fooling.before[n]]) → \(bench.names[fooling.after[n]])"
      return .titled(
        title, note: "", .one(CellPicture.pixels(moved, channels: channels, height: height, width: width)))
    }
    return .columns([.titled("v", note: "", .one(perturbation))] + perturbed)
  }
}

/// Draws from S_c as pictures, and the matrices of inner products of S_c's draws and of UAPs (figure 9).
struct DiversityFigure {
  let bench: Workbench
  private static let count = 5
  init(_ bench: Workbench) { self.bench = bench }

  func drawing() throws -> DrawnFigure {
    let sc = Basis(name: "S_c", vectors: try bench.shared().basis)
    let draws = try [5, 20].map { m in
      try bench.outcome(
        of: Diversity(
          .draws(.given(sc), dimension: min(m, sc.dimension), radius: bench.radius), count: Self.count),
        on: bench.judging())
    }
    let uap = UniversalFooling(method: .uap, radius: bench.radius, seed: bench.seed)
    let walks = try bench.outcome(
      of: Diversity(.seeds(uap), count: 3), on: bench.subject(validation: bench.judged))
    let all = draws + [walks]
    let told = all.map { one in
      "\(one.source): |product| \(Number.figure(one.meanMagnitude ?? 0, 2)) on average, \(Number.figure(one.largest ?? 0, 2)) at most, "
        + "fooling " + one.rates.map { Number.rate($0) }.joined(separator: ", ")
    }.joined(separator: "; ")
    let paragraph = """
      \(Self.count) random vectors of S_c (above) and the normalised inner products of draws and of published perturbations \
      with other seeds. \(told). The paper's text: the perturbations sampled from S_c differ, the normalised inner product of \
      two of them being below 0.1 in magnitude; that depends on m, since two draws of m dimensions have a root mean square \
      product of 1/√m (\(Number.figure(1 / 20.0.squareRoot(), 2)) at m = 20).
      """
    return bench.drawn(
      "fig9", titled: "Diversity of the universal perturbations of \(bench.classifier.name)", all,
      saying: paragraph, size: Size(rows: 32, columns: 132), scene(all))
  }

  private func scene(_ all: [Diversity.Outcome]) -> FigureScene {
    let shape = bench.judged.images.shape
    let vectors = all[min(1, all.count - 1)]
    let draws = vectors.products.indices.map { i -> FigureScene in
      .titled(
        "draw \(i + 1)", note: Number.rate(vectors.rates[i]),
        .one(
          CellPicture.signed(
            Array(vectors.perturbations.entryElements(i)), channels: shape[1], height: shape[2],
            width: shape[3])))
    }
    let matrices = all.map { one -> FigureScene in
      let names = one.products.indices.map { "\($0 + 1)" }
      return .titled(
        "products: \(one.source)", note: "",
        .one(MatrixPlot(one.products, rowNames: names, columnNames: names, isSigned: true)))
    }
    return .rows([(3, .columns(draws)), (2, .columns(matrices))])
  }
}
