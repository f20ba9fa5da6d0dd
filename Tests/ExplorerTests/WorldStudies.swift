import Drawing
import Explorer
import Networks
import Tensors

@testable import Experiments

extension World {
  /// A vector of 3×16×16 with stripes of its own.
  static func stripes(_ n: Int) -> [Float] {
    (0..<768).map { i in Float((i % 256 / 16 * (n + 1) / 4 + i % 16) % 5) / 80 - 0.025 }
  }

  /// The whole finding of a study, or its beginning; nil for an experiment that no screen asks for.
  static func study(_ request: Request, isWhole: Bool) -> Finding? {
    switch request.experiment {
    case let one as SubspaceShape:
      Finding(
        shape(
          one.subspaces.basis, isWhole ? one.subspaces.dimensions : Array(one.subspaces.dimensions.prefix(2)),
          one.draws))
    case let one as PointSpectrum: Finding(spectrum(one))
    case let one as CurvatureScan: Finding(scan(one, isWhole ? one.candidates.count : 2))
    case is Fooling: Finding(flow(request.selection.judged))
    case let one as Diversity: Finding(diversity(10, isWhole ? one.count : 3))
    case let one as PrincipalAngles: Finding(angles(one.others.first?.name ?? ""))
    case let one as Transfer: Finding(transfer(one.models.map(\.name), one.radius ?? 0))
    case let one as FourierHeatMap: Finding(fourier(one, request.selection.judged.count))
    case let one as BandMargins: Finding(bands(one, request.selection.judged.count))
    case let one as NoiseCertificate: Finding(certificate(one, request.selection.judged))
    case let one as Theorems: Finding(theorems(one.dimensions, request.selection.judged.count))
    default: report(request, isWhole: isWhole)
    }
  }

  /// A network that hears frequencies of five cycles best.
  private static func fourier(_ map: FourierHeatMap, _ count: Int) -> FourierHeatMap.Outcome {
    let axis = Array(-8..<8)
    let rates = axis.map { i in
      axis.map { j in
        max(0, 0.6 - 0.1 * abs(Double(i * i + j * j).squareRoot() - 5))
      }
    }
    let bands = (0..<8).map { ring in
      FourierHeatMap.Band(
        radius: ring, frequencies: 6 * ring + 1, rate: max(0, 0.6 - 0.1 * abs(Double(ring) - 5)),
        deviation: 0.05)
    }
    return FourierHeatMap.Outcome(
      radius: map.radius, count: count, rows: axis, columns: axis, rates: rates, errors: nil, clean: nil,
      bands: bands, seed: map.seed)
  }

  private static func bands(_ margins: BandMargins, _ count: Int) -> BandMargins.Outcome {
    let bands = (0..<margins.count).map { i in
      let norm = 0.5 + 0.3 * Double(i * i)
      return BandMargins.Band(
        rows: i, columns: i, dimension: 192, reached: 1, median: norm, lower: 0.8 * norm, upper: 1.3 * norm)
    }
    return BandMargins.Outcome(count: count, block: margins.block, median: 0.4, bands: bands)
  }

  private static func certificate(
    _ noise: NoiseCertificate, _ judged: Range<Int>
  ) -> NoiseCertificate.Outcome {
    let each = judged.map { image in
      NoiseCertificate.Each(
        index: image, label: label(image), smoothed: label(image), kept: 480, lower: 0.9,
        radius: image % 4 == 3 ? nil : 0.4 * norm(image), norm: norm(image), persistence: nil)
    }
    return NoiseCertificate.Outcome(
      sigma: 0.1, draws: 500, alpha: 0.001, count: each.count, abstained: each.count { $0.radius == nil },
      changed: 0, medianRadius: 0.15, medianNorm: 0.45, ratio: 0.4, gamma: 0.7, persistence: nil, seed: 1,
      each: each)
  }

  private static func shape(
    _ basis: Directions, _ dimensions: [Int], _ draws: Int
  ) -> SubspaceShape.Outcome {
    let top =
      switch basis {
      case .curvature: 0.4
      case .random: 0.0
      default: 0.1
      }
    let curve = dimensions.map { m in
      SubspaceShape.Point(
        dimension: m, mean: top / Double(m), deviation: 0.02, meanNormalised: top / Double(m).squareRoot(),
        deviationNormalised: 0.05, positive: 0.9)
    }
    return SubspaceShape.Outcome(
      name: "S", count: 200, product: "secant", step: 3, draws: draws, seed: 1, curve: curve, remark: nil)
  }

  private static func spectrum(_ parameters: PointSpectrum) -> PointSpectrum.Outcome {
    let nodes = (0..<40).map { i in
      PointSpectrum.Node(value: 0.4 - 0.02 * Double(i), weight: i == 20 ? 0.961 : 0.001)
    }
    return PointSpectrum.Outcome(
      index: 0, method: .density, product: "softened", step: nil, beta: 10, dimension: 768, products: 240,
      eigenvalues: [],
      nodes: nodes, asymmetry: nil, flatShare: 0.97, mean: 0.001, seed: parameters.seed, remark: nil)
  }

