public import Networks
public import Tensors

/// S_c: the directions in which the boundary bends towards many images at once.
///
/// The largest algebraic eigenvalues of the average of P·H·P over boundary points, by Lanczos.
public struct SharedCurvature: Experiment {
  public static let name = "curvature"
  public static let version = 1

  public static func finding(_ outcome: Outcome) -> Finding { .curvature(outcome) }

  public var recipe: CurvatureRecipe
  public var product: HessianProduct
  /// n: boundary points, one an image from the first on; 100 as in the paper's experiments.
  public var points = 100
  /// m.
  public var eigenvectors = 20
  /// Lanczos steps: four for each eigenvector, after which the last of them is sound too.
  public var iterations = 80
  /// Whether every Hessian is divided by ‖∇F‖, so that eigenvalues are curvatures in 1/pixel units.
  public var isNormalised = true
  /// Steps v ← A(v)/‖A(v)‖ from the first Ritz vector: a secant operator is not linear, so that its own largest
  /// direction lies beside that of Lanczos's tridiagonal matrix.
  public var powerSteps = 0
  public var seed: UInt64 = 1

  public init(recipe: CurvatureRecipe = .region, product: HessianProduct) {
    self.recipe = recipe
    self.product = product
  }

  public struct Outcome: StoredOutcome {
    public var recipe: CurvatureRecipe
    /// `exact`, `secant` or `softened`.
    public var product: String
    /// h in pixel units; nil unless the product is a secant.
    @OrNull public var step: Double?
    /// β; nil unless the product is softened.
    @OrNull public var beta: Double?
    /// Boundary points that were averaged.
    public var points: Int
    /// Ritz values, descending.
    public var eigenvalues: [Double]
    /// vᵀA(v) of the unit eigenvectors, evaluated anew; empty until the iteration is over.
    public var rayleigh: [Double]
    /// ‖A(v) − θ·v‖, evaluated anew; empty until the iteration is over.
    public var residuals: [Double]
    public var normalised: Bool
    /// Lanczos steps so far.
    public var iterations: Int
    /// Operator products so far.
    public var products: Int
    public var seed: UInt64
    /// What was known after each Lanczos step.
    public var history: [Snapshot]
    /// What each power step did; empty without.
    public var power: [PowerStep] = []
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
      case eigenvalues
      case rayleigh
      case residuals
      case normalised
      case iterations
      case products
      case seed
      case history
      case power
      case remark
    }
  }

  /// One step v ← A(v)/‖A(v)‖.
  public struct PowerStep: Codable, Sendable, Equatable {
    /// vᵀA(v) before the step.
    public var rayleigh: Double
    /// ‖A(v) − (vᵀA(v))·v‖ before the step.
    public var residual: Double
    /// The cosine of v after the step with the Ritz vector that the steps began at.
    public var overlap: Double
  }

  /// The largest Ritz values after one Lanczos step.
  public struct Snapshot: Codable, Sendable, Equatable {
    public var iteration: Int
    /// Descending.
    public var ritzValues: [Double]
    /// |β_k s_k|: the residual norms that the iteration predicts.
    public var estimates: [Double]
  }
}
