public import LinearAlgebra
public import Networks
public import Tensors

/// The nearest boundary within a subspace: DeepFool whose every step lies in x + span(U).
///
/// With D_j = ∇f_j − ∇f_k, the flat boundary of class j lies |f_j − f_k| / ‖U·D_j‖ away within the subspace. The label
/// is tested at x + 1.02·r and the margin bracketed to float precision, as in the unconstrained search. An image stays
/// out where the boundary is not met within the iterations. Cost for each image and iteration: two forward passes and
/// a backward pass a candidate. Source: Ortiz-Jiménez et al., Hold me tight!, NeurIPS 2020.
public struct SubspaceMargin: Sendable {
  /// ‖r‖ within the subspace for every image done so far; nil where no boundary was met.
  public private(set) var norms: [Double?] = []
  private let network: Network
  private let images: Tensor
  private let subspace: Subspace
  private let settings: DeepFool.Settings

  /// Images in work at a time.
  private static let poolSize = 64

  public init(
    _ network: Network, at images: Tensor, within subspace: Subspace, settings: DeepFool.Settings = .init()
  ) {
    precondition(subspace.dimension == images.entryCount, "a subspace of another space")
    self.network = network
    self.images = images
    self.subspace = subspace
    self.settings = settings
  }

  /// The next images from the first to the last; how many are done; nil once all are.
  public mutating func advance() throws -> Int? {
    guard norms.count < images.count else { return nil }
    let x = images[norms.count..<min(images.count, norms.count + Self.poolSize)]
    norms += try search(x)
    return norms.count
  }

  private func search(_ x: Tensor) throws -> [Double?] {
    let logits = try network.logits(x)
    let own = logits.argmaxOfEntries
    let rivals = logits.rivals(count: settings.candidates)
    var coordinates = own.map { _ in [Float](repeating: 0, count: subspace.count) }
    var isFooled = own.map { _ in false }
    var active = Array(own.indices)
    for _ in 0..<settings.iterations where !active.isEmpty {
      let steps = try steps(
        at: moved(x.gathering(active), active.map { coordinates[$0] }, 1), active.map { own[$0] },
        active.map { rivals[$0] })
      for (n, i) in active.enumerated() { add(1, steps[n].step, to: &coordinates[i]) }
      let labels = try network.labels(
        moved(x.gathering(active), active.map { coordinates[$0] }, 1 + settings.overshoot))
      for (n, i) in active.enumerated() where labels[n] != own[i] { isFooled[i] = true }
      active = zip(active, steps).filter { !isFooled[$0] && !$1.isZero }.map(\.0)
    }
    let r = moved(Tensor(zeros: x.shape), coordinates, 1 + settings.overshoot)
    let landing = try Landing(network, from: x, along: r, own: own, isFooled: isFooled)
    return zip(landing.isFooled, landing.perturbations.entryNorms).map { $0 ? $1 : nil }
  }

  /// x + scale·Uᵀa for each image.
  private func moved(_ x: Tensor, _ coordinates: [[Float]], _ scale: Float) -> Tensor {
    x
      + Tensor(
        shape: x.shape, elements: coordinates.flatMap { scaled(subspace.vector(at: $0), by: scale) })
  }

  /// The step of each image in coordinates of the subspace.
  private func steps(at x: Tensor, _ own: [Int], _ rivals: [[Int]]) throws -> [FlatStep] {
    try network.mapTiles(of: x, cotangentsOfEach: rivals[0].count) { tile, range in
      let linearization = network.linearize(at: tile)
      let own = Array(own[range])
      var steps = own.map { _ in FlatStep(size: subspace.count) }
      let candidates = Array(rivals[range])
      let ranks = candidates[0].indices
      try network.interruption?.check()
      let gradients = linearization.differences(from: own, to: candidates, ranks: ranks)
      for rank in ranks {
        for n in own.indices {
          let gradient = gradients.entryElements(rank * own.count + n)
          let projected = subspace.coordinates(of: Array(gradient))
          steps[n].offer(
            difference: linearization.difference(n, from: own[n], to: candidates[n][rank]),
            gradient: projected[...])
        }
      }
      return steps
    }.flatMap { $0 }
  }
}
