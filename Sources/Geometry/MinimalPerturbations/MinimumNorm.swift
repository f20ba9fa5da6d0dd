internal import Foundation
public import Networks
public import Tensors

/// Minimal perturbations made shorter by a walk along the boundary: min ½‖δ‖² where the region margin G(x + δ) is 0.
///
/// With n = ∇G/‖∇G‖ at x + δ, a step goes back to the boundary along n, by G/‖∇G‖ to first order, and takes a share a of
/// what of δ lies in the boundary's tangent plane: δ ← (1 − a)·δ + (a·⟨n, δ⟩ − G/‖∇G‖ + 0.02·a·ℓ)·n. The share falls as a
/// half cosine, so that the first steps cross to other parts of the boundary and the last ones settle; the walk stays
/// beyond the boundary by 0.02·a of the shortest norm ℓ. The shortest δ that was seen there is landed, and kept where it
/// is shorter than r: no r is ever made longer. An image leaves once r is normal to its boundary for some steps, or
/// where its logits are no longer finite. Cost for each image: a forward and a backward pass a step, some five forward
/// passes to land. Memory: the images, five times. Source: the gradient projection of Rosen, SIAM J. Appl. Math. 9, 1961,
/// with a schedule as Rony et al., Decoupling direction and norm, CVPR 2019, have it for their norms.
public struct MinimumNorm: Sendable {
  /// How long the walk is at most.
  public struct Settings: Hashable, Codable, Sendable {
    /// Gradients an image.
    public var steps = 40

    public init() {}
  }

  /// The best found so far; landed once ``advance()`` gives nil.
  public private(set) var perturbations: MinimalPerturbations
  /// Steps done.
  public private(set) var steps = 0
  private let network: Network
  private let images: Tensor
  private let settings: Settings
  private var walks: [Walk]
  private var active: [Int]
  private var isLanded = false

  /// The share of all steps that are done.
  public var fraction: Double { Double(steps) / Double(settings.steps) }

  /// Begins with what DeepFool found for these images.
  public init(
    _ network: Network, of images: Tensor, _ perturbations: MinimalPerturbations, settings: Settings = .init()
  ) {
    precondition(images.count == perturbations.count, "\(perturbations.count) r for \(images.count) images")
    self.network = network
    self.images = images
    self.perturbations = perturbations
    self.settings = settings
    walks = perturbations.norms.indices.map {
      Walk(from: perturbations.perturbations.entryElements($0), norm: perturbations.norms[$0])
    }
    active = perturbations.fooledIndices.filter { perturbations.norms[$0] > 0 }
  }

  /// One step of the images that still walk: how many they are; nil once all have landed.
  public mutating func advance() throws -> Int? {
    guard steps < settings.steps, !active.isEmpty else {
      if isLanded { return nil }
      try land()
      isLanded = true
      return 0
    }
    try step()
    steps += 1
    return active.count
  }
}

// MARK: - Steps

extension MinimumNorm {
  private mutating func step() throws {
    let deltas = Tensor(
      shape: images.shape.batch(of: active.count), elements: active.flatMap { walks[$0].delta })
    let slopes = try RegionSlopes(
      network, of: images.gathering(active) + deltas, own: active.map { perturbations.from[$0] })
    let share = fraction
    for (n, i) in active.enumerated() where slopes.isKnown[n] {
      walks[i].step(margin: slopes.margins[n], gradient: slopes.gradients.entryElements(n), share: share)
    }
    active = zip(active, slopes.isKnown).filter { $1 && walks[$0].goesOn }.map(\.0)
  }

  /// Sets the shortest δ of each image on the boundary, and keeps it where it is shorter.
  private mutating func land() throws {
    let better = walks.indices.filter { walks[$0].found != nil }
    if better.isEmpty { return }
    let (x, current) = (images.gathering(better), perturbations.gathering(better))
    let delta = Tensor(shape: x.shape, elements: better.flatMap { walks[$0].found! })
    let landing = try Landing(
      network, from: x, along: delta, own: current.from, isFooled: better.map { _ in true })
    let landed = MinimalPerturbations(
      joining: [landing], from: current.from, iterations: current.iterations, images: x)
    let shorter = better.indices.filter { landed.isFooled[$0] && landed.norms[$0] < current.norms[$0] }
    perturbations.replace(shorter.map { better[$0] }, with: landed.gathering(shorter))
  }
}

/// Where the walk of one image stands.
private struct Walk: Sendable {
  private(set) var delta: [Float]
  /// The shortest δ seen beyond the boundary; nil where none was shorter than where the walk began.
  private(set) var found: [Float]?
  private(set) var goesOn = true
  /// ‖found‖, else that of where the walk began.
  private var shortest: Double
  /// Steps since δ was last askew to the boundary.
  private var settled = 0

  /// The shares of δ's tangential part that the first and the last step take.
  private static let (firstPace, lastPace) = (0.5, 0.05)
  /// How far beyond the boundary the walk aims, as a share of the step's and of the shortest norm.
  private static let beyond = 0.02
  /// The farthest that a step trusts the margin's slope, as a share of ‖δ‖.
  private static let reach = 0.3
  /// The cosine of δ and the normal from which on δ counts as normal, and the steps that it must stay so.
  private static let (normal, patience) = (0.99995, 10)

  init(from delta: ArraySlice<Float>, norm: Double) {
    self.delta = Array(delta)
    shortest = norm
  }

  /// Takes the margin and its gradient at x + δ, `share` of all steps being done.
  mutating func step(margin: Float, gradient: ArraySlice<Float>, share: Double) {
    let gradient = Array(gradient)
    let (slope, length) = (Tensors.norm(gradient), Tensors.norm(delta))
    guard slope > 0, slope.isFinite, length > 0 else {
      goesOn = false
      return
    }
    if margin >= 0, length < shortest { (shortest, found) = (length, delta) }
    let pace = Self.lastPace + (Self.firstPace - Self.lastPace) * (1 + cos(.pi * share)) / 2
    let along = dot(gradient, delta) / slope
    let distance = max(-Self.reach * length, min(Self.reach * length, Double(margin) / slope))
    let beyond = Self.beyond * pace * shortest
    delta = scaled(delta, by: Float(1 - pace))
    add(Float((pace * along - distance + beyond) / slope), gradient, to: &delta)
    settled = along > Self.normal * length ? settled + 1 : 0
    goesOn = settled < Self.patience
  }
}
