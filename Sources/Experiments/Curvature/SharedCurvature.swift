public import Geometry
public import Networks
public import Tensors

/// S_c: the directions in which the boundary bends towards many images at once.
///
/// The largest algebraic eigenvalues of the average of P·H·P over boundary points, by Lanczos; their vectors in the
/// order of vᵀA(v) evaluated anew, which is that of the eigenvalues unless the product is a secant.
public struct SharedCurvature: Experiment {
  public static let name = "curvature"
  public static let version = 4
  public static let nested: [any Experiment.Type] = [Robustness.self]

  /// Which boundary points are averaged, and by which margin.
  public var recipe: CurvatureRecipe
  public var product: HessianProduct
  /// n: boundary points, one an image from the first on; 100 as in the paper's experiments.
  public var points = 100
  /// How images are varied; then the points are those of draws from all images in turn, as many as are asked for.
  public var augmentation = Augmentation.none
  /// m.
  public var eigenvectors: Int
  /// Lanczos steps: four for each eigenvector, after which the last of them is sound too, and 40 at the least.
  public var iterations: Int
  /// Whether every Hessian is divided by ‖∇F‖, so that eigenvalues are curvatures in 1/pixel units.
  public var isNormalised = true
  /// Products of the longest climb of vᵀA(v) where the product is a secant; none leaves Lanczos's vectors.
  ///
  /// A secant operator is not linear, so that the vectors of one Lanczos iteration depend on its first: the same points
  /// gave .05 to .13 for the largest vᵀA(v), where climbs come to .21 and more. The first vector is the best end of
  /// climbs from eight Ritz vectors, of which the better half goes on twice: 32 + 3·`climb` products; four more vectors have
  /// one climb of half the length each.
  public var climb = 28
  /// Gradient steps on the sphere from each of the first Ritz vectors, up what is carried over the boundary.
  ///
  /// None by default: the paper's S_c. A secant operator is not linear, so that the top of Lanczos's tridiagonal matrix
  /// is not the direction along which the boundary bends most at distance h; the landscape has many tops, which is why
  /// there are several starts. The best end leads the basis. Cost: `ascent`·`starts` products.
  public var ascent = 0
  /// Vectors that an ascent starts from.
  public var starts = 5
  /// Of the first Lanczos vector, and of how images are varied.
  public var seed: UInt64 = 1

  /// m where nobody says another: as far as the curves against m go, so that screens and commands share what is found.
  public static let usualEigenvectors = 20

  public init(
    recipe: CurvatureRecipe = .region, product: HessianProduct,
    eigenvectors: Int = SharedCurvature.usualEigenvectors
  ) {
    self.recipe = recipe
    self.product = product
    self.eigenvectors = eigenvectors
    iterations = max(40, 4 * eigenvectors)
  }

  /// S_c as far as it is found, with how it was found.
  public struct Outcome: StoredOutcome {
    /// As it was asked for.
    public var recipe: CurvatureRecipe
    /// `exact`, `secant` or `softened`.
    public var product: String
    /// h in pixel units; nil unless the product is a secant.
    @OrNull public var step: Double?
    /// β; nil unless the product is softened.
    @OrNull public var beta: Double?
    /// Boundary points that were averaged.
    public var points: Int
    /// How their images were varied.
    public var augmentation: Augmentation
    /// Ritz values, in the order of the quotients as far as these are known, descending beyond; all descending, and of no
    /// one vector, once a climb has replaced the vectors.
    public var eigenvalues: [Double]
    /// vᵀA(v) of the unit eigenvectors, evaluated anew, descending; empty until the iteration is over.
    public var rayleigh: [Double]
    /// ‖A(v) − θ·v‖, evaluated anew, with vᵀA(v) for θ after a climb; empty until the iteration is over.
    public var residuals: [Double]
    /// Whether every Hessian was divided by ‖∇F‖, so that eigenvalues are curvatures in 1/pixel units.
    public var normalised: Bool
    /// Lanczos steps so far.
    public var iterations: Int
    /// Operator products so far.
    public var products: Int
    /// Of the first Lanczos vector, and of how images were varied.
    public var seed: UInt64
    /// What was known after each Lanczos step.
    public var history: [Snapshot]
    /// vᵀA(v) at the ends of the climbs for the first vector; nil without.
    @OrNull public var spread: Spread?
    /// What the ascent from each Ritz vector did; empty without.
    public var ascents: [Ascent] = []
    /// What to know before believing the numbers, such as an exact product of a piecewise linear network.
    @OrNull public var remark: String?
    /// m×C×H×W, orthonormal rows, in the order of the eigenvalues.
    public var basis = Tensor(zeros: [0])

    public var arrays: [String: Tensor] {
      get { ["basis": basis] }
      set { basis = newValue["basis"] ?? basis }
    }

    private enum CodingKeys: CodingKey {
      case recipe
      case product
      case step
      case beta
      case points
      case augmentation
      case eigenvalues
      case rayleigh
      case residuals
      case normalised
      case iterations
      case products
      case seed
      case history
      case spread
      case ascents
      case remark
    }
  }

  /// How far the best starts of a climb agree.
  public struct Spread: Codable, Sendable, Equatable {
    /// Starts whose climbs went on to the last round: two at most.
    public var starts: Int
    /// The smallest vᵀA(v) at the ends of their climbs.
    public var lowest: Double
    /// The largest vᵀA(v) at the ends of their climbs, whose vector is taken.
    public var highest: Double
  }

  /// The way up from one Ritz vector.
  public struct Ascent: Codable, Sendable, Equatable {
    /// Mean of log σ(F(z ± h·Pv)/(h·‖∇F‖)) at the Ritz vector: −log 2 where the boundary is flat, towards 0 where
    /// both sides are far over it.
    public var before: Double
    /// The same at the end.
    public var after: Double
    /// The cosine of the end with the Ritz vector.
    public var overlap: Double
  }

  /// The largest Ritz values after one Lanczos step.
  public struct Snapshot: Codable, Sendable, Equatable {
    /// Lanczos steps taken, from 1.
    public var iteration: Int
    /// Descending.
    public var ritzValues: [Double]
    /// |β_k s_k|: the residual norms that the iteration predicts.
    public var estimates: [Double]
  }
}
