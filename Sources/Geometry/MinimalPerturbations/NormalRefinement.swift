public import Networks
public import Tensors

/// Minimal perturbations made shorter and more nearly normal to the boundary, a round a step.
///
/// A round projects r on the boundary's normal at z; where that falls short of the boundary, DeepFool goes on from
/// there; the new r is landed and kept where it is shorter. An image leaves when a round gains less than one part
/// in a thousand. Never lengthens any r. Cost of a round: some two iterations of DeepFool and a landing.
/// Source: after Abdollahpour, Moosavi-Dezfooli et al., Revisiting DeepFool, 2023 (SuperDeepFool).
public struct NormalRefinement: Sendable {
  /// The best found so far.
  public private(set) var perturbations: MinimalPerturbations
  /// Rounds done.
  public private(set) var rounds = 0
  private let network: Network
  private let images: Tensor
  private let settings: DeepFool.Settings
  let limit: Int
  private var active: [Int]

  /// Begins with what DeepFool found for these images; at most so many rounds.
  public init(
    _ network: Network, of images: Tensor, _ perturbations: MinimalPerturbations, rounds: Int = 10,
    settings: DeepFool.Settings = .init()
  ) {
    precondition(images.count == perturbations.count, "\(perturbations.count) r for \(images.count) images")
    self.network = network
    self.images = images
    self.perturbations = perturbations
    self.settings = settings
    limit = rounds
    active = perturbations.fooledIndices.filter { perturbations.norms[$0] > 0 }
  }

  /// One round for the images in which the last one gained something: how many they are; nil when none are left.
  public mutating func advance() throws -> Int? {
    guard rounds < limit, !active.isEmpty else { return nil }
    let current = perturbations.gathering(active)
    let x = images.gathering(active)
    let longer = try reaching(projections(current), from: x, current)
    let found = try land(x, along: longer, current)
    let better = active.indices.filter { found.isFooled[$0] && found.norms[$0] < current.norms[$0] }
    perturbations.replace(better.map { active[$0] }, with: found.gathering(better))
    active = better.filter { found.norms[$0] < current.norms[$0] * (1 - 1e-3) }.map { active[$0] }
    rounds += 1
    return active.count
  }
}

// MARK: - A round

extension NormalRefinement {
  /// The part of each r along the normal at its z.
  private func projections(_ current: MinimalPerturbations) -> Tensor {
    current.normals.scalingEntries(by: zip(current.norms, current.cosines).map { Float($0 * $1) })
  }

  /// The same perturbations, made longer by DeepFool where they do not leave the region.
  private func reaching(_ p: Tensor, from x: Tensor, _ current: MinimalPerturbations) throws -> Tensor {
    let labels = try network.labels(x.adding(1 + settings.overshoot, p))
    let short = labels.indices.filter { labels[$0] == current.from[$0] }
    if short.isEmpty { return p }
    let here = (x + p).gathering(short)
    let rest = try DeepFool.perturbations(of: here, network, settings: settings)
    var reaching = p
    let size = p.entryCount
    for (m, n) in short.enumerated() where rest.from[m] == current.from[n] {
      for i in 0..<size { reaching.elements[n * size + i] += rest.perturbations.elements[m * size + i] }
    }
    return reaching
  }

  private func land(
    _ x: Tensor, along r: Tensor, _ current: MinimalPerturbations
  ) throws -> MinimalPerturbations {
    let beyond = (1 + settings.overshoot) * r
    let isFooled = zip(try network.labels(x + beyond), current.from).map { $0 != $1 }
    let landing = try Landing(network, from: x, along: beyond, own: current.from, isFooled: isFooled)
    return MinimalPerturbations(
      joining: [landing], from: current.from, iterations: current.iterations.map { $0 + 1 }, images: x)
  }
}
