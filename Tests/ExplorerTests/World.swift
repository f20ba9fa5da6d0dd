import Drawing
import Explorer
import Geometry
import Glibc
import Jobs
import Networks
import Tensors

@testable import Experiments

/// A classifier that exists in closed form alone: the region of every image is a ball, so that every number that the
/// explorer can show is known beforehand.
enum World {
  static let names = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  static let model: OpenedModel = {
    var model = OpenedModel(
      entry: library[0], digest: "m1", classNames: names, inputShape: [3, 16, 16], classCount: 10)
    model.multiplyAdds = 4_000_000
    return model
  }()
  /// What a listed model is once it is opened to be compared; the softnet takes other images.
  static func compared(_ path: String) -> OpenedModel? {
    (library + run + longRun).first { $0.path == path && $0.problem == nil }.map { entry in
      OpenedModel(
        entry: entry, digest: "d-\(entry.name)", classNames: names,
        inputShape: entry.dataSet == "MNIST" ? [1, 28, 28] : [3, 16, 16], classCount: 10)
    }
  }
  static let images = OpenedImages(
    name: "shapes", spec: "shapes", count: 400, classNames: names, truth: (0..<400).map { $0 % 10 },
    digest: "i1")

  static let library = [
    ModelEntry(
      name: "lenet-cifar10", path: "/models/lenet.onnx", dataSet: "CIFAR-10", accuracy: 0.806,
      bytes: 1_800_000,
      smoothness: .piecewiseLinear, operators: ["Conv", "Relu", "MaxPool", "Gemm"]),
    ModelEntry(
      name: "lenet-shapes", path: "/models/shapes.onnx", dataSet: "shapes", accuracy: 0.913, bytes: 1_800_000,
      smoothness: .piecewiseLinear, operators: ["Conv", "Relu", "MaxPool", "Gemm"]),
    ModelEntry(
      name: "softnet", path: "/models/softnet.onnx", dataSet: "MNIST", accuracy: 0.98, bytes: 340_000,
      smoothness: .smooth, operators: ["Conv", "Tanh", "AveragePool", "Gemm"],
      remark: "A softmax was taken off."),
    ModelEntry(
      name: "candy", path: "/models/candy.onnx", bytes: 6_700_000,
      problem: "The operator ImageScaler of node 3 is not supported."),
  ]
  /// The checkpoints of a training; the fourth went astray.
  static let run = [10, 20, 30, 40, 100].map { step in
    ModelEntry(
      name: "step-\(step)", path: "/run/step-\(step).onnx", bytes: 1_800_000, smoothness: .piecewiseLinear,
      operators: ["Conv", "Relu", "MaxPool", "Gemm"],
      problem: step == 40 ? "Its logits are not finite." : nil)
  }
  /// A training of more checkpoints than a film has pictures.
  static let longRun = (0..<130).map { step in
    ModelEntry(
      name: "step-\(step)", path: "/long/step-\(step).onnx", bytes: 1_800_000, operators: run[0].operators)
  }
  /// What is found of a checkpoint follows from its step; nil for other models.
  static func step(_ digest: String) -> Double? {
    digest.hasPrefix("d-step-") ? Double(digest.dropFirst(7)) : nil
  }

  static let sets = [
    SetEntry(name: "shapes (bundled)", spec: "shapes", count: 400),
    SetEntry(name: "CIFAR-10 test", spec: "/data/test.bin", count: 5000),
    SetEntry(
      name: "MNIST", spec: "mnist", count: 10_000, installation: .init(name: "MNIST", bytes: 11_594_722)),
  ]

  /// A disc on a ramp, in the class's own colour.
  static func thumbnail(_ index: Int) -> Thumbnail {
    let color = ClassPalette.colors[index % 10]
    var bytes: [UInt8] = []
    for row in 0..<16 {
      for column in 0..<16 {
        let square = (row - 8) * (row - 8) + (column - 8) * (column - 8)
        let isInside = square < 20 + 3 * (index % 5)
        bytes +=
          isInside
          ? [color.red, color.green, color.blue] : [UInt8(4 * row + 20), UInt8(4 * column + 20), 60]
      }
    }
    return Thumbnail(width: 16, height: 16, bytes: bytes)
  }

  static func label(_ image: Int) -> Int { image % 7 == 6 ? (image + 3) % 10 : image % 10 }
  static func norm(_ image: Int) -> Double { 0.3 + 0.02 * Double(image % 20) }
  /// Radius of the ball that is the region of every image, in the plane of a direction.
  static func radius(_ direction: Direction) -> Double {
    switch direction.directions {
    case .universal: 2.5
    case .curvature: 2 + Double(direction.index)
    case .normals: 6
    case .random: 1000
    case .given, .image, .other: 8
    }
  }

  /// What a `.npy` file holds.
  static func vector(_ path: String) -> Basis {
    Basis(name: path, vectors: Tensor(shape: [1, 3, 16, 16], elements: stripes(7)))
  }