  /// Larger steps bend less and fool more, up to the fifth.
  private static func scan(_ scan: CurvatureScan, _ count: Int) -> CurvatureScan.Outcome {
    let entries = scan.candidates.prefix(count).enumerated().map { i, one in
      let rate = 0.3 + 0.1 * Double(min(i, 4)) - 0.02 * Double(max(0, i - 4))
      return CurvatureScan.Entry(
        recipe: one.recipe, product: one.product.name, step: one.product.step, failure: nil, points: 100,
        eigenvalue: 0.5 / Double(i + 1), rayleigh: 0.3 / Double(i + 1), training: rate,
        validation: FoolingRates(
          count: 200, rate: rate - 0.01, interval: [rate - 0.06, rate + 0.04], opposite: rate - 0.03,
          either: rate + 0.1, clipped: rate - 0.05, ceiling: 0.9))
    }
    return CurvatureScan.Outcome(radius: scan.radius, entries: Array(entries), chosen: min(4, count - 1))
  }

  /// Every second image becomes a bird.
  private static func flow(_ validation: Range<Int>) -> Fooling.Outcome {
    let before = validation.map(label)
    let after = before.enumerated().map { $0.offset % 2 == 0 ? 2 : $0.element }
    let flows = (0..<10).filter { $0 != 2 }.map { Fooling.Flow(from: $0, to: 2, count: 12 + $0) }
    return Fooling.Outcome(
      count: validation.count, radius: 3, rate: 0.45, interval: [0.41, 0.49], opposite: 0.44, either: 0.5,
      clipped: 0.4, ceiling: 0.9, labels: [:], flow: flows.reversed(),
      dominant: Fooling.Dominant(label: 2, name: "bird", share: 1), before: before, after: after)
  }

  private static func diversity(_ dimension: Int, _ count: Int) -> Diversity.Outcome {
    let products = (0..<count).map { i -> [Double] in
      (0..<count).map { j -> Double in i == j ? 1 : 0.3 - 0.1 * Double((i + j) % 7) }
    }
    return Diversity.Outcome(
      source: "S_c, m = \(dimension)", products: products,
      rates: (0..<count).map { 0.8 + 0.01 * Double($0) }, ceilings: (0..<count).map { _ in 0.9 },
      largest: 0.3, meanMagnitude: 0.15, seed: 1)
  }

  private static func angles(_ other: String) -> PrincipalAngles.Outcome {
    let cosines = (0..<20).map { 0.9 - 0.04 * Double($0) }
    return PrincipalAngles.Outcome(
      first: "lenet-cifar10", second: other, dimensions: [20, 20], ambient: 768, cosines: cosines,
      angles: cosines.map { 1.5 - $0 }, random: (0..<20).map { 0.2 - 0.01 * Double($0) }, randomLargest: 0.25,
      seed: 1)
  }

  private static func transfer(_ others: [String], _ radius: Double) -> Transfer.Outcome {
    let names = ["lenet-cifar10"] + others
    func matrix(_ diagonal: Double, _ off: Double) -> [[Double]] {
      names.indices.map { i in names.indices.map { i == $0 ? diagonal : off } }
    }
    return Transfer.Outcome(
      models: names, perturbations: names, count: 200, radii: names.map { _ in radius },
      rates: matrix(0.9, 0.5), ceilings: matrix(0.91, 0.9), intervals: [], opposite: matrix(0.88, 0.5),
      agreement: matrix(1, 0.6),
      imageAgreement: matrix(1, 0.8), planes: 20, seed: 1)
  }

  private static func theorems(_ dimensions: [Int], _ count: Int) -> Theorems.Outcome {
    let flat = dimensions.map { m in
      Theorems.Flat(
        dimension: m, xi: 0.9 - 0.02 * Double(m), worstXi: 0.99, energy: 0.1, printed: 40 + Double(m),
        sharp: 20, promised: 0.7, reached: m == 1 ? nil : 6)
    }
    let curved = dimensions.map { m in
      Theorems.Curved(
        dimension: m, kappa: m > 5 ? -0.1 : 0.2, curvature: 0.4, beta: 0.1, smallestBeta: 0.05,
        tangentKappa: 0.3, normalKappa: -0.1, printed: m > 5 ? nil : 14, sharp: m > 5 ? nil : 9,
        promised: 0.7,
        consistent: m != 2, remark: m > 5 ? "κ ≤ 0: no bound" : nil, tangentBound: 8, reached: 4)
    }
    return Theorems.Outcome(
      count: count, delta: 0.2, excluded: 0.05, product: "secant", step: 3, draws: 10, seed: 1, norm: 0.7,
      meanNorm: 0.4, cosine: 0.9, lowCosine: 0.7, theorem1: flat, bestFlat: 5, theorem2: curved,
      bestCurved: 1, lemma1: [],
      reached: Theorems.Reached(share: 0.8, radius: 4, subspace: "S_c", dimension: 1), remark: nil)
  }
}
