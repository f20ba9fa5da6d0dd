internal import Drawing
package import Experiments
internal import Foundation
internal import Images
package import Laboratory
internal import Networks
internal import ONNX
internal import Tensors

/// What the figures are made from: models, images to learn from and to judge on, and outcomes found on the way.
package struct Workbench {
  let models: [OpenModel]
  let training: ImageSet
  let judged: ImageSet
  let seed: UInt64
  private let finder: OutcomeFinder
  /// ξ in pixel units, and how it was chosen.
  let radius: Double
  let radiusOrigin: String
  /// n.
  let points: Int
  let recipe: CurvatureRecipe

  /// Images by what they are opened with; nil where the model's own set is meant.
  package struct Selection {
    let spec: String?
    let range: Range<Int>?

    package init(_ spec: String?, _ range: Range<Int>?) { (self.spec, self.range) = (spec, range) }
  }

  /// Images taken from the model's own set where no range says which.
  private static let usual = 0..<1000

  package init(
    models: [OpenModel], learning: Selection, judging: Selection, radius: Double?, points: Int,
    recipe: CurvatureRecipe, seed: UInt64, _ finder: OutcomeFinder
  ) throws {
    let first = models[0]
    self.models = models
    self.seed = seed
    self.finder = finder
    self.points = points
    self.recipe = recipe
    training = try Self.images(first, learning, own: "-train")
    judged = try Self.images(first, judging, own: "")
    if let radius {
      (self.radius, radiusOrigin) = (radius, "given")
    } else {
      let subject = Subject(classifier: first.classifier, images: training.prefix(500))
      let noise = try finder(NoiseTolerance(seed: seed), on: subject)
      guard let random = noise.radius else {
        throw Refusal(.badData, "random noise never changes 80 % of these labels, so pass --radius XI")
      }
      (self.radius, radiusOrigin) = (random / 5, "R_0.8/5")
    }
  }

  private static func images(
    _ model: OpenModel, _ selection: Selection, own suffix: String
  ) throws -> ImageSet {
    guard let spec = selection.spec ?? model.profile.dataset.map({ $0 + suffix }) else {
      throw Refusal(
        .usage, "\(model.classifier.name) names no set of images of its own: pass --images and --validate")
    }
    let set = try model.dataSet(spec)
    return try model.images(of: set, selection.range ?? usual.clamped(to: 0..<set.count))
  }

  var classifier: Classifier { models[0].classifier }
  var names: [String] { (0..<classifier.network.classCount).map(classifier.className) }

  /// What every figure says of how it came about.
  var parameters: [String: String] {
    [
      "ξ": "\(Number.figure(radius, 3)) px (\(radiusOrigin))", "seed": "\(seed)",
      "S_c": "\(recipe), n = \(points), h = ξ",
      "learnt from": Self.short(training.name), "judged on": Self.short(judged.name),
    ]
  }

  /// A file's own name, without its folder.
  private static func short(_ name: String) -> String {
    name.split(separator: "/").last.map(String.init) ?? name
  }

  func outcome<E: Experiment>(of experiment: E, on subject: Subject) throws -> E.Outcome {
    try finder(experiment, on: subject)
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

  func curvature(_ eigenvectors: Int = SharedCurvature.usualEigenvectors) -> SharedCurvature {
    var curvature = SharedCurvature(recipe: recipe, product: secant, eigenvectors: eigenvectors)
    (curvature.points, curvature.seed) = (points, seed)
    return curvature
  }

  /// S_c of a model.
  func shared(_ model: Int = 0, _ eigenvectors: Int = SharedCurvature.usualEigenvectors) throws
    -> SharedCurvature.Outcome
  {
    try outcome(
      of: curvature(eigenvectors),
      on: Subject(classifier: models[model].classifier, images: training.prefix(points)))
  }

  /// S_c of the first model from as many other images; nil where there are not so many.
  func sharedAgain() throws -> SharedCurvature.Outcome? {
    guard training.count >= 2 * points else { return nil }
    let others = training.gathering(Array(points..<2 * points))
    return try outcome(of: curvature(), on: Subject(classifier: classifier, images: others))
  }

  /// S_f of a model, as many directions as there are dimensions in the figures.
  func normals(_ model: Int = 0, _ vectors: Int = 50) throws -> NormalSpectrum.Outcome {
    try outcome(of: NormalSpectrum(vectors: vectors), on: subject(model))
  }

  /// The published universal perturbation, judged.
  func universal(_ model: Int = 0) throws -> UniversalFooling.Outcome {
    try outcome(
      of: UniversalFooling(method: .uap, radius: radius, seed: seed),
      on: subject(model, validation: judged))
  }
}

extension ImageSet {
  /// The first of them, at most `count`.
  func prefix(_ count: Int) -> ImageSet { count < self.count ? gathering(Array(0..<count)) : self }
}