  /// The whole finding of a request.
  static func finding(_ request: Request) -> Finding {
    outcome(request, isWhole: true) ?? Finding(prediction(0..<3))
  }

  /// What a job of it has found about half way.
  static func partial(_ request: Request) -> Finding? { outcome(request, isWhole: false) }

  private static func outcome(_ request: Request, isWhole: Bool) -> Finding? {
    let selection = request.selection
    switch request.experiment {
    case let one as Prediction:
      guard isWhole else { return nil }
      var labels = prediction(selection.images, withLogits: one.includesLogits)
      if let step = step(request.model) { labels.accuracy = min(1, step / 110) }
      return Finding(labels)
    case let noise as NoiseTolerance:
      return isWhole ? Finding(NoiseTolerance.Outcome(share: noise.share, radius: 15, curve: [])) : nil
    case is Robustness:
      guard isWhole else { return nil }
      var found = robustness(selection.looked)
      if let step = step(request.model) { found.medianNorm = 2 - step / 80 }
      return Finding(found)
    case let map as SectionMap: return Finding(section(map, selection.looked, share: isWhole ? 1 : 0.25))
    case let shared as SharedCurvature:
      return Finding(
        curvature(shared, selection.images.count, steps: isWhole ? shared.iterations : 23, isDone: isWhole))
    case is NormalSpectrum:
      guard isWhole else { return nil }
      return Finding(
        NormalSpectrum.Outcome(
          count: selection.images.count, singularValues: [1, 0.5],
          basis: Tensor(shape: [1, 3, 16, 16], elements: stripes(9))))
    case let curve as SubspaceFooling:
      return Finding(
        subspace(curve, selection.judged.count, points: isWhole ? curve.subspaces.dimensions.count : 2))
    case let universal as UniversalFooling:
      return Finding(
        self.universal(
          universal, selection.images.count, selection.validation?.count ?? 0, isDone: isWhole))
    default: return study(request, isWhole: isWhole)
    }
  }

  static func progress(_ request: Request) -> Progress {
    var progress =
      switch request.experiment {
      case is SharedCurvature: Progress(completed: 23, total: 60, phase: "Lanczos steps")
      case is UniversalFooling: Progress(completed: 90, total: 200, phase: "images, pass 2")
      case is SectionMap: Progress(completed: 1024, total: 4096, phase: "cells")
      default: Progress(completed: 41, total: 100, phase: "images")
      }
    progress.elapsed = 4
    progress.remaining = 6
    return progress
  }
}

extension World {
  private static func prediction(_ range: Range<Int>, withLogits: Bool = false) -> Prediction.Outcome {
    let labels = range.map { image in
      let k = label(image)
      let best = [
        (k, 0.83), ((k + 2) % 10, 0.12), ((k + 5) % 10, 0.03), ((k + 6) % 10, 0.01), ((k + 1) % 10, 0.01),
      ]
      return Prediction.Label(
        index: image, label: k, name: names[k], probability: 0.83, truth: image % 10,
        best: best.map { Prediction.Candidate(label: $0.0, name: names[$0.0], probability: $0.1) },
        logits: withLogits ? logits(best) : nil)
    }
    return Prediction.Outcome(count: labels.count, accuracy: nil, predictions: labels)
  }

  /// log p, of what is not among the best log 0.001.
  private static func logits(_ best: [(Int, Double)]) -> [Float] {
    (0..<10).map { k in Float(log(best.first { $0.0 == k }?.1 ?? 0.001)) }
  }

  private static func robustness(_ image: Int) -> Robustness.Outcome {
    let each = Robustness.Each(
      index: 0, from: label(image), to: (label(image) + 2) % 10, norm: norm(image),
      deepfool: 1.2 * norm(image), refinement: .minimal, iterations: 3, cosine: 0.98, residual: 1e-6,
      obstacle: nil)
    return Robustness.Outcome(
      count: 1, fooled: 1, meanNorm: norm(image), medianNorm: norm(image),
      refinement: .automatic, rho: Robustness.Rho(raw: nil, centred: nil),
      meanIterations: 3, meanCosine: 0.98, maxResidual: 1e-6, each: [each])
  }

