public import Geometry
public import Tensors

/// One perturbation for all images, learnt on the subject's images and judged on its validation images.
public struct UniversalFooling: Experiment {
  public static let name = "universal"
  public static let version = 4
  public static let nested: [any Experiment.Type] = [SharedCurvature.self, NormalSpectrum.self]

  /// Where the perturbation comes from.
  public enum Method: String, Codable, Sendable, CaseIterable {
    /// The published algorithm of 2017, image by image.
    case uap
    /// The direction of largest shared curvature of the boundary.
    case curvature
    /// The first singular vector of the boundary's normals.
    case normals
    /// A direction uniform on the sphere.
    case random
    /// Stochastic gradient ascent on a clipped cross-entropy (Shafahi et al. 2020).
    case gradient
    /// The same on a logistic region margin over varied images.
    case logistic
    /// The same by both sides, v and −v: what is even in v, which is what the boundary's curvature gives.
    case even
    /// The singular vector of a hidden layer's Jacobians (Khrulkov and Oseledets 2018).
    case singular
  }

  /// The norm in which the radius is meant.
  public enum Norm: String, Codable, Sendable, CaseIterable {
    case l2
    case linf
  }

  /// How the perturbation is found.
  public var method: Method
  /// ξ in pixel units.
  public var radius: Double
  /// Of ``radius``: ℓ2 or ℓ∞.
  public var norm = Norm.l2
  /// Passes over the images: at most (uap), in all (gradient); parts of the run (logistic, even).
  public var passes = 5
  /// Gradients in all (gradient, logistic, even); nil: one of each image in each pass.
  public var gradients: Int?
  /// What is raised (gradient, logistic, even).
  public var loss = GradientUniversal.Loss.clipped
  /// How images are varied (gradient, logistic, even).
  public var augmentation = Augmentation.none
  /// The rate on the training images at which uap stops; 0.8 as published.
  public var target = 0.8
  /// Of the order of the images, of how they vary, and of random vectors; not of curvature and normals.
  public var seed: UInt64
  /// How the shared curvature is found (curvature); nil means the default recipe with h = ξ.
  public var curvature: SharedCurvature?
  /// The node whose output is looked at (singular); nil tries five and keeps what fools most training images.
  public var layer: Int?

  public init(method: Method, radius: Double, seed: UInt64 = 1) {
    self.method = method
    self.radius = radius
    self.seed = seed
    guard method == .logistic || method == .even else { return }
    (passes, gradients, loss, augmentation) = (10, 10_000, .logistic, .shift(3))
  }

  /// Whether it ascends by stochastic gradients.
  public var isAscent: Bool { [.gradient, .logistic, .even].contains(method) }

  /// v so far, and what it fools.
  public struct Outcome: StoredOutcome {
    /// As it was asked for.
    public var method: Method
    /// ξ in pixel units.
    public var radius: Double
    /// Of ``radius``: ℓ2 or ℓ∞.
    public var norm: Norm
    /// The rate on the images that v is learnt from.
    public var training: Training
    /// Nil where there are no validation images.
    @OrNull public var validation: FoolingRates?
    /// How many gradients were taken, of what, of images varied how (gradient, logistic, even); nil for the others.
    @OrNull public var ascent: Ascent?
    /// One a pass over the images (uap, gradient) or part of the run (logistic, even); empty for the others.
    public var passes: [Pass]
    /// The pass whose perturbation was kept, from 0; nil where there are no passes.
    @OrNull public var best: Int?
    /// As it was asked for.
    public var seed: UInt64
    /// The node that was looked at (singular), with its name in the model; nil for the others.
    @OrNull public var layer: Int?
    /// The name of that node in the model; nil for the other methods.
    @OrNull public var layerName: String?
    /// v, 1×C×H×W, of norm ξ at most.
    public var perturbation = Tensor(zeros: [0])

    public var arrays: [String: Tensor] {
      get { ["perturbation": perturbation] }
      set { perturbation = newValue["perturbation"] ?? perturbation }
    }

    private enum CodingKeys: CodingKey {
      case method
      case radius
      case norm
      case training
      case validation
      case ascent
      case passes
      case best
      case seed
      case layer
      case layerName
    }
  }

  /// What a stochastic ascent takes.
  public struct Ascent: Codable, Sendable, Equatable {
    /// Taken in all passes; with `even` those at x + v and at x − v both count.
    public var gradients: Int
    /// What was raised.
    public var loss: GradientUniversal.Loss
    /// How images were varied.
    public var augmentation: Augmentation
  }

  /// What v does on the images that it is learnt from.
  public struct Training: Codable, Sendable, Equatable {
    public var count: Int
    /// Share of these images that v fools; the highest of the passes so far while v is being learnt.
    public var rate: Double
    /// What the rate could be at most; nil while the perturbation is being learnt.
    @OrNull public var ceiling: Double?
  }

  /// The rates at the end of one pass.
  public struct Pass: Codable, Sendable, Equatable {
    /// Share of the training images that v fools.
    public var training: Double
    /// Share of the validation images that v fools; nil where there are none.
    @OrNull public var validation: Double?
  }
}
