public import Geometry
public import Networks

/// What Theorems 1 and 2 and Lemma 1 promise for a network, beside the norm at which fooling is really reached.
///
/// Subspaces come from training images; everything measured here is on the validation images where there are any.
/// Theorem 1 takes ξ(m) from the projections of the unit r(x) on the first m normals; theorem 2 takes κ(m) from the
/// 2×2 second derivatives in the planes of r(x) and draws of S_c. Both theorems are stated for ‖r(x)‖ = 1: bounds are
/// multiplied by R, a quantile of ‖r‖. What leaves quantiles out is taken off the promised share.
public struct Theorems: Experiment {
  public static let name = "bounds"
  public static let version = 4
  public static let nested: [any Experiment.Type] = [Robustness.self]

  /// S_f, for theorem 1; S_c, for theorem 2.
  public var normals: Directions
  /// S_c, for theorem 2.
  public var basis: Directions
  /// m; those beyond a basis are left out for it.
  public var dimensions: [Int]
  /// δ.
  public var delta = 0.2
  /// The share of images that ξ and R may each leave out.
  public var excluded = 0.05
  /// β that is asked for: κ is the quantile of the smaller eigenvalues at this share.
  public var beta = 0.1
  /// Region margin, this product; h is the reach of the measured κ.
  public var product: HessianProduct
  /// Directions drawn for κ, and for the norm that is really reached, at each m.
  public var draws = 10
  /// Of the draws, and of the random vectors of lemma 1.
  public var seed: UInt64 = 1

  public var others: [OtherModel] { normals.others + basis.others }

  public init(normals: Directions, basis: Directions, dimensions: [Int], product: HessianProduct) {
    self.normals = normals
    self.basis = basis
    self.dimensions = dimensions
    self.product = product
  }

  /// The bounds at each m so far, beside the norms that are really reached.
  public struct Outcome: StoredOutcome {
    public var count: Int
    /// δ.
    public var delta: Double
    /// The share of images that ξ and R may each leave out.
    public var excluded: Double
    public var product: String
    @OrNull public var step: Double?
    /// Asked for at each m.
    public var draws: Int
    /// Of the draws, and of the random vectors of lemma 1.
    public var seed: UInt64
    /// R: the quantile 1 − excluded of ‖r(x)‖, and its mean, in pixel units.
    public var norm: Double
    /// Mean ‖r(x)‖ in pixel units.
    public var meanNorm: Double
    /// Median and 10 % quantile of cos(r, ∇G(z)), which both theorems take to be 1.
    public var cosine: Double
    /// The 10 % quantile of cos(r, ∇G(z)).
    public var lowCosine: Double
    /// One for each m that S_f has, in the order asked for; grows as they are found.
    public var theorem1: [Flat]
    /// The m with the smallest sharp bound; nil before any is known.
    @OrNull public var bestFlat: Int?
    /// One for each m that S_c has, in the order asked for; grows as they are found.
    public var theorem2: [Curved]
    /// The m of theorem 2 with the smallest sharp bound; nil where none has one.
    @OrNull public var bestCurved: Int?
    /// One for each m below d, in the order asked for.
    public var lemma1: [Concentration]
    /// The norm at which fooling is really reached: the smallest of all entries.
    public var reached: Reached
    /// What to know before believing the numbers; nil where there is nothing.
    @OrNull public var remark: String?
  }

  /// Theorem 1 at one m; lengths in pixel units.
  public struct Flat: Codable, Sendable, Equatable {
    public var dimension: Int
    /// 1 − the quantile `excluded` of ‖P r̂‖, and 1 − its smallest value.
    public var xi: Double
    /// 1 − the smallest ‖P r̂‖ of an image.
    public var worstXi: Double
    /// The mean of ‖P r̂‖².
    public var energy: Double
    /// Nil where ξ = 1: no bound.
    @OrNull public var printed: Double?
    /// The bound of the same argument with the exact law; nil where ξ = 1.
    @OrNull public var sharp: Double?
    /// 1 − δ less what the quantiles leave out: the share that +v or −v is promised to fool.
    public var promised: Double
    /// The smallest norm at which the best of the draws fools a share 1 − δ by +v or −v; nil where none does.
    @OrNull public var reached: Double?
  }

  /// Theorem 2 at one m; lengths in pixel units.
  public struct Curved: Codable, Sendable, Equatable {
    public var dimension: Int
    /// The paper's κ, for ‖r‖ = 1: half the quantile β of the smaller eigenvalues of α⁻¹ΠᵀHΠ.
    public var kappa: Double
    /// The quantile β of the same eigenvalues as curvatures in 1/pixel units, each divided by its own ‖r‖.
    public var curvature: Double
    /// The share of pairs (x, v) whose smaller eigenvalue is below 2κ.
    public var beta: Double
    /// The smallest β for which κ is positive: the share of pairs that are not curved towards x in both directions.
    public var smallestBeta: Double
    /// Half the quantile β of the second derivative along v alone, without the one along r.
    public var tangentKappa: Double
    /// Half the median of the second derivative along r, which decides κ where it is smaller.
    public var normalKappa: Double
    /// Nil where κ ≤ 0 or the model is inconsistent.
    @OrNull public var printed: Double?
    /// The proof's inequality solved exactly; nil where the printed bound is.
    @OrNull public var sharp: Double?
    /// 1 − δ − β less what R leaves out, at least 0: the share that some v is promised to fool.
    public var promised: Double
    /// Whether the pairs allow the model: κ ≤ 1 in units of ‖r‖ (beyond it x lies outside its own region).
    public var consistent: Bool
    /// `model inconsistent`, or why there is no bound; nil where there is one.
    @OrNull public var remark: String?
    /// The bound for κ and β chosen along v alone, as if the second derivative along r did no harm; nil where none.
    @OrNull public var tangentBound: Double?
    /// The smallest norm at which the best of the draws fools a share 1 − δ; nil where none does.
    @OrNull public var reached: Double?
  }

  /// Lemma 1 at one m, for a unit vector of ℝᵈ.
  public struct Concentration: Codable, Sendable, Equatable {
    public var dimension: Int
    /// d.
    public var ambient: Int
    /// β₁ and β₂, and how often either side really fails by the exact law.
    public var bounds: SphereProjection
    /// The shares of random vectors that were really found below and above, in `samples`.
    public var measuredBelow: Double
    /// The share of random vectors with ‖P_m v‖² above β₂·m/d.
    public var measuredAbove: Double
    /// Random unit vectors that were drawn.
    public var samples: Int
  }

  /// The smallest norm that is reached at any m, and where.
  public struct Reached: Codable, Sendable, Equatable {
    /// 1 − δ.
    public var share: Double
    /// In pixel units; nil where no draw reached the share.
    @OrNull public var radius: Double?
    /// What its directions are called; nil where no draw reached the share.
    @OrNull public var subspace: String?
    @OrNull public var dimension: Int?
  }
}

extension Theorems.Outcome {
  /// By how many times the bounds exceed the norm that is reached at their own m, at the least and at the most; nil where
  /// there is nothing to compare.
  public var excess: (least: Double, most: Double)? {
    let pairs =
      theorem1.flatMap { [($0.printed, $0.reached), ($0.sharp, $0.reached)] }
      + theorem2.flatMap { [($0.printed, $0.reached), ($0.sharp, $0.reached)] }
    let ratios = pairs.compactMap { bound, norm in
      bound.flatMap { bound in (norm ?? reached.radius).map { bound / $0 } }
    }
    guard let least = ratios.min(), let most = ratios.max() else { return nil }
    return (least, most)
  }
}
