public import LinearAlgebra
public import Networks
public import Tensors

/// S_c: the directions in which the boundary bends towards many images at once.
///
/// Finds boundary points of the images, then the eigenvectors of the largest eigenvalues of their average Hessian
/// by the Lanczos iteration, then checks each. Cost: 2·n·(K + m) gradients with a secant product, besides the
/// search for the n boundary points.
public struct CurvedSubspace: Sendable {
  /// Which points and which margins the average is over.
  public enum Recipe: Hashable, Sendable, Codable {
    /// Nearest boundary, region margin, projected: the default.
    case region
    /// Nearest boundary, margin of the nearest class, projected: the text of the paper.
    case paper
    /// One fixed class, points x + 0.84·r, not projected and not normalised: the authors' code.
    case authors(target: Int)
  }

  public struct Settings: Hashable, Sendable, Codable {
    public var recipe = Recipe.region
    public var product: HessianProduct
    /// m: eigenvectors wanted.
    public var eigenvectors = 10
    /// K: Lanczos steps; where nil, max(40, 4·m), after which the tail of m vectors is sound.
    public var iterations: Int?
    /// Whether Hessians are divided by ‖∇F‖; where nil, as the recipe has it.
    public var normalised: Bool?
    /// Of the start vector.
    public var seed: UInt64 = 1

    public init(_ recipe: Recipe = .region, product: HessianProduct, eigenvectors: Int = 10) {
      self.recipe = recipe
      self.product = product
      self.eigenvectors = eigenvectors
    }

    /// Lanczos steps taken: K.
    public var columns: Int { iterations ?? max(40, 4 * eigenvectors) }
    var isNormalised: Bool { normalised ?? isProjected }
    var isProjected: Bool {
      if case .authors = recipe { false } else { true }
    }
  }

  /// Where the computation is.
  public enum Step: Sendable {
    case boundary(DeepFool.Step)
    /// One more product; Ritz values as known so far, at most as many as eigenvectors are wanted.
    case column(Int, of: Int, ritz: [RitzValue])
    /// One more eigenpair checked.
    case checked(Int, of: Int)
  }

  private enum Stage: Sendable {
    case searching(DeepFool)
    case approaching(Tensor, target: Int)
    case iterating(LanczosIteration<AverageHessian>)
    case checking(Verification<AverageHessian>)
    case finished
  }

  public let settings: Settings
  /// Eigenvalues and eigenvectors as far as they are checked; nil before.
  public private(set) var spectrum: Spectrum?
  /// The operator, once its points are known.
  public private(set) var hessian: AverageHessian?
  private let network: Network
  private var stage: Stage

  /// Begins with images, whose boundary points are to be found.
  public init(_ network: Network, images: Tensor, settings: Settings) throws {
    self.network = network
    self.settings = settings
    if case .authors(let target) = settings.recipe {
      precondition((0..<network.classCount).contains(target), "class \(target) of \(network.classCount)")
      stage = .approaching(images, target: target)
    } else {
      stage = .searching(DeepFool(network, at: images))
    }
  }

  /// Begins with boundary points that are known already; for the recipes that go to the nearest boundary.
  public init(_ network: Network, at perturbations: MinimalPerturbations, settings: Settings) throws {
    precondition(settings.isProjected, "the authors' recipe has points of its own")
    self.network = network
    self.settings = settings
    stage = .finished
    try begin(perturbations)
  }

  /// One step of whatever is at hand; nil once ``spectrum`` is complete.
  public mutating func advance() throws -> Step? {
    switch stage {
    case .searching(var search): return try seek(&search)
    case .approaching(let images, let target):
      let approach = try TargetedApproach(network, images: images, target: target)
      try begin(approach.points, .pair(own: approach.from, other: approach.from.map { _ in target }))
      return .boundary(DeepFool.Step(finished: images.count, count: images.count))
    case .iterating(var iteration): return try iterate(&iteration)
    case .checking(var verification): return try check(&verification)
    case .finished: return nil
    }
  }
}

// MARK: - Stages

extension CurvedSubspace {
  private mutating func seek(_ search: inout DeepFool) throws -> Step? {
    if let step = try search.advance() {
      stage = .searching(search)
      return .boundary(step)
    }
    try begin(search.perturbations)
    return try advance()
  }

  private mutating func begin(_ found: MinimalPerturbations) throws {
    let fooled = found.gathering(found.fooledIndices)
    try begin(fooled.points, settings.recipe == .paper ? fooled.pairMargin : fooled.regionMargin)
  }

  private mutating func begin(_ points: Tensor, _ margin: Margin) throws {
    guard points.count > 0 else { throw NoBoundaryPoints(recipe: settings.recipe) }
    let hessian = try AverageHessian(
      network, at: points, margin: margin, product: settings.product, projected: settings.isProjected,
      normalised: settings.isNormalised)
    self.hessian = hessian
    stage = .iterating(LanczosIteration(hessian, seed: settings.seed))
  }

  private mutating func iterate(_ iteration: inout LanczosIteration<AverageHessian>) throws -> Step? {
    let done = iteration.factorization.count
    if done < settings.columns, let factorization = try iteration.advance() {
      stage = .iterating(iteration)
      return .column(
        factorization.count, of: settings.columns, ritz: factorization.ritz(settings.eigenvectors))
    }
    stage = .checking(Verification(of: iteration, count: settings.eigenvectors))
    return try advance()
  }

  private mutating func check(_ verification: inout Verification<AverageHessian>) throws -> Step? {
    if let checked = try verification.advance() {
      spectrum = verification.spectrum
      stage = .checking(verification)
      return .checked(checked, of: verification.count)
    }
    stage = .finished
    return nil
  }
}

/// None of the images reached the boundary, so that there is nothing to average over.
public struct NoBoundaryPoints: Error, CustomStringConvertible {
  public let recipe: CurvedSubspace.Recipe
  public var description: String {
    if case .authors(let target) = recipe {
      return "no image could be moved into class \(target); another target or more images would work"
    }
    return "no image reached the decision boundary; more or other images would work"
  }
}
