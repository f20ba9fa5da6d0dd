public import Jobs
internal import Networks
internal import Tensors

/// How much an experiment has before it: what its cost depends on, known before any image is read.
public struct Extent: Sendable {
  /// The images that are learnt from, judged on where there are others, and the one that is looked at.
  public var selection: Selection
  /// Of the model: what a search for the boundary costs depends on it.
  public var classes: Int
  /// Elements of an image.
  public var pixels: Int
  /// Whether an experiment's outcome on these images is there already.
  public var knows: @Sendable (any Experiment, Selection) -> Bool

  /// Without `knows` no outcome is there yet.
  public init(
    _ selection: Selection, classes: Int, pixels: Int,
    knows: @escaping @Sendable (any Experiment, Selection) -> Bool = { _, _ in false }
  ) {
    self.selection = selection
    self.classes = classes
    self.pixels = pixels
    self.knows = knows
  }

  /// What lies before an experiment on images that are there.
  public init(_ subject: Subject) {
    let start = subject.images.count
    var selection = Selection(0..<start)
    selection.validation = subject.validation.map { start..<start + $0.count }
    self.init(
      selection, classes: subject.classifier.network.classCount, pixels: subject.images.images.entryCount)
  }

  var learnt: Double { Double(selection.images.count) }
  var judged: Double { Double(selection.judged.count) }

  /// The images an experiment within another one looks at.
  func over(_ images: Range<Int>) -> Extent {
    var extent = self
    extent.selection = Selection(images)
    return extent
  }

  /// What directions are learnt from: the image that is looked at is no part of it.
  private var withoutImage: Extent {
    var extent = self
    extent.selection.image = nil
    return extent
  }

  /// What another experiment on the way does.
  func stretches(of experiment: any Experiment) -> [JobPlan.Stretch] {
    knows(experiment, selection) ? [] : experiment.stretches(on: self)
  }

  /// What learning some directions takes.
  func stretches(of directions: Directions) -> [JobPlan.Stretch] {
    switch directions {
    case .given, .random, .image: []
    case .universal(let universal): withoutImage.stretches(of: universal)
    case .curvature(let curvature):
      over(selection.images.prefix(curvature.points)).stretches(of: curvature)
    case .normals(let normals): over(selection.images).stretches(of: normals)
    case .other(_, let own): stretches(of: own)
    }
  }
}

/// What the engine's products cost in forward passes, measured on networks from a LeNet to a vision transformer.
enum Cost {
  /// A gradient: the pass with its values kept, and the way back.
  static let gradient = 2.2
  /// Another cotangent back through the same values, several together.
  static let cotangent = 0.9

  /// A search for the nearest boundary: ten candidates at first, a few later, and the landing.
  static func boundary(classes: Int) -> Double {
    let rivals = Double(max(1, min(9, classes - 1)))
    return gradient + cotangent * rivals + 3 * (gradient + cotangent) + 7
  }

  /// The minimum-norm search from there, and its landing.
  static let refinement = 40 * gradient + 7

  /// One Hessian product at a point.
  static func product(_ product: HessianProduct) -> Double {
    if case .secant = product { 2 * gradient } else { 5 }
  }
}
