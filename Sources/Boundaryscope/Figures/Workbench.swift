internal import Experiments
internal import Foundation
internal import Images
internal import Networks
internal import ONNX
internal import Tensors

/// What the figures are made from: models, images to learn from and to judge on, and outcomes found on the way.
struct Workbench {
  let models: [OpenModel]
  let training: ImageSet
  let judged: ImageSet
  let runs: RunOptions
  let quiet: Bool
  /// ξ in pixel units, and how it was chosen.
  let radius: Double
  let radiusOrigin: String
  /// n.
  let points: Int
  let recipe: CurvatureRecipe

  /// Images taken from the model's own set where no range says which.
  private static let usual = 0..<1000

  init(
    models: [OpenModel], images: String?, range: Range<Int>?, judged: JudgedOptions, runs: RunOptions,
    quiet: Bool,
    radius: Double?, points: Int, recipe: CurvatureRecipe
  ) throws {
    let first = models[0]
    self.models = models
    self.runs = runs
    self.quiet = quiet
    self.points = points
    self.recipe = recipe
    training = try Self.images(first, images, range, own: "-train")
    self.judged = try Self.images(first, judged.validate, judged.validateRange?.range, own: "")
    if let radius {
      (self.radius, radiusOrigin) = (radius, "given")
    } else {
      let subject = Subject(classifier: first.classifier, images: training.prefix(500))
      let noise = try runs.outcome(of: NoiseTolerance(seed: runs.seed), on: subject, quiet: quiet)
      guard let random = noise.radius else {
        throw Refusal(.badData, "random noise never changes 80 % of these labels, so pass --radius XI")
      }
      (self.radius, radiusOrigin) = (random / 5, "R_0.8/5")
    }
  }

  private static func images(
    _ model: OpenModel, _ spec: String?, _ range: Range<Int>?, own suffix: String
  ) throws -> ImageSet {
    guard let spec = spec ?? model.profile.dataset.map({ $0 + suffix }) else {
      throw Refusal(
        .usage, "\(model.classifier.name) names no set of images of its own: pass --images and --validate")
    }
    let set = try model.dataSet(spec)
    return try model.images(of: set, range ?? usual.clamped(to: 0..<set.count))
  }

  var classifier: Classifier { models[0].classifier }
  var names: [String] { (0..<classifier.network.classCount).map(classifier.className) }

  /// What every figure says of how it came about.
  var parameters: [String: String] {
    [
      "ξ": "\(figure(radius, 3)) px (\(radiusOrigin))", "seed": "\(runs.seed)",
      "S_c": "\(recipe), n = \(points), h = ξ",
      "learnt from": Self.short(training.name), "judged on": Self.short(judged.name),
    ]
  }

  /// A file's own name, without its folder.
  private static func short(_ name: String) -> String {
    name.split(separator: "/").last.map(String.init) ?? name
  }

  func outcome<E: Experiment>(of experiment: E, on subject: Subject) throws -> E.Outcome {
    try runs.outcome(of: experiment, on: subject, quiet: quiet)
  }

  /// A model with the images to learn from, to judge on, or both.
  func subject(_ model: Int = 0, validation: ImageSet? = nil) -> Subject {
    Subject(classifier: models[model].classifier, images: training, validation: validation)
  }

  func judging(_ model: Int = 0, _ count: Int? = nil) -> Subject {
    Subject(classifier: models[model].classifier, images: count.map { judged.prefix($0) } ?? judged)
  }

  // MARK: - Directions

  var secant: HessianProduct { .secant(step: Float(radius)) }

  func curvature(_ eigenvectors: Int = 20) -> SharedCurvature {
    var curvature = SharedCurvature(recipe: recipe, product: secant)
    (curvature.points, curvature.eigenvectors) = (points, eigenvectors)
    (curvature.iterations, curvature.seed) = (max(40, 4 * eigenvectors), runs.seed)
    return curvature
  }

  /// S_c of a model.
  func shared(_ model: Int = 0, _ eigenvectors: Int = 20) throws -> SharedCurvature.Outcome {
    try outcome(
      of: curvature(eigenvectors),
      on: Subject(classifier: models[model].classifier, images: training.prefix(points)))
  }

  /// S_f of a model, as many directions as there are dimensions in the figures.
  func normals(_ model: Int = 0, _ vectors: Int = 50) throws -> NormalSpectrum.Outcome {
    try outcome(of: NormalSpectrum(vectors: vectors), on: subject(model))
  }

  /// The published universal perturbation, judged.
  func universal(_ model: Int = 0) throws -> UniversalFooling.Outcome {
    try outcome(
      of: UniversalFooling(method: .uap, radius: radius, seed: runs.seed),
      on: subject(model, validation: judged))
  }
}

extension ImageSet {
  /// The first of them, at most `count`.
  func prefix(_ count: Int) -> ImageSet { count < self.count ? gathering(Array(0..<count)) : self }
}