  /// A ball of radius R that touches z from inside: margin 2·(distance to its centre − R), κ = 1/R.
  private static func section(_ map: SectionMap, _ image: Int, share: Double) -> SectionMap.Outcome {
    let n = map.width
    func axis(_ shift: Int) -> [Double] {
      (0..<n).map { (map.extent ?? 1) * Double(2 * ($0 + shift) - (n - 1)) / Double(n - 1) }
    }
    // Another model's regions are balls twice as large.
    let radius = radius(map.along) * (map.judge == nil ? 1 : 2)
    let norm = norm(image)
    let (columns, rows) = (
      axis(map.shift?.columns ?? 0), axis(map.shift?.rows ?? 0).map { $0 + norm }
    )
    let own = label(image)
    var cells = SectionMap.Cells(margins: [], labels: [], probabilities: [], isKnown: [])
    for (row, t) in rows.enumerated() {
      for (column, s) in columns.enumerated() {
        let down = t - (norm - radius)
        let margin = 2 * ((s * s + down * down).squareRoot() - radius)
        let beyond = s < -0.3 ? (own + 3) % 10 : s > 1 ? (own + 5) % 10 : (own + 2) % 10
        let isKnown = share >= 1 || row % 2 == 0 && column % 2 == 0
        cells.margins.append(isKnown ? Float(margin) : 0)
        cells.labels.append(!isKnown ? 0 : margin < 0 ? own : beyond)
        cells.probabilities.append(isKnown ? Float(1 / (1 + 1 / (1 + abs(margin)))) : 0)
        cells.isKnown.append(isKnown)
      }
    }
    return SectionMap.Outcome(
      index: 0, along: map.along.name, axes: SectionMap.Axes(s: columns, t: rows), cells: cells,
      from: own,
      to: (own + 2) % 10, norm: norm, curvature: 1 / radius, product: "secant", step: 3,
      planeCurvature: 1 / radius, planeNormal: [0, 1], planeStep: norm / 4, planeError: 0.01 / radius,
      cosine: 0.86,
      globalCurvature: 0.8 / radius,
      boundary: [])
  }

  /// Eigenvalues 0.5·0.85ⁱ; while the iteration runs they are still short of that.
  private static func curvature(
    _ parameters: SharedCurvature, _ points: Int, steps: Int, isDone: Bool
  ) -> SharedCurvature.Outcome {
    var power = 0.5
    let values = (0..<parameters.eigenvectors).map { _ in
      defer { power *= 0.85 }
      return power * (isDone ? 1 : 0.9)
    }
    let estimates = values.enumerated().map {
      0.02 * $0.element + 0.002 * Double($0.offset) * (isDone ? 0.1 : 1)
    }
    let step: Double? = if case .secant(let h) = parameters.product { Double(h) } else { nil }
    var outcome = SharedCurvature.Outcome(
      recipe: parameters.recipe, product: "secant", step: step, beta: nil, points: points,
      augmentation: .none,
      eigenvalues: values,
      rayleigh: isDone ? values.map { 0.6 * $0 } : [], residuals: isDone ? estimates : [], normalised: true,
      iterations: steps, products: steps, seed: parameters.seed,
      history: [SharedCurvature.Snapshot(iteration: steps, ritzValues: values, estimates: estimates)])
    if isDone {
      let m = parameters.eigenvectors
      let elements = (0..<m * 768).map { i in
        let (vector, row, column) = (i / 768, i % 256 / 16, i % 16)
        return Float((row * (vector + 1) / 4 + column) % 5) / 80 - 0.025
      }
      outcome.basis = Tensor(shape: [m, 3, 16, 16], elements: elements)
    }
    return outcome
  }

  private static func subspace(
    _ fooling: SubspaceFooling, _ count: Int, points: Int
  ) -> SubspaceFooling.Outcome {
    let name = fooling.subspaces.basis.name
    let top = name == "S_c" ? 0.90 : name == "S_f" ? 0.60 : 0.24
    let curve = fooling.subspaces.dimensions.prefix(points).enumerated().map { i, m in
      SubspaceFooling.Point(
        dimension: m, draws: m == 1 ? 2 : 20, mean: top - 0.02 * Double(i), deviation: 0.03, best: top + 0.04,
        ceiling: 0.9)
    }
    return SubspaceFooling.Outcome(
      name: name, count: count, radius: fooling.radius, draws: fooling.draws,
      curve: Array(curve))
  }

  private static func universal(
    _ parameters: UniversalFooling, _ training: Int, _ validation: Int, isDone: Bool
  ) -> UniversalFooling.Outcome {
    let rates: [UniversalFooling.Method: Double] = [
      .uap: 0.78, .even: 0.86, .curvature: 0.9, .normals: 0.59, .random: 0.25,
    ]
    let rate = rates[parameters.method] ?? 0
    let judged = FoolingRates(
      count: validation, rate: rate, interval: [rate - 0.05, rate + 0.05], opposite: rate - 0.02,
      either: rate + 0.04,
      clipped: rate - 0.06, ceiling: 0.91)
    var outcome = UniversalFooling.Outcome(
      method: parameters.method, radius: parameters.radius, norm: .l2,
      training: UniversalFooling.Training(count: training, rate: rate + 0.03),
      validation: isDone ? judged : nil,
      passes: parameters.method == .uap ? [UniversalFooling.Pass(training: 0.55, validation: 0.52)] : [],
      best: 0,
      seed: parameters.seed)
    if isDone { outcome.perturbation = Tensor(shape: [1, 3, 16, 16], elements: stripes(5)) }
    return outcome
  }
}
